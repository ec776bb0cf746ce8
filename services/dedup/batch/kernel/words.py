"""Texts cut at their spaces, every distinct word given a code."""

import numpy as np

from services.dedup.batch.coded import Bytes, Codes, Ints
from services.dedup.batch.kernel.compiled import compiled

_SPACE = 32
_FREE = -1


@compiled
def end_of(data: Bytes, start: int, stop: int, longest: int) -> int:
    """Where the first `longest` letters of UTF-8 text data[start:stop] end."""
    if stop - start <= longest:
        return stop
    letters = 0
    for at in range(start, stop):
        if data[at] & 0xC0 != 0x80:
            if letters == longest:
                return at
            letters += 1
    return stop


@compiled
def count_words(data: Bytes, offsets: Ints, longest: int) -> Ints:
    """Where each text's words start among all words; of a text only the first `longest` letters are read."""
    starts = np.zeros(len(offsets), dtype=np.int64)
    for row in range(len(offsets) - 1):
        words = 0
        inside = False
        for at in range(offsets[row], end_of(data, offsets[row], offsets[row + 1], longest)):
            letter = data[at] != _SPACE
            if letter and not inside:
                words += 1
            inside = letter
        starts[row + 1] = starts[row] + words
    return starts


@compiled
def code_words(data: Bytes, offsets: Ints, starts: Ints, longest: int) -> tuple[Codes, Ints]:
    """The code of each word, and where in `data` each distinct one lies, in order of first appearance."""
    codes = np.empty(starts[-1], dtype=np.int32)
    spans = np.empty((1024, 3), dtype=np.int64)  # start and end of a distinct word, and its hash
    table = np.full(4096, _FREE, dtype=np.int32)
    found = 0
    for row in range(len(offsets) - 1):
        at = offsets[row]
        end = end_of(data, at, offsets[row + 1], longest)
        for word in range(starts[row], starts[row + 1]):
            while data[at] == _SPACE:
                at += 1
            start, hashed = at, np.int64(-3750763034362895579)
            while at < end and data[at] != _SPACE:
                hashed = (hashed ^ data[at]) * np.int64(1099511628211)
                at += 1
            hashed ^= hashed >> 32
            slot = _slot(table, spans, data, start, at, hashed)
            if table[slot] == _FREE:
                if found == len(spans):
                    spans, table = _grown(spans, found)
                    slot = _slot(table, spans, data, start, at, hashed)
                table[slot] = found
                spans[found, 0], spans[found, 1], spans[found, 2] = start, at, hashed
                found += 1
            codes[word] = table[slot]
    return codes, spans[:found, :2].copy()


@compiled
def _slot(table: Codes, spans: Ints, data: Bytes, start: int, end: int, hashed: np.int64) -> np.int64:
    """Where the word data[start:end] is in the table, or the free place for it."""
    slot = hashed & (len(table) - 1)
    while table[slot] != _FREE:
        begin = spans[table[slot], 0]
        if spans[table[slot], 2] == hashed and spans[table[slot], 1] - begin == end - start:
            same = 0
            while same < end - start and data[begin + same] == data[start + same]:
                same += 1
            if same == end - start:
                return slot
        slot = (slot + 1) & (len(table) - 1)
    return slot


@compiled
def _grown(spans: Ints, found: int) -> tuple[Ints, Codes]:
    """Room for twice the words, and a table that is a quarter full at most."""
    more = np.empty((2 * len(spans), 3), dtype=np.int64)
    more[:found] = spans[:found]
    table = np.full(4 * len(more), _FREE, dtype=np.int32)
    for code in range(found):
        slot = more[code, 2] & (len(table) - 1)
        while table[slot] != _FREE:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = code
    return more, table


@compiled
def spread(starts: Ints, codes: Codes, part_starts: Ints, parts: Codes, most: int) -> tuple[Ints, Codes]:
    """Each word replaced by its parts, none or several; of each text the first `most` parts."""
    sizes = np.zeros(len(starts), dtype=np.int64)
    for row in range(len(starts) - 1):
        size = 0
        for place in range(starts[row], starts[row + 1]):
            size += part_starts[codes[place] + 1] - part_starts[codes[place]]
        sizes[row + 1] = sizes[row] + min(size, most)
    spread_codes = np.empty(sizes[-1], dtype=np.int32)
    for row in range(len(starts) - 1):
        at = sizes[row]
        for place in range(starts[row], starts[row + 1]):
            for part in range(part_starts[codes[place]], part_starts[codes[place] + 1]):
                if at < sizes[row + 1]:
                    spread_codes[at] = parts[part]
                    at += 1
    return sizes, spread_codes


@compiled
def packed(starts: Ints, codes: Codes, kinds: Bytes, bits: int) -> Ints:
    """The kinds of each text's words as one number, the first word's in the lowest bits."""
    numbers = np.zeros(len(starts) - 1, dtype=np.int64)
    for row in range(len(starts) - 1):
        for place in range(starts[row + 1] - 1, starts[row] - 1, -1):
            numbers[row] = numbers[row] << bits | kinds[codes[place]]
    return numbers


@compiled
def as_sets(starts: Ints, codes: Codes) -> tuple[Ints, Codes]:
    """Each text's words in order, each once."""
    ends = np.zeros(len(starts), dtype=np.int64)
    kept = np.empty(len(codes), dtype=np.int32)
    at = 0
    for row in range(len(starts) - 1):
        ordered = np.sort(codes[starts[row] : starts[row + 1]])
        for place in range(len(ordered)):
            if place == 0 or ordered[place] != ordered[place - 1]:
                kept[at] = ordered[place]
                at += 1
        ends[row + 1] = at
    return ends, kept[:at].copy()


@compiled
def joined(parts: Codes, blank: int, width: int) -> Codes:
    """Names typed in parts as one each: rows of `width` units, of more of them the first ones and the last.

    parts: names x parts x units, NOTHING (-1) where there is none. blank: the unit for a first part that was left out.
    """
    rows = np.full((len(parts), width), -1, dtype=np.int32)
    for row in range(len(parts)):
        size = 0
        for part in range(parts.shape[1]):
            for unit in parts[row, part]:
                if unit < 0:
                    continue
                if size == 0 and part > 0:
                    rows[row, 0] = blank
                    size = 1
                rows[row, min(size, width - 1)] = unit
                size += 1
    return rows
