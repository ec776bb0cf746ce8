"""Columns as codes: small integers that stand for distinct values."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
V = TypeVar("V", bound=Hashable)
T = TypeVar("T", bound=np.generic)
NOTHING = -1
_LONG = 1 << 30  # bytes of a column, beyond which its offsets must be wide


class Coded(NamedTuple):
    """codes: of each record, NOTHING where nothing was typed. values: Arrow strings that the codes stand for."""

    codes: Codes
    values: pa.Array


class Index(Generic[V]):
    """Gives out codes for values, in order of first asking."""

    def __init__(self) -> None:
        self.values: list[V] = []
        self._codes: dict[V, int] = {}

    def of(self, value: V) -> int:
        code = self._codes.get(value)
        if code is None:
            code = self._codes[value] = len(self.values)
            self.values.append(value)
        return code


def one_piece(column: pa.ChunkedArray) -> pa.Array:
    """A text column without chunks; its offsets are wide where they must be."""
    return _wide(column).combine_chunks()


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A text column without chunks, "" for null."""
    values = one_piece(column)
    return values.fill_null("") if values.null_count else values


def _wide(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.large_string()) if column.nbytes > _LONG and pa.types.is_string(column.type) else column


def encode(column: pa.Array | pa.ChunkedArray) -> Coded:
    """The distinct values of a text column in order of first appearance; null is nothing."""
    if isinstance(column, pa.Array):
        column = pa.chunked_array([column])
    chunks = _wide(column).dictionary_encode().chunks
    codes = np.empty(len(column), dtype=np.int32)
    start = 0
    for chunk in chunks:
        codes[start : start + len(chunk)] = chunk.indices.fill_null(NOTHING)
        start += len(chunk)
    return Coded(codes, chunks[-1].dictionary if chunks else pa.array([], column.type))


def distinct(values: npt.NDArray[T]) -> npt.NDArray[T]:
    """The different values, in order. By sorting, which for integers is several times faster than numpy's hashing."""
    ordered = np.sort(values)
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def texts(values: Sequence[str] | pa.Array) -> Sequence[str]:
    """Values as Python text, however they are held."""
    return values.to_pylist() if isinstance(values, pa.Array) else values


def nothing(size: int) -> Coded:
    """A column that was not there."""
    return Coded(np.full(size, NOTHING, dtype=np.int32), pa.array([], pa.string()))


def gather(table: npt.NDArray[T], codes: Codes) -> npt.NDArray[T]:
    """table[codes], and NOTHING where a code is NOTHING, which as an index is the last place."""
    found: npt.NDArray[T] = np.append(table, np.asarray(NOTHING, dtype=table.dtype))[codes]
    return found


def recode(coded: Coded, meaning: Callable[[str], V | None]) -> tuple[Codes, list[V]]:
    """Codes of what the values mean; values that mean the same share one. `meaning` is asked once a value."""
    index = Index[V]()
    found = map(meaning, coded.values.to_pylist())
    table = np.array([index.of(each) if each is not None else NOTHING for each in found], dtype=np.int32)
    return gather(table, coded.codes), index.values


def encode_numbers(values: Ints) -> tuple[Codes, Ints]:
    """Codes of numbers and what they stand for, in order of first appearance; a negative number is nothing."""
    encoded = pa.array(values, mask=values < 0).dictionary_encode()
    return np.asarray(encoded.indices.fill_null(NOTHING)), np.asarray(encoded.dictionary)
