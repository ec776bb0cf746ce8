"""pydantic's findings as flaws of ours: a pointer, a stable code, and a sentence in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Flaw, Text

_SENTENCES: dict[str, Text] = {
    "missing": Text("هذا الحقل مطلوب.", "This field is required."),
    "extra_forbidden": Text("حقل غير معروف؛ احذفه أو صحح اسمه.", "Unknown field; remove it or mend its name."),
    "string_type": Text("المطلوب نص.", "A string is expected."),
    "string_too_short": Text("النص قصير أو فارغ.", "The text is too short or empty."),
    "string_too_long": Text("النص أطول مما يُقبل.", "The text is longer than is taken."),
    "string_pattern_mismatch": Text("النص ليس على الصيغة المطلوبة.", "The text is not in the expected form."),
    "enum": Text("القيمة ليست من القيم المقبولة.", "The value is not one of those taken."),
    "literal_error": Text("القيمة ليست من القيم المقبولة.", "The value is not one of those taken."),
    "date_from_datetime_parsing": Text("اكتب التاريخ هكذا: 2026-10-01.", "Write the date like 2026-10-01."),
    "date_parsing": Text("اكتب التاريخ هكذا: 2026-10-01.", "Write the date like 2026-10-01."),
    "date_type": Text("اكتب التاريخ هكذا: 2026-10-01.", "Write the date like 2026-10-01."),
    "decimal_parsing": Text("المطلوب عدد عشري مثل 350.00.", "A decimal number is expected, like 350.00."),
    "greater_than": Text("العدد أصغر مما يُقبل.", "The number is smaller than is taken."),
    "greater_than_equal": Text("العدد أصغر مما يُقبل.", "The number is smaller than is taken."),
    "less_than_equal": Text("العدد أكبر مما يُقبل.", "The number is larger than is taken."),
    "int_parsing": Text("المطلوب عدد صحيح.", "A whole number is expected."),
    "uuid_parsing": Text("المعرّف ليس على الصيغة المطلوبة.", "The identifier is not in the expected form."),
    "too_long": Text("القائمة أطول مما يُقبل.", "The list is longer than is taken."),
    "json_invalid": Text("ليس JSON صحيحاً.", "Not valid JSON."),
}
_OTHER = Text("القيمة غير صحيحة.", "The value is not valid.")


def flaws_of(found: Sequence[Mapping[str, Any]]) -> tuple[Flaw, ...]:
    """One flaw for each finding of pydantic's; never with the value that was sent."""
    return tuple(_flaw(finding) for finding in found)


def _flaw(finding: Mapping[str, Any]) -> Flaw:
    kind = str(finding["type"])
    context = finding.get("ctx") or {}
    said = context.get("text")
    text = said if isinstance(said, Text) else _SENTENCES.get(kind, _OTHER)
    return Flaw(pointer=_pointer(finding["loc"]), code=kind, message=text)


def _pointer(location: Sequence[str | int]) -> str:
    """RFC 6901, without the leading `body`; other places as `#/query/…`, `#/header/…`, `#/path/…`."""
    place, *rest = [str(part).replace("~", "~0").replace("/", "~1") for part in location] or ["body"]
    if place == "body":
        return "/" + "/".join(rest) if rest else ""
    if place in ("query", "header", "path", "cookie"):
        return f"#/{place}/" + "/".join(rest)
    return "/" + "/".join([place, *rest])
