"""Cells of phone numbers cut into numbers, and numbers as integers.

A number is written with + and the ten digits; as an integer it is a numeral in base 11 without a zero (+ is 1, 0 is 2,
9 is 11), so that integers are in the order of (length, text) and the text a + b is a * 11 ** len(b) + b.
"""

import numpy as np

from services.dedup.batch.coded import Bytes, Ints
from services.dedup.batch.kernel.cells import blank, digit
from services.dedup.batch.kernel.compiled import compiled

CELL, START, END, BEGINNING, REST, TAIL = range(6)
"""Columns of a number dialled: whose cell it is of, where in the data it lies, its first letters, how many more there
are, and these."""
ODD = -1
"""The rest of a number that is left to the engine."""
BASE = 11
_PLUS, _ZERO = 1, 2
_LEAST, _MOST = 7, 15


@compiled
def separator(data: Bytes, at: int, stop: int) -> int:
    """How many bytes a sign between two numbers has, ; , / | or one of the Arabic ones; 0 if there is none."""
    first = data[at]
    if first == 59 or first == 44 or first == 47 or first == 124:
        return 1
    return 2 if first == 0xD8 and at + 1 < stop and (data[at + 1] == 0x8C or data[at + 1] == 0x9B) else 0


@compiled
def dialled(data: Bytes, offsets: Ints, head: int) -> Ints:
    """A row for every number of every cell, in their order; parts without a letter are none."""
    size = len(offsets) - 1
    for row in range(len(offsets) - 1):
        for at in range(offsets[row], offsets[row + 1]):
            size += separator(data, at, offsets[row + 1]) > 0
    rows = np.zeros((size, 6), dtype=np.int64)
    found = 0
    for cell in range(len(offsets) - 1):
        start, stop = offsets[cell], offsets[cell + 1]
        while start <= stop:
            end = start
            while end < stop and not separator(data, end, stop):
                end += 1
            if _dialled(data, start, end, head, rows[found]):
                rows[found, CELL], rows[found, START], rows[found, END] = cell, start, end
                found += 1
            start = end + (separator(data, end, stop) if end < stop else 1)
    return rows[:found].copy()


@compiled
def _dialled(data: Bytes, start: int, end: int, head: int, into: Ints) -> bool:
    """The number that data[start:end] writes; False where it is blank."""
    letters, signs, at = 0, 0, start
    into[BEGINNING], into[TAIL] = 0, 0
    while at < end:
        letter, number = data[at], digit(data, at, end)
        at += 2 if number >= 0 and letter >= 128 else 1
        if letter < 128 and (blank(letter) or letter == 40 or letter == 41 or letter == 45 or letter == 46):
            continue
        place = BEGINNING if letters < head else TAIL
        signs += number < 0
        letters += 1
        if (number < 0 and (letter != 43 or letters > 1)) or letters - signs > _MOST:
            into[REST] = ODD
            return True
        into[place] = into[place] * BASE + (number + _ZERO if number >= 0 else _PLUS)
    into[REST] = letters - head if letters - signs >= _LEAST else ODD
    return letters > 0


@compiled
def first_numbers(cells: Ints, numbers: Ints, size: int, most: int) -> Ints:
    """size x `most`: the first different numbers of each cell, 0 beyond the last; 0 is no number."""
    found = np.zeros((size, most), dtype=np.int64)
    for row in range(len(cells)):
        held = found[cells[row]]
        for place in range(most):
            if numbers[row] == 0 or held[place] == numbers[row]:
                break
            if held[place] == 0:
                held[place] = numbers[row]
                break
    return found


@compiled
def written(numbers: Ints) -> tuple[Bytes, Ints]:
    """The text of each number: bytes, and where each ends."""
    ends = np.zeros(len(numbers) + 1, dtype=np.int64)
    for row in range(len(numbers)):
        letters, rest = 0, numbers[row]
        while rest > 0:
            letters, rest = letters + 1, (rest - 1) // BASE
        ends[row + 1] = ends[row] + letters
    out = np.empty(ends[-1], dtype=np.uint8)
    for row in range(len(numbers)):
        rest = numbers[row]
        for at in range(ends[row + 1] - 1, ends[row] - 1, -1):
            letter = (rest - 1) % BASE + 1
            out[at] = 43 if letter == _PLUS else 48 + letter - _ZERO
            rest = (rest - letter) // BASE
    return out, ends
