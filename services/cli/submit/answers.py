"""What is written beside a row. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.errors import Text

_NAMES = (
    Text("سجل_الحالة", "sijill_status"),
    Text("سجل_الشخص", "sijill_person"),
    Text("سجل_الازدواجية", "sijill_overlaps"),
    Text("سجل_رقم_الطلب", "sijill_request"),
    Text("سجل_الخطأ", "sijill_error"),
)
HEADINGS = frozenset(name for text in _NAMES for name in (text.ar, text.en))
"""Of the columns that are ours, in either language."""
NOT_STORED = "not_stored"
_ARABIC = {
    "cleared": "سليم", "held": "موقوف للمراجعة", "pending": "محفوظ وقيد الفحص", "approved": "موافق عليه",
    "rejected": "مرفوض بقرار", "delivered": "سُلّم", "closed": "مغلق", "cancelled": "ملغى", NOT_STORED: "لم يُحفظ",
    "new": "جديد", "joined": "معروف", "in_review": "قيد المراجعة", "unknown": "لم يُعرف بعد",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """status: the request's, or NOT_STORED. overlaps: each a sentence. error: what, where, how to mend."""

    status: str
    person: str = ""
    overlaps: tuple[Text, ...] = ()
    request: str = ""
    error: Text | None = None
    certainties: tuple[str, ...] = ()


def answered(view: Mapping[str, Any]) -> Answer:
    """The answer to a row whose request is stored, from the API's view of it."""
    found: Sequence[Mapping[str, Any]] = view["overlaps"]
    return Answer(
        status=view["status"],
        person=view["person"],
        overlaps=tuple(Text(each["reason"]["ar"], each["reason"]["en"]) for each in found),
        request=str(view["id"]),
        certainties=tuple(each["certainty"] for each in found),
    )


def refused(error: Text) -> Answer:
    return Answer(NOT_STORED, error=error)


def headings(language: str) -> list[str]:
    return [name.in_language(language) for name in _NAMES]


def cells(answer: Answer, language: str) -> list[str]:
    """In the order of `headings`."""
    overlaps = " | ".join(text.in_language(language) for text in answer.overlaps)
    error = answer.error.in_language(language) if answer.error else ""
    return [_word(answer.status, language), _word(answer.person, language), overlaps, answer.request, error]


def members(answer: Answer, language: str) -> dict[str, Any]:
    """The same for a line of JSON; codes stay codes there."""
    return {
        "status": answer.status,
        "person": answer.person or None,
        "overlaps": [text.in_language(language) for text in answer.overlaps],
        "request": answer.request or None,
        "error": answer.error.in_language(language) if answer.error else None,
    }


def _word(code: str, language: str) -> str:
    return code if language == "en" else _ARABIC.get(code, code)
