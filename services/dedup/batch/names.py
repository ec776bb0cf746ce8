"""The names of a file as rows of unit codes, cut by the engine's rules.

The engine is asked once for each distinct word, each distinct sequence of kinds of words, and each distinct unit;
all else is integers.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import NOTHING, Codes, Index, Ints, encode_numbers, gather
from services.dedup.batch.kernel.words import packed, spread
from services.dedup.batch.text import Words, words_of
from services.dedup.engine.phonetic import key
from services.dedup.engine.script import LONGEST_NAME, MOST_TOKENS, MOST_UNITS, Part, Script

WIDTH = MOST_UNITS
_FEW = 1 << 15
_BITS = 3  # of a kind; MOST_TOKENS of them fit one number


class Names:
    """Names of a file; several may have the same units.

    units: every distinct unit; "" is one of them where a name has no given name.
    rows:  names x WIDTH unit codes, NOTHING beyond the last unit. sizes: units of each name.
    keys:  unit -> code of its script-neutral key; key_values: the keys.
    """

    def __init__(self, units: list[str], rows: Codes) -> None:
        self.units, self.rows = units, rows
        self.sizes = (rows >= 0).sum(axis=1, dtype=np.int32)
        index = Index[str]()
        self.keys = np.array([index.of(key(unit)) for unit in units], dtype=np.int32)
        self.key_values = index.values

    def last(self, rows: Codes) -> Codes:
        """The code of each name's last unit."""
        found: Codes = self.rows[rows, np.maximum(self.sizes[rows], 1) - 1]
        return found

    def full(self, row: int) -> tuple[str, ...]:
        return tuple(self.units[code] for code in self.rows[row].tolist() if code >= 0)


class Cut(NamedTuple):
    """Names as rows of codes of `units`, NOTHING beyond the last unit; all of it NOTHING for what holds no name."""

    rows: Codes
    units: list[str]


def cut(values: pa.Array, script: Script) -> Cut:
    """Every value's units in one script, as `engine.script.units_of` cuts it."""
    tokens = _tokens(words_of(values, LONGEST_NAME), script)
    kinds = np.array([script.kind(token) for token in tokens.values] or [0], dtype=np.uint8)
    return _Speller(tokens, script).rows(packed(tokens.offsets, tokens.codes, kinds, _BITS))


def _tokens(words: Words, script: Script) -> Words:
    """The engine's tokens in place of words as typed."""
    index = Index[str]()
    parts = [[index.of(token) for token in script.tokens(word)] for word in words.values]
    ends = np.cumsum([0, *map(len, parts)], dtype=np.int64)
    flat = np.array([code for codes in parts for code in codes], dtype=np.int32)
    return Words(*spread(words.offsets, words.codes, ends, flat, MOST_TOKENS), index.values)


class _Speller:
    """Puts tokens together to units. A spelling is a token, or one spelling followed by a token or a fixed word."""

    def __init__(self, tokens: Words, script: Script) -> None:
        self._tokens, self._script = tokens, script
        self._spelled = Index[str]()
        for token in tokens.values:
            self._spelled.of(token)

    def rows(self, patterns: Ints) -> Cut:
        """patterns: the kinds of each name's tokens."""
        rows = np.full((len(patterns), WIDTH), NOTHING, dtype=np.int32)
        kunyas: list[Ints] = []
        for pattern, names in _alike(patterns):
            units, kunya = self._script.parts(_kinds(pattern))
            starts = self._tokens.offsets[names]
            for column, parts in enumerate(units):
                rows[names, column] = self._codes(parts, starts)
            if kunya:
                kunyas.append(names)
        return self._cut(rows, kunyas)

    def _codes(self, parts: tuple[Part, ...], starts: Ints) -> Codes:
        codes = self._part(parts[0], starts)
        for part in parts[1:]:
            pairs = codes.astype(np.int64) << 32 | self._part(part, starts)
            different, which = np.unique(pairs, return_inverse=True)
            codes = np.array([self._joined(pair) for pair in different.tolist()], dtype=np.int32)[which]
        return codes

    def _part(self, part: Part, starts: Ints) -> Codes:
        if isinstance(part, str):
            return np.full(len(starts), self._spelled.of(part), dtype=np.int32)
        return self._tokens.codes[starts + part]

    def _joined(self, pair: int) -> int:
        spelled = self._spelled.values
        return self._spelled.of(spelled[pair >> 32] + spelled[pair & 0xFFFFFFFF])

    def _cut(self, rows: Codes, kunyas: list[Ints]) -> Cut:
        """Spellings that share a form are one unit; a kunya is none, but for those that are names."""
        index, script = Index[str](), self._script
        used = np.zeros(len(self._spelled.values) + 1, dtype=bool)
        used[rows] = True
        forms = [script.unit(text) if used[code] else "" for code, text in enumerate(self._spelled.values)]
        units = gather(np.array([index.of(form) if form else NOTHING for form in forms], dtype=np.int32), rows)
        if kunyas:
            named = np.array([script.named(unit) for unit in index.values], dtype=bool)
            names = np.concatenate(kunyas)
            names = names[~named[units[names, 0]]]
            units[names, 0] = index.of("")
        return Cut(units, index.values)


def _alike(patterns: Ints) -> list[tuple[int, Ints]]:
    """Every pattern that has a token, and the names that have it."""
    which, kinds = encode_numbers(np.where(patterns > 0, patterns, NOTHING))
    narrow = which.astype(np.int16) if len(kinds) < _FEW else which  # which sorts several times faster
    order = np.argsort(narrow, kind="stable")
    ends = np.cumsum(np.bincount(which + 1, minlength=len(kinds) + 1))
    return list(zip(kinds.tolist(), np.split(order, ends)[1:-1], strict=True))


def _kinds(pattern: int) -> tuple[int, ...]:
    return tuple(pattern >> shift & 7 for shift in range(0, pattern.bit_length(), _BITS))
