"""pydantic's findings as flaws of ours: a pointer, a stable code, and a sentence in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Flaw, Text
from shared.lines import FILLED, LINE

_MOST = 100
_LONGEST_NAME = 100
_DATE = Text("اكتب التاريخ هكذا: 2026-10-01.", "Write the date like 2026-10-01.")
_NUMBER = Text("المطلوب عدد عشري مثل 350.00.", "A decimal number is expected, like 350.00.")
_WHOLE = Text("المطلوب عدد صحيح.", "A whole number is expected.")
_OBJECT = Text("المطلوب كائن JSON.", "A JSON object is expected.")
_LIST = Text("المطلوب قائمة.", "A list is expected.")
_NO_CHOICE = Text("القيمة ليست من القيم المقبولة.", "The value is not one of those taken.")
_IDENTIFIER = Text("المعرّف ليس على الصيغة المطلوبة.", "The identifier is not in the expected form.")
_PATTERNS = {
    LINE: ("control_character", Text("في النص رموز تحكم؛ احذفها.", "The text holds control characters; remove them.")),
    FILLED: (
        "blank_or_control_character",
        Text("النص فارغ أو فيه رموز تحكم.", "The text is blank, or holds control characters."),
    ),
}
_SENTENCES: dict[str, Text] = {
    "missing": Text("هذا الحقل مطلوب.", "This field is required."),
    "extra_forbidden": Text("حقل غير معروف؛ احذفه أو صحح اسمه.", "Unknown field; remove it or mend its name."),
    "string_type": Text("المطلوب نص.", "A string is expected."),
    "string_too_short": Text("النص قصير أو فارغ.", "The text is too short or empty."),
    "string_too_long": Text("النص أطول مما يُقبل.", "The text is longer than is taken."),
    "string_pattern_mismatch": Text("النص ليس على الصيغة المطلوبة.", "The text is not in the expected form."),
    "enum": _NO_CHOICE,
    "literal_error": _NO_CHOICE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "decimal_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_max_places": Text("خانتان عشريتان على الأكثر.", "At most two decimal places."),
    "decimal_max_digits": Text("العدد أكبر مما يُقبل.", "The number is larger than is taken."),
    "greater_than": Text("العدد أصغر مما يُقبل.", "The number is smaller than is taken."),
    "greater_than_equal": Text("العدد أصغر مما يُقبل.", "The number is smaller than is taken."),
    "less_than_equal": Text("العدد أكبر مما يُقبل.", "The number is larger than is taken."),
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_parsing": _NO_CHOICE,
    "bool_type": _NO_CHOICE,
    "uuid_parsing": _IDENTIFIER,
    "uuid_type": _IDENTIFIER,
    "too_short": Text("القائمة أقصر مما يُقبل.", "The list is shorter than is taken."),
    "too_long": Text("القائمة أطول مما يُقبل.", "The list is longer than is taken."),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "frozen_set_type": _LIST,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "json_invalid": Text("ليس JSON صحيحاً.", "Not valid JSON."),
}
_OTHER = Text("القيمة غير صحيحة.", "The value is not valid.")


def sentences() -> dict[str, Text]:
    """What is said of each code of pydantic's, and of our patterns."""
    return _SENTENCES | dict(_PATTERNS.values())


def flaws_of(found: Sequence[Mapping[str, Any]]) -> tuple[Flaw, ...]:
    """One flaw for each finding of pydantic's, the first hundred of them; never with the value that was sent."""
    return tuple(_flaw(finding) for finding in found[:_MOST])


def _flaw(finding: Mapping[str, Any]) -> Flaw:
    kind = str(finding["type"])
    context = finding.get("ctx") or {}
    said = context.get("text")
    code, text = _PATTERNS.get(str(context.get("pattern")), (kind, _SENTENCES.get(kind, _OTHER)))
    return Flaw(pointer=_pointer(_named(finding)), code=code, message=said if isinstance(said, Text) else text)


def _named(finding: Mapping[str, Any]) -> Sequence[str | int]:
    """Where it is; for an unknown field whose name is a text of its own, the object that holds it."""
    location: Sequence[str | int] = finding["loc"]
    unknown = finding["type"] == "extra_forbidden" and len(str(location[-1])) > _LONGEST_NAME
    return location[:-1] if unknown else location


def _pointer(location: Sequence[str | int]) -> str:
    """RFC 6901, without the leading `body`; other places as `#/query/…`, `#/header/…`, `#/path/…`."""
    place, *rest = [str(part).replace("~", "~0").replace("/", "~1") for part in location] or ["body"]
    if place == "body":
        return "/" + "/".join(rest) if rest else ""
    if place in ("query", "header", "path", "cookie"):
        return f"#/{place}/" + "/".join(rest)
    return "/" + "/".join([place, *rest])
