"""Levels of pairs, field by field, as the engine's `compare` finds them, for many pairs at once.

Places of left and right records come in as arrays of one length; levels come out as bytes, places in LEVELS.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.dedup.batch.coded import NOTHING, Codes, Flags, Ints
from services.dedup.batch.names import NAME_LEVELS, Agreement, Levels, NameLevels
from services.dedup.batch.records import Records
from services.dedup.engine.compare import FIELDS

_BIRTH = ("missing", "exact", "days_off", "swapped", "part_off", "year", "same_year", "year_off", "differ")
_SAME = ("missing", "same", "differ")
LEVELS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("given", "father", "forebear", "family"), NAME_LEVELS),
    "birth": _BIRTH,
    "id": ("missing", "exact", "near", "differ"),
    "phone": ("missing", "exact", "differ"),
    "place": ("missing", "address", "district", "governorate", "region", "differ"),
    "gender": _SAME, "role": _SAME, "household": _SAME,
}  # fmt: skip
CODES = {field: {level: code for code, level in enumerate(levels)} for field, levels in LEVELS.items()}
_DEPTHS = np.array([CODES["place"][level] for level in ("differ", "differ", "region", "governorate", "district")],
                   dtype=np.uint8)  # fmt: skip


@dataclass(frozen=True)
class Comparisons:
    """levels: pairs x FIELDS. names: whose units the frequencies are asked of. phone: the number shared.

    apart: pairs that only the engine itself can compare.
    """

    levels: Levels
    names: Agreement
    phone: Codes
    apart: Flags


class Comparer:
    """Compares records of one file. Keeps what it learned of names and identifiers from call to call."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._names = NameLevels(records.names)
        self._birth_columns = records.birth_values.columns
        self._id_letters, self._id_lengths = _letters(records.id_values)
        self._words = _word_table(records.addresses)

    def compare(self, left: Ints, right: Ints) -> Comparisons:
        records = self._records
        levels = np.zeros((len(left), len(FIELDS)), dtype=np.uint8)
        names = self._names.compare(*_scripts(records, left, right))
        levels[:, :4] = names.levels
        levels[:, 4] = self._birth(records.births[left], records.births[right])
        levels[:, 5] = self._id(records.id[left], records.id[right])
        levels[:, 6], phone = _phones(records.phones[left], records.phones[right])
        levels[:, 7] = self._place(left, right)
        levels[:, 8] = _same(records.gender[left], records.gender[right])
        levels[:, 9] = _same(records.role[left], records.role[right])
        household = _same(records.household[left], records.household[right])
        levels[:, 10] = np.where(records.charity[left] == records.charity[right], household, 0)
        return Comparisons(levels, names, phone, names.apart)

    def _birth(self, a: Codes, b: Codes) -> Levels:
        found = np.zeros(len(a), dtype=np.uint8)
        both = np.flatnonzero((a >= 0) & (b >= 0))
        if not len(both):
            return found
        x, y = ({name: column[side[both]] for name, column in self._birth_columns.items()} for side in (a, b))
        known = (x["known"] & y["known"]).astype(bool)
        gap = np.maximum(x["first"], y["first"]) - np.minimum(x["last"], y["last"])
        by_year = np.select([gap <= 0, gap == 1], [_birth_code("year"), _birth_code("year_off")], _birth_code("differ"))
        found[both] = np.where(known, _days(x, y), by_year)
        return found

    def _id(self, a: Codes, b: Codes) -> Levels:
        codes = CODES["id"]
        found = np.where(a == b, codes["exact"], codes["differ"]).astype(np.uint8)
        found[(a < 0) | (b < 0)] = 0
        other = np.flatnonzero(found == codes["differ"])
        near = _near(self._id_letters, self._id_lengths, a[other], b[other])
        found[other[near]] = codes["near"]
        return found

    def _place(self, left: Ints, right: Ints) -> Levels:
        records = self._records
        ours, theirs = records.zones[left], records.zones[right]
        same = np.logical_and.accumulate((ours == theirs) & (ours >= 0), axis=1).sum(axis=1)
        found: Levels = _DEPTHS[same]
        found[(ours[:, 0] < 0) | (theirs[:, 0] < 0)] = 0
        near = np.flatnonzero((same >= 3) & (records.address[left] >= 0) & (records.address[right] >= 0))
        agree = _addresses(self._words, records.address[left[near]], records.address[right[near]])
        found[near[agree]] = CODES["place"]["address"]
        return found


def _scripts(records: Records, left: Ints, right: Ints) -> tuple[Codes, Codes]:
    """The names to compare: one script if both have it, Arabic first."""
    ours, theirs = records.main[left], records.main[right]
    a, b = records.latin[left], records.latin[right]
    mixed = (a >= 0) & (b >= 0) & ((records.arabic[left] < 0) | (records.arabic[right] < 0))
    return np.where(mixed, a, ours), np.where(mixed, b, theirs)


