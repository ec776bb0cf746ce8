"""Cells of plain text in the form that is compared; a cell with a letter beyond ASCII is left to the engine."""

import numpy as np

from services.dedup.batch.coded import Bytes, Flags, Ints
from services.dedup.batch.kernel.compiled import compiled

_LEAST_ID = 4


@compiled
def digit(data: Bytes, at: int, stop: int) -> int:
    """The digit that data[at] begins, an Arabic-Indic or a Persian one as well, or -1; those two have two bytes."""
    first = data[at]
    if first < 128:
        return first - 48 if 48 <= first <= 57 else -1
    if at + 1 < stop and (first == 0xD9 and 0xA0 <= data[at + 1] <= 0xA9):
        return data[at + 1] - 0xA0
    if at + 1 < stop and (first == 0xDB and 0xB0 <= data[at + 1] <= 0xB9):
        return data[at + 1] - 0xB0
    return -1


@compiled
def blank(letter: int) -> bool:
    """Whether an ASCII letter is what Python parts words at."""
    return letter == 32 or 9 <= letter <= 13 or 28 <= letter <= 31


@compiled
def identifiers(data: Bytes, offsets: Ints) -> tuple[Bytes, Ints, Flags]:
    """`engine.normalise.identifier` of each text, "" for None: bytes, where each ends, and those left to the engine."""
    out = np.empty(offsets[-1] - offsets[0], dtype=np.uint8)
    ends = np.zeros(len(offsets), dtype=np.int64)
    odd = np.zeros(len(offsets) - 1, dtype=np.bool_)
    start = 0
    for row in range(len(offsets) - 1):
        at, written, told = offsets[row], start, False
        while at < offsets[row + 1] and not odd[row]:
            letter, number = data[at], digit(data, at, offsets[row + 1])
            if number >= 0:
                out[written] = 48 + number
                written += 1
                told |= number > 0
                at += 1 if letter >= 128 else 0
            elif letter >= 128:
                odd[row] = True
            elif 65 <= letter & 0xDF <= 90:
                out[written] = letter & 0xDF
                written += 1
                told = True
            at += 1
        if told and written - start >= _LEAST_ID and not odd[row]:
            start = written
        ends[row + 1] = start
    return out[:start].copy(), ends, odd


@compiled
def folded(data: Bytes, offsets: Ints) -> tuple[Bytes, Ints, Flags]:
    """`shared.arabic.fold` of each text: bytes, where each ends, and those left to the engine."""
    out = np.empty(offsets[-1] - offsets[0], dtype=np.uint8)
    ends = np.zeros(len(offsets), dtype=np.int64)
    odd = np.zeros(len(offsets) - 1, dtype=np.bool_)
    start = 0
    for row in range(len(offsets) - 1):
        at, written, gap = offsets[row], start, False
        while at < offsets[row + 1] and not odd[row]:
            letter, number = data[at], digit(data, at, offsets[row + 1])
            if number < 0 and letter >= 128:
                odd[row] = True
            elif letter < 128 and blank(letter):
                gap = written > start
            else:
                if gap:
                    out[written] = 32
                    written += 1
                out[written] = 48 + number if number >= 0 else letter + 32 if 65 <= letter <= 90 else letter
                written, gap = written + 1, False
                at += 1 if letter >= 128 else 0
            at += 1
        start = start if odd[row] else written
        ends[row + 1] = start
    return out[:start].copy(), ends, odd
