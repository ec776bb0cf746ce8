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
_BLANK = -2
_PLUS, _ZERO = 1, 2
_LEAST, _MOST = 7, 15


@compiled
def separator(first: int, second: int) -> int:
    """How many bytes a sign between two numbers has, ; , / | or one of the Arabic ones; 0 if there is none."""
    if first == 59 or first == 44 or first == 47 or first == 124:
        return 1
    return 2 if first == 0xD8 and (second == 0x8C or second == 0x9B) else 0


@compiled
def dialled(data: Bytes, offsets: Ints, head: int) -> Ints:
    """A row for every number of every cell, in their order; parts without a letter are none."""
    size = len(offsets) - 1
    for at in range(offsets[0], offsets[-1]):
        size += separator(data[at], data[at + 1] if at + 1 < offsets[-1] else 0) > 0
    rows = np.empty((size, 6), dtype=np.int64)
    found = 0
    for cell in range(len(offsets) - 1):
        start, stop = offsets[cell], offsets[cell + 1]
        while start <= stop:
            end, width = start, 1
            while end < stop:
                width = separator(data[end], data[end + 1] if end + 1 < stop else 0)
                if width > 0:
                    break
                end += 1
            beginning, rest, tail = _dialled(data, start, end, head)
            if rest != _BLANK:
                rows[found, CELL], rows[found, START], rows[found, END] = cell, start, end
                rows[found, BEGINNING], rows[found, REST], rows[found, TAIL] = beginning, rest, tail
                found += 1
            start = end + width if end < stop else stop + 1
    return rows[:found]


@compiled
def _dialled(data: Bytes, start: int, end: int, head: int) -> tuple[int, int, int]:
    """The first letters of the number that data[start:end] writes, how many more there are, and these."""
    letters, signs, at = 0, 0, start
    beginning, tail = 0, 0
    while at < end:
        letter = data[at]
        number = digit(letter, data[at + 1] if at + 1 < end else 0)
        at += 2 if number >= 0 and letter >= 128 else 1
        if letter < 128 and (blank(letter) or letter == 40 or letter == 41 or letter == 45 or letter == 46):
            continue
        letters += 1
        if number < 0:
            signs += 1
            if letter != 43 or letters > 1:
                return 0, ODD, 0
        elif letters - signs > _MOST:
            return 0, ODD, 0
        value = number + _ZERO if number >= 0 else _PLUS
        if letters <= head:
            beginning = beginning * BASE + value
        else:
            tail = tail * BASE + value
    if letters == 0:
        return 0, _BLANK, 0
    return beginning, letters - head if letters - signs >= _LEAST else ODD, tail


@compiled
def first_numbers(cells: Ints, numbers: Ints, size: int, most: int) -> Ints:
    """size x `most`: the first different numbers of each cell, -1 beyond the last; -1 is no number."""
    found = np.full((size, most), -1, dtype=np.int64)
    for row in range(len(cells)):
        for place in range(most):
            held = found[cells[row], place]
            if held < 0:
                found[cells[row], place] = numbers[row]
            if held < 0 or held == numbers[row]:
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
