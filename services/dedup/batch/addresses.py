"""Addresses of a file as sets of words."""

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import NOTHING, Coded, Codes, Ints, gather
from services.dedup.batch.kernel.words import as_sets, spread
from services.dedup.batch.text import Words, words_of
from services.dedup.engine.normalise import address_words

_ALL = 1 << 60


def addresses(coded: Coded) -> tuple[Codes, Words]:
    """Each record's set of words, and the distinct sets; codes of words are in the order of text."""
    typed = words_of(coded.values, _ALL)
    meant = [address_words(word) for word in typed.values]
    values = sorted({word for words in meant for word in words})
    code = {word: place for place, word in enumerate(values)}
    ends = np.cumsum([0, *map(len, meant)], dtype=np.int64)
    flat = np.array([code[word] for words in meant for word in words], dtype=np.int32)
    offsets, codes = as_sets(*spread(typed.offsets, typed.codes, ends, flat, _ALL))
    return _distinct(coded, offsets, codes, values)


def _distinct(coded: Coded, offsets: Ints, codes: Codes, values: list[str]) -> tuple[Codes, Words]:
    """Sets told apart by the bytes of their codes; an empty one is nothing."""
    places = pa.py_buffer(offsets * codes.itemsize)
    sets = pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, [None, places, pa.py_buffer(codes)])
    encoded = sets.dictionary_encode()
    different = encoded.dictionary
    sizes = np.diff(np.frombuffer(different.buffers()[1], dtype=np.int64)[: len(different) + 1]) // codes.itemsize
    held = sizes > 0
    table = np.where(held, np.cumsum(held) - 1, NOTHING).astype(np.int32)
    which = gather(table, np.asarray(encoded.indices))
    words = np.frombuffer(different.buffers()[2] or b"", dtype=np.int32)
    return gather(which, coded.codes), Words(np.cumsum([0, *sizes[held]], dtype=np.int64), words, values)
