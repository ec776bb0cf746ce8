"""Cells of plain text in the form that is compared; a cell with a letter beyond ASCII is left to the engine."""

import numpy as np

from services.dedup.batch.coded import Bytes, Flags, Ints
from services.dedup.batch.kernel.compiled import compiled

_LEAST_ID = 4


@compiled
def digit(first: int, second: int) -> int:
    """The digit that two bytes begin with, or -1; an Arabic-Indic or a Persian one takes both."""
    if first < 128:
        return first - 48 if 48 <= first <= 57 else -1
    if first == 0xD9 and 0xA0 <= second <= 0xA9:
        return second - 0xA0
    return second - 0xB0 if first == 0xDB and 0xB0 <= second <= 0xB9 else -1


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
        at, stop, written, told = offsets[row], offsets[row + 1], start, False
        while at < stop:
            letter = data[at]
            number = digit(letter, data[at + 1] if at + 1 < stop else 0)
            if number >= 0:
                out[written] = 48 + number
                written += 1
                told |= number > 0
                at += 1 if letter >= 128 else 0
            elif letter >= 128:
                odd[row] = True
                break
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
        at, stop, written, gap = offsets[row], offsets[row + 1], start, False
        while at < stop:
            letter = data[at]
            number = digit(letter, data[at + 1] if at + 1 < stop else 0)
            if number < 0 and letter >= 128:
                odd[row] = True
                break
            if letter < 128 and blank(letter):
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
