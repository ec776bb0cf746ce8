"""Columns as codes: small integers that stand for distinct values."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
V = TypeVar("V", bound=Hashable)
T = TypeVar("T", bound=np.generic)
NOTHING = -1


class Coded(NamedTuple):
    """codes: of each record, NOTHING where nothing was typed. values: what the codes stand for, as typed."""

    codes: Codes
    values: list[str]


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


def encode(column: pa.ChunkedArray) -> Coded:
    """The distinct values of a text column in order of first appearance; blank ones are nothing."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes = encoded.indices.fill_null(NOTHING).to_numpy(zero_copy_only=False).astype(np.int32)
    values = encoded.dictionary.to_pylist()
    blank = np.array([not (value and value.strip()) for value in values], dtype=bool)
    if blank.any():
        codes[(codes >= 0) & blank[codes]] = NOTHING
    return Coded(codes, values)


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
    return Coded(np.full(size, NOTHING, dtype=np.int32), [])


def gather(table: npt.NDArray[np.generic], codes: npt.NDArray[np.integer], missing: object) -> npt.NDArray[np.generic]:
    """table[codes], and `missing` where a code is NOTHING."""
    if not len(table):
        return np.full(codes.shape, missing, dtype=table.dtype)
    return np.where(codes >= 0, table[codes], np.asarray(missing, dtype=table.dtype))


def recode(coded: Coded, meaning: Callable[[str], V | None]) -> tuple[Codes, list[V]]:
    """Codes of what the values mean; values that mean the same share one. `meaning` is asked once a value."""
    index = Index[V]()
    table = np.array([index.of(found) if found is not None else NOTHING for found in map(meaning, coded.values)],
                     dtype=np.int32)  # fmt: skip
    return gather(table, coded.codes, NOTHING).astype(np.int32), index.values
