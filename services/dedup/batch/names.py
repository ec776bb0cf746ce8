"""Distinct names as rows of unit codes, and how two rows agree, level by level.

Levels are bytes, places in NAME_LEVELS. Levels of two units are kept once found; so is what every
pattern of levels comes to, as `engine.lineage` tells it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cpdist

from services.dedup.batch.coded import NOTHING, Codes, Flags, Index, Ints, distinct
from services.dedup.engine.lineage import line_up
from services.dedup.engine.phonetic import is_arabic, key, slots
from services.dedup.engine.units import DOTLESS, unit_level

NAME_LEVELS = ("missing", "exact", "script", "close", "script_close", "differ", "script_differ",
               "lookalike", "other", "swapped", "skipped")  # fmt: skip
LEVEL = {level: code for code, level in enumerate(NAME_LEVELS)}
WIDTH = 5
"""Units of a name that are compared in columns; pairs with a longer name are compared one by one."""
_UNKNOWN = 255
_DENSE = 8192  # the commonest units, whose levels are kept in a square table
_BITS = 3
_LINE = WIDTH - 1

Levels = npt.NDArray[np.uint8]


class Names:
    """The distinct names of a file.

    units: every distinct unit, commonest first; "" is one of them where a name has no given name.
    rows:  names x WIDTH unit codes, NOTHING beyond the last unit; of a longer name the first ones and the last.
    sizes: units of each name, in full.
    keys:  unit -> code of its script-neutral key; key_values: the keys.
    order: of each name's forebears and family among all, as text.
    """

    def __init__(self, names: list[tuple[str, ...]], weights: Ints) -> None:
        self.full = names
        self.sizes = np.array([len(name) for name in names], dtype=np.int32)
        self.units, self.rows = _table(names, weights)
        key_index = Index[str]()
        self.keys = np.array([key_index.of(key(unit)) for unit in self.units], dtype=np.int32)
        self.key_values = key_index.values
        self.arabic = np.array([is_arabic(unit) for unit in self.units], dtype=bool)
        self.consonants = [slots(unit)[0] if unit else "" for unit in self.units]
        dotless = Index[str]()
        self.dotless = np.array([dotless.of(unit.translate(DOTLESS)) for unit in self.units], dtype=np.int32)
        self.order = _order(self.units, self.rows)

    def last(self, rows: Codes) -> Codes:
        """The code of the last unit of each name that fits the columns."""
        return self.rows[rows, np.clip(self.sizes[rows], 1, WIDTH) - 1]


def _table(names: list[tuple[str, ...]], weights: Ints) -> tuple[list[str], Codes]:
    """Units, commonest first, and names as rows of their codes."""
    index = Index[str]()
    rows = np.full((len(names), WIDTH), NOTHING, dtype=np.int32)
    for place, name in enumerate(names):
        kept = name if len(name) <= WIDTH else (*name[: WIDTH - 1], name[-1])
        for position, unit in enumerate(kept):
            rows[place, position] = index.of(unit)
    held = rows >= 0
    counts = np.bincount(rows[held], np.broadcast_to(weights[:, None], rows.shape)[held], minlength=len(index.values))
    by_count = np.argsort(-counts, kind="stable")
    renamed = np.empty(len(by_count), dtype=np.int32)
    renamed[by_count] = np.arange(len(by_count), dtype=np.int32)
    rows[held] = renamed[rows[held]]
    return [index.values[code] for code in by_count], rows


def _order(units: list[str], rows: Codes) -> Ints:
    """The rank of each name's units after the first, as tuples of text; equal ones share a rank."""
    rank = np.empty(len(units) + 1, dtype=np.int64)
    rank[np.array(sorted(range(len(units)), key=units.__getitem__), dtype=np.int64)] = np.arange(len(units))
    rank[-1] = -1  # NOTHING comes first
    lines = rank[rows[:, 1:]]
    by_text = np.lexsort(lines.T[::-1])
    fresh = np.ones(len(lines), dtype=np.int64)
    fresh[1:] = (lines[by_text][1:] != lines[by_text][:-1]).any(axis=1)
    order = np.empty(len(lines), dtype=np.int64)
    order[by_text] = np.cumsum(fresh)
    return order


