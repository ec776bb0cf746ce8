"""Phone numbers of a file, up to a few a cell, as the engine writes them."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import NOTHING, Coded, Codes, Ints, encode_numbers, gather
from services.dedup.batch.kernel import phones as kernel
from services.dedup.batch.kernel.phones import BASE, BEGINNING, CELL, END, ODD, REST, START, TAIL
from services.dedup.batch.text import Text, laid_out, strings
from services.dedup.engine.normalise import HEAD, LONGEST_PHONE, beginning, phone_number

MOST_PHONES = 3
_LETTERS = "+0123456789"
_NONE = -1
_MANY = 64  # more than any rest


class Phones(NamedTuple):
    """codes: n x the most numbers any record has, of `values`, which are in the order of length and then of text."""

    codes: Codes
    values: pa.Array


def phones(coded: Coded, home: str) -> Phones:
    """Up to three different numbers of each cell. home: region of numbers without a country."""
    text = laid_out(coded.values)
    rows = kernel.dialled(*text, HEAD)
    numbers = _written(rows, home)
    left = np.flatnonzero(numbers < 0)
    numbers[left] = [_number(text, start, end, home) for start, end in rows[left][:, [START, END]].tolist()]
    found = kernel.first_numbers(rows[:, CELL], numbers, len(text.offsets) - 1, MOST_PHONES)
    found = found[:, : max(1, int((found >= 0).any(axis=0).sum()))]
    codes, values = encode_numbers(found.ravel())
    order = np.argsort(values)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    table = gather(rank, codes).reshape(found.shape)
    held = np.full((len(coded.codes), found.shape[1]), NOTHING, dtype=np.int32)
    typed = coded.codes >= 0
    held[typed] = table[coded.codes[typed]]
    return Phones(held, strings(*kernel.written(values[order])))


def _written(rows: Ints, home: str) -> Ints:
    """The numbers whose beginnings settle how they are written; -1 for the others."""
    rest = np.maximum(rows[:, REST], 0)
    which, kinds = encode_numbers(np.where(rows[:, REST] == ODD, -1, rows[:, BEGINNING] * _MANY + rest))
    begun = gather(np.array([_begun(kind, home) for kind in kinds.tolist()], dtype=np.int64), which)
    power = np.array([BASE**size for size in range(LONGEST_PHONE - HEAD)], dtype=np.int64)
    return np.where(begun < 0, -1, begun * power[rest] + rows[:, TAIL])


def _begun(kind: int, home: str) -> int:
    head, rest = divmod(kind, _MANY)
    written = beginning(unpacked(head), rest, home)
    return -1 if written is None or len(written) + rest > LONGEST_PHONE else packed(written)


def _number(text: Text, start: int, end: int, home: str) -> int:
    found = phone_number(text.at(start, end), home)
    return packed(found) if found else _NONE


def packed(number: str) -> int:
    """+ and digits as one integer, in the order of (length, text)."""
    found = 0
    for letter in number:
        found = found * BASE + _LETTERS.index(letter) + 1
    return found


def unpacked(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, BASE)
        letters = _LETTERS[letter] + letters
    return letters
