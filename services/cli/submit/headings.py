"""Which column holds what: by the mapping file first, else by its heading. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.cli.submit.fields import HEADINGS, LABELS, NEEDED, REPEATED
from shared.arabic import fold
from shared.calendar import Calendar

_PUNCTUATION = re.compile(r"[()\[\]{}:._*#/\\\-–,،;؛\"«»]+")
_CALENDARS = {
    "ه": Calendar.HIJRI, "هجري": Calendar.HIJRI, "بالهجري": Calendar.HIJRI, "الهجري": Calendar.HIJRI,
    "hijri": Calendar.HIJRI, "ah": Calendar.HIJRI, "h": Calendar.HIJRI,
    "م": Calendar.GREGORIAN, "ميلادي": Calendar.GREGORIAN, "بالميلادي": Calendar.GREGORIAN,
    "gregorian": Calendar.GREGORIAN, "ad": Calendar.GREGORIAN, "g": Calendar.GREGORIAN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is read. calendar: what its heading says of its dates, if anything."""

    position: int
    heading: str
    field: str
    calendar: Calendar | None


@dataclass(frozen=True, slots=True)
class Layout:
    """ignored: headings of columns that are not read, because unknown, or because another holds the same."""

    columns: tuple[Column, ...]
    ignored: tuple[str, ...]

    def of(self, field: str) -> list[Column]:
        return [column for column in self.columns if column.field == field]

    def missing(self, constants: Mapping[str, str]) -> list[str]:
        """The fields that no request can do without, and that neither a column nor a constant gives."""
        given = {column.field for column in self.columns} | set(constants)
        if given & {"applicant.name_latin", "name.given"}:
            given.add("applicant.name")
        return [field for field in NEEDED if field not in given]


def layout(headings: Sequence[str], told: Mapping[str, str | None]) -> Layout:
    """told: heading -> field, or None for a column that the charity keeps to itself.

    Of two columns for one field the first is read, unless the field takes several.
    """
    wanted = {fold(heading): field for heading, field in told.items()}
    columns: list[Column] = []
    ignored: list[str] = []
    for position, heading in enumerate(headings):
        field = wanted[fold(heading)] if fold(heading) in wanted else recognised(heading)
        taken = field not in REPEATED and any(column.field == field for column in columns)
        if field is not None and not taken:
            columns.append(Column(position, heading, field, calendar_of(heading)))
        elif heading.strip() and fold(heading) not in wanted:
            ignored.append(heading)
    return Layout(tuple(columns), tuple(ignored))


def recognised(heading: str) -> str | None:
    """The field that the heading names in Arabic, in English or by the API's own name."""
    if heading.strip() in LABELS:
        return heading.strip()
    words = _plain(heading).split()
    return _KNOWN.get(" ".join(words)) or _KNOWN.get(" ".join(words[:-1] if _marked(words) else words))


def calendar_of(heading: str) -> Calendar | None:
    words = _plain(heading).split()
    return _CALENDARS[words[-1]] if _marked(words) else None


def _marked(words: Sequence[str]) -> bool:
    return len(words) > 1 and words[-1] in _CALENDARS


def _plain(heading: str) -> str:
    return fold(_PUNCTUATION.sub(" ", heading))


_KNOWN = {_plain(name): field for field, names in HEADINGS.items() for name in names.split("|")}