class Agreement(NamedTuple):
    """Of pairs of names, per field a level, and the unit of either side that shows it (NOTHING: none).

    levels: pairs x 4 (given, father, forebear, family). left, right: units, in the same shape.
    apart:  pairs whose names do not fit the columns; theirs must be compared one by one.
    """

    levels: Levels
    left: Codes
    right: Codes
    apart: Flags


class NameLevels:
    """How names agree. Memory: a square of the 8,192 commonest units at most, and what else was asked."""

    def __init__(self, names: Names) -> None:
        self._names = names
        size = min(len(names.units), _DENSE)
        self._dense = np.full((size, size), _UNKNOWN, dtype=np.uint8)
        self._rare: dict[int, int] = {}
        self._patterns: dict[int, tuple[int, ...]] = {}

    def compare(self, left: Codes, right: Codes) -> Agreement:
        """How the names at those rows agree; a row of NOTHING has no name, and its levels are missing."""
        names = self._names
        absent = (left < 0) | (right < 0)
        a, b = np.where(absent, 0, left), np.where(absent, 0, right)
        levels = np.zeros((len(a), 4), dtype=np.uint8)
        ours, theirs = (np.full((len(a), 4), NOTHING, dtype=np.int32) for _ in "lr")
        apart = ((names.sizes[a] > WIDTH) | (names.sizes[b] > WIDTH)) & ~absent
        fits = np.flatnonzero(~apart & ~absent)
        a, b = a[fits], b[fits]
        units_a, units_b = names.rows[a], names.rows[b]
        given = self.level(units_a[:, 0], units_b[:, 0])
        levels[fits, 0], ours[fits, 0], theirs[fits, 0] = given, units_a[:, 0], units_b[:, 0]
        found, shown_a, shown_b = self._lines(a, b, units_a[:, 1:], units_b[:, 1:])
        levels[fits, 1:], ours[fits, 1:], theirs[fits, 1:] = found, shown_a, shown_b
        apart[fits[self._turned(a, b, given)]] = True
        return Agreement(levels, ours, theirs, apart)

    def _turned(self, a: Codes, b: Codes, given: Levels) -> Ints:
        """Places of the pairs of which one name seems to begin with the family's."""
        sizes = self._names.sizes
        other = (given >= LEVEL["differ"]) & (sizes[a] > 2) & (sizes[b] > 2)
        places = np.flatnonzero(other)
        a, b = a[places], b[places]
        rows_a, rows_b, last_a, last_b = (
            self._names.rows[a],
            self._names.rows[b],
            self._names.last(a),
            self._names.last(b),
        )
        one = self._alike(rows_a[:, 0], last_b) & self._alike(rows_a[:, 1], rows_b[:, 0])
        return places[one | (self._alike(last_a, rows_b[:, 0]) & self._alike(rows_a[:, 0], rows_b[:, 1]))]

    def _alike(self, a: Codes, b: Codes) -> Flags:
        levels = self.level(a, b)
        return (levels > 0) & (levels < LEVEL["differ"])

    def _lines(self, a: Codes, b: Codes, line_a: Codes, line_b: Codes) -> tuple[Levels, Codes, Codes]:
        """Levels and units of father, forebear and family."""
        order = self._names.order
        pattern = (order[a] == order[b]).astype(np.int64) | ((order[b] < order[a]).astype(np.int64) << 1)
        sizes = self._names.sizes
        pattern |= (sizes[a].astype(np.int64) - 1) << 2 | (sizes[b].astype(np.int64) - 1) << 5
        shift = 8
        for i in range(_LINE):
            for j in range(_LINE):
                both = np.flatnonzero((line_a[:, i] >= 0) & (line_b[:, j] >= 0))
                levels = self.level(line_a[both, i], line_b[both, j]).astype(np.int64)
                pattern[both] |= levels << shift
                shift += _BITS
        table, which = self._come_to(pattern)
        found = table[which]
        return (
            found[:, 0:3].astype(np.uint8),
            np.stack([_picked(line_a, found[:, 3 + f]) for f in range(3)], axis=1),
            np.stack([_picked(line_b, found[:, 6 + f]) for f in range(3)], axis=1),
        )

    def _come_to(self, patterns: Ints) -> tuple[npt.NDArray[np.int8], Ints]:
        """What each distinct pattern comes to, and which of them each pair has."""
        kinds, which = np.unique(patterns, return_inverse=True)
        for pattern in kinds.tolist():
            if pattern not in self._patterns:
                self._patterns[pattern] = _come_to(pattern)
        table = np.array([self._patterns[pattern] for pattern in kinds.tolist()], dtype=np.int8)
        return table.reshape(-1, 9), which

    def level(self, a: Codes, b: Codes) -> Levels:
        """The levels of units a with units b; NOTHING is missing."""
        found = np.zeros(len(a), dtype=np.uint8)
        present = (a >= 0) & (b >= 0)
        low, high = np.minimum(a, b), np.maximum(a, b)
        dense = np.flatnonzero(present & (high < len(self._dense)))
        if len(dense):
            found[dense] = self._dense[low[dense], high[dense]]
            fresh = dense[found[dense] == _UNKNOWN]
            if len(fresh):
                self._learn(low[fresh], high[fresh])
                found[fresh] = self._dense[low[fresh], high[fresh]]
        rare = np.flatnonzero(present & (high >= len(self._dense)))
        if len(rare):
            found[rare] = self._of_rare(low[rare], high[rare])
        return found

    def _learn(self, low: Codes, high: Codes) -> None:
        pairs = distinct(low.astype(np.int64) << 32 | high)
        low, high = (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
        self._dense[low, high] = self._told(low, high)

    def _of_rare(self, low: Codes, high: Codes) -> Levels:
        pairs, which = np.unique(low.astype(np.int64) << 32 | high, return_inverse=True)
        found = self._told((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))
        return found[which]

    def _told(self, a: Codes, b: Codes) -> Levels:
        """Levels of distinct pairs of units; only what may be near is asked of the engine."""
        names, units = self._names, self._names.units
        arabic = names.arabic[a].astype(np.int8) + names.arabic[b]
        found = np.where(arabic == 2, LEVEL["differ"], LEVEL["script_differ"]).astype(np.uint8)
        near = self._may_be_near(a, b, arabic)
        asked = zip(a[near].tolist(), b[near].tolist(), strict=True)
        found[near] = [LEVEL[unit_level(units[i], units[j])] for i, j in asked]
        return found

    def _may_be_near(self, a: Codes, b: Codes, arabic: npt.NDArray[np.int8]) -> Ints:
        """Places of the pairs that are not plainly different: the engine's own limits, in bulk."""
        names = self._names
        near = (a == b) | (names.keys[a] == names.keys[b]) | (names.dotless[a] == names.dotless[b])
        near |= _blank(names.units, a) | _blank(names.units, b)
        for kind, texts, slips in ((2, names.units, 2), (1, names.consonants, 1), (0, names.units, 1)):
            asked = np.flatnonzero((arabic == kind) & ~near)
            if len(asked):
                ours, theirs = ([texts[code] for code in side[asked].tolist()] for side in (a, b))
                near[asked] = cpdist(ours, theirs, scorer=DamerauLevenshtein.distance, score_cutoff=slips) <= slips
        return np.flatnonzero(near)


def _blank(units: list[str], codes: Codes) -> Flags:
    return codes == units.index("") if "" in units else np.zeros(len(codes), dtype=bool)


def _picked(line: Codes, place: npt.NDArray[np.int8]) -> Codes:
    rows = np.arange(len(line))
    return np.where(place >= 0, line[rows, place], NOTHING).astype(np.int32)


def _come_to(pattern: int) -> tuple[int, ...]:
    """Levels of father, forebear and family, then the units of one side that show them, then of the other's."""
    sizes = pattern >> 2 & 7, pattern >> 5 & 7
    if 0 in sizes:
        return (0, 0, 0, -1, -1, -1, -1, -1, -1)

    def level(i: int, j: int) -> str:
        return NAME_LEVELS[pattern >> 8 + _BITS * (_LINE * i + j) & 7]

    line = line_up(level, sizes, bool(pattern & 1), bool(pattern & 2))
    return (*(LEVEL[p.level] for p in line), *(p.i for p in line), *(p.j for p in line))
