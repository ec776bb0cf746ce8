"""Headings of columns: which row they are, and which field each of them names."""

import re
from collections.abc import Iterable, Iterator, Sequence

from services.dedup.batch.charset import Unreadable
from services.dedup.batch.fields import ADDED, FIELDS, HEADINGS
from shared.arabic import fold

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u00ad]")
_PUNCTUATION = re.compile(r"[()\[\]{}:._*#/\\\-–—,،;؛\"«»'’?؟&+|]+")
_NUMBERED = re.compile(r"^\d{1,2} (?=\D)|(?<=\D) \d{1,2}$")
_ANOTHER_SCRIPT = re.compile(r"[a-z][a-z0-9 ]*")
_EXPORTED = re.compile(r"^(applicant|beneficiary|person|client|member) (?=\w)")


def heading_row(rows: Iterable[Sequence[str]], width: int) -> list[str]:
    """The first row with two filled cells, as what stands above is a title; with one, where the table is that wide.

    Reads no row beyond it. Raises Unreadable where there is none.
    """
    for row in rows:
        if sum(1 for cell in row if cell.strip()) >= min(2, width):
            return list(row)
    raise Unreadable("it is empty")


def named(row: Sequence[str]) -> list[str]:
    """The headings of a row without what is invisible in them; an empty one is called by its place.

    Raises Unreadable where two are one.
    """
    names = [" ".join(_INVISIBLE.sub("", cell).split()) for cell in row]
    places: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        if name and name in places:
            raise Unreadable(f"two columns have one heading, «{name}»: columns {places[name]} and {place}; rename one")
        places[name] = place
    return [name or f"column {place}" for place, name in enumerate(names, start=1)]


def recognised(heading: str) -> str | None:
    """The field that a heading names, by our own name or in Arabic or English; what is added to it is passed over.

    «١- الاسم», "رقم الجوال (واتساب)", "تاريخ الميلاد (هجري)" and "الاسم / Name" are known by what they hold.
    """
    return next((_KNOWN[form] for form in _forms(_plain(heading)) if form in _KNOWN), None)


def is_second_heading(cells: Sequence[str | None]) -> bool:
    """Whether a row below the headings says them again in another language, or is one of HXL tags."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    told = sum(1 for cell in filled if cell.startswith("#") or recognised(cell))
    return len(filled) > 1 and told > len(filled) / 2


def _plain(heading: str) -> str:
    return fold(_PUNCTUATION.sub(" ", heading))


def _forms(plain: str) -> Iterator[str]:
    """What the heading may come down to, its whole first."""
    yield plain
    bare = _NUMBERED.sub("", plain)
    yield bare
    bare = _NUMBERED.sub("", " ".join(_without_added(bare.split())))
    yield bare
    latin = " ".join(_ANOTHER_SCRIPT.findall(bare)).strip()
    arabic = " ".join(_ANOTHER_SCRIPT.sub(" ", bare).split())
    for part in (arabic, " ".join(latin.split())):
        yield part
        yield _NUMBERED.sub("", part)
        yield _EXPORTED.sub("", part)


def _without_added(words: list[str]) -> list[str]:
    """The words without those that only say how a column is to be filled; all of them if nothing else is there."""
    for size in (3, 2, 1):
        kept: list[str] = []
        place = 0
        while place < len(words):
            if " ".join(words[place : place + size]) in _ADDED:
                place += size
            else:
                kept.append(words[place])
                place += 1
        words = kept or words
    return words


_ADDED = {_plain(words) for words in ADDED.split("|")}
_KNOWN = {_plain(name): field for field, names in HEADINGS.items() for name in names.split("|")}
_KNOWN |= {_plain(field): field for field in FIELDS}
