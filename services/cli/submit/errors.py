"""What is wrong with a row, said to the clerk who must mend it: which column, what, how. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.cli.submit.fields import LABELS
from services.cli.submit.form import RowFlaw
from services.cli.submit.headings import Layout
from shared.errors import Text

_REUSED = Text(
    "أُرسل هذا الصف من قبل بمحتوى آخر وحُفظ حينها؛ عدّل الطلب المحفوظ بدل إرساله من جديد.",
    "This row was sent before with other content, and is stored; amend the stored request instead of sending it anew.",
)
_MOST = 3  # columns named for one flaw


def of_flaws(flaws: Sequence[RowFlaw], columns: Layout) -> Text:
    """What was found wrong before sending."""
    return _joined([(_fields([flaw.field] if flaw.field else [], columns), flaw.text) for flaw in flaws])


def of_problem(problem: Mapping[str, Any], columns: Layout) -> Text:
    """What the API found wrong, in the language in which it was asked, with its fields as the file's columns."""
    if problem["code"] == "idempotency_key_reused":
        return _REUSED
    flaws = problem.get("errors") or []
    if not flaws:
        return Text(problem["title"], problem["title"])
    return _joined([
        (_fields(_pointed(flaw["pointer"]), columns), Text(flaw["message"], flaw["message"])) for flaw in flaws
    ])  # fmt: skip


def _pointed(pointer: str) -> list[str]:
    """The fields at, above or below an RFC 6901 pointer; none when it points at half the form."""
    place = pointer.strip("/").replace("/", ".")
    found = [
        field for field in LABELS if f"{place}.".startswith(f"{field}.") or (place and field.startswith(f"{place}."))
    ]
    return found if len(found) <= _MOST else []


def _fields(fields: Sequence[str], columns: Layout) -> Text:
    """The headings of the columns that hold the fields; a field's own name where no column does."""
    ar, en = [], []
    for field in fields:
        headings = [column.heading.strip() for column in columns.of(field)]
        ar += headings or [LABELS[field].ar]
        en += headings or [LABELS[field].en]
    return Text("، ".join(f"«{name}»" for name in ar), ", ".join(f'"{name}"' for name in en))


def _joined(flaws: Sequence[tuple[Text, Text]]) -> Text:
    ar = " ".join(f"{where.ar}: {what.ar}" if where.ar else what.ar for where, what in flaws)
    return Text(ar, " ".join(f"{where.en}: {what.en}" if where.en else what.en for where, what in flaws))
