"""Arrow strings as bytes that kernels read, and back."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.dedup.batch.coded import NOTHING, Bytes, Coded, Codes, Flags, Ints, encode, gather
from services.dedup.batch.kernel.words import code_words, count_words

Cleaned = Callable[[Bytes, Ints], tuple[Bytes, Ints, Flags]]
"""A kernel: texts in, the same in one form, where each ends, and which it leaves to the engine."""


class Text(NamedTuple):
    """n texts in UTF-8: text i is data[offsets[i]:offsets[i + 1]]."""

    data: Bytes
    offsets: Ints

    def at(self, start: int, end: int) -> str:
        return self.data[start:end].tobytes().decode()


class Words(NamedTuple):
    """n texts as words: those of text i are codes[offsets[i]:offsets[i + 1]]; values: what the codes stand for."""

    offsets: Ints
    codes: Codes
    values: list[str]

    def of(self, place: int) -> tuple[str, ...]:
        """The words of one text."""
        codes = self.codes[self.offsets[place] : self.offsets[place + 1]]
        return tuple(self.values[code] for code in codes.tolist())


def laid_out(values: pa.Array) -> Text:
    """The bytes of Arrow strings that hold no null; nothing is copied but the offsets."""
    _, offsets, data = values.buffers()
    wide = pa.types.is_large_string(values.type)
    if offsets is None or not len(values):
        return Text(np.empty(0, dtype=np.uint8), np.zeros(1, dtype=np.int64))
    places = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)[values.offset :][: len(values) + 1]
    return Text(np.frombuffer(data or b"", dtype=np.uint8), places.astype(np.int64))


def strings(data: Bytes, offsets: Ints) -> pa.Array:
    """Texts as Arrow strings; wide ones only where they must be."""
    wide = len(data) >= 1 << 31
    buffers = [None, pa.py_buffer(offsets if wide else offsets.astype(np.int32)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.large_string() if wide else pa.string(), len(offsets) - 1, buffers)


def words_of(values: pa.Array, longest: int) -> Words:
    """Texts as their words between spaces, as typed; of each text the first `longest` letters."""
    text = laid_out(values)
    starts = count_words(*text, longest)
    codes, spans = code_words(*text, starts, longest)
    return Words(starts, codes, [text.at(start, end) for start, end in spans.tolist()])


def reread(values: pa.Array, cleaned: Cleaned, plain: Callable[[str], str | None], empty: frozenset[str]) -> Coded:
    """What each value means; those that mean one of `empty` are nothing. The values hold no null.

    plain: what `cleaned` does by machine, for the values it leaves.
    """
    data, ends, odd = cleaned(*laid_out(values))
    meant = strings(data, ends)
    if odd.any():
        left, different = encode(values.filter(pa.array(odd)))
        read = pa.array([plain(text) or "" for text in different.to_pylist()], meant.type)
        meant = pc.replace_with_mask(meant, pa.array(odd), read.take(left))
    codes, found = encode(meant)
    kept = ~np.asarray(pc.is_in(found, pa.array(sorted(empty), found.type)), dtype=bool)
    table = np.where(kept, np.cumsum(kept) - 1, NOTHING).astype(np.int32)
    return Coded(gather(table, codes), found.filter(pa.array(kept)))