def _birth_code(level: str) -> int:
    return CODES["birth"][level]


def _days(x: Mapping[str, Codes], y: Mapping[str, Codes]) -> Levels:
    """The levels of days that are known."""
    apart = np.abs(x["ordinal"] - y["ordinal"])
    years = np.abs(x["year"] - y["year"])
    month, day = x["month"] == y["month"], x["day"] == y["day"]
    swapped = (x["month"] == y["day"]) & (x["day"] == y["month"])
    decade = month & day & np.isin(years, (1, 2, 10))
    return np.select(
        [apart == 0, apart <= 2, (years == 0) & swapped, (years == 0) & (month | day), years == 0, decade, years == 1],
        [
            _birth_code(level)
            for level in ("exact", "days_off", "swapped", "part_off", "same_year", "part_off", "year_off")
        ],
        _birth_code("differ"),
    ).astype(np.uint8)


def _same(a: Codes, b: Codes) -> Levels:
    return np.where((a < 0) | (b < 0), 0, np.where(a == b, 1, 2)).astype(np.uint8)


def _phones(a: Codes, b: Codes) -> tuple[Levels, Codes]:
    """The level, and the least number in common."""
    least = np.full(len(a), np.iinfo(np.int32).max, dtype=np.int32)
    for i in range(a.shape[1]):
        for j in range(b.shape[1]):
            equal = (a[:, i] == b[:, j]) & (a[:, i] >= 0)
            least[equal] = np.minimum(least[equal], a[equal, i])
    shared = least < np.iinfo(np.int32).max
    none = (a[:, 0] < 0) | (b[:, 0] < 0)
    level = np.where(none, 0, np.where(shared, CODES["phone"]["exact"], CODES["phone"]["differ"])).astype(np.uint8)
    return level, np.where(shared, least, NOTHING).astype(np.int32)


_NEAR_WIDTH = 13


def _letters(values: Sequence[str]) -> tuple[npt.NDArray[np.uint8], Codes]:
    """Identifiers as rows of letter codes, and their lengths; 0 for those too long to have near ones."""
    lengths = np.array([len(value) if len(value) <= _NEAR_WIDTH else 0 for value in values], dtype=np.int32)
    table = np.zeros((len(values), _NEAR_WIDTH), dtype=np.uint8)
    for row, value in enumerate(values):
        if lengths[row]:
            table[row, : len(value)] = np.frombuffer(value.encode("utf-16-le")[::2], dtype=np.uint8)
    return table, lengths


def _near(letters: npt.NDArray[np.uint8], lengths: Codes, a: Codes, b: Codes) -> Flags:
    """Whether two different identifiers are equal once one letter is left out of each.

    Outside the first and the last place where they differ both are equal; in between one must be the other
    moved by a place.
    """
    near = (lengths[a] == lengths[b]) & (lengths[a] > 0) if len(a) else np.zeros(0, dtype=bool)
    places = np.flatnonzero(near)
    ours, theirs = letters[a[places]], letters[b[places]]
    differ = ours != theirs
    first = differ.argmax(axis=1)
    last = _NEAR_WIDTH - 1 - differ[:, ::-1].argmax(axis=1)
    place = np.arange(1, _NEAR_WIDTH)
    outside = (place <= first[:, None]) | (place > last[:, None])
    moved = ((ours[:, 1:] == theirs[:, :-1]) | outside).all(axis=1)
    moved |= ((theirs[:, 1:] == ours[:, :-1]) | outside).all(axis=1)
    near[places] = moved
    return near


def _word_table(addresses: Sequence[tuple[str, ...]]) -> tuple[Codes, Codes]:
    """Addresses as rows of word codes, NOTHING beyond the last, and how many words each has."""
    sizes = np.array([len(words) for words in addresses], dtype=np.int32)
    table = np.full((len(addresses), int(sizes.max(initial=1))), NOTHING, dtype=np.int32)
    codes: dict[str, int] = {}
    for row, words in enumerate(addresses):
        table[row, : len(words)] = [codes.setdefault(word, len(codes)) for word in words]
    return table, sizes


def _addresses(words: tuple[Codes, Codes], a: Codes, b: Codes) -> Flags:
    """Whether most words of the shorter address, and two at least, are in the other."""
    table, sizes = words
    ours, theirs = table[a], table[b]
    shared = np.zeros(len(a), dtype=np.int32)
    for place in range(table.shape[1]):
        word = ours[:, place : place + 1]
        shared += ((theirs == word) & (word >= 0)).any(axis=1)
    least = np.minimum(sizes[a], sizes[b])
    return (least > 1) & (shared >= 2) & (shared >= 0.6 * least)
