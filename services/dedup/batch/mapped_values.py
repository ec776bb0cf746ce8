"""What the cells of a mapped column mean: a text without its spelling, a number, a day. Cells that mean the same share
one code, and codes are in the order of meaning, whatever the order of records."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import NOTHING, Coded, Codes, encode, gather
from services.dedup.batch.coded import texts as texts_of
from services.dedup.batch.dates import order_of, written_birth
from services.dedup.batch.fields import EMPTY
from shared.arabic import ascii_digits, fold

_NOT_OF_A_WORD = re.compile(r"[^\w]+|_+")
_THOUSANDS = re.compile(r"(?<=\d)[,٬ \u00a0'](?=\d{3}(?:\D|$))")
_DECIMAL = re.compile(r"(?<=\d)[,٫](?=\d)")
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d*)?")
V = TypeVar("V", str, float, "Day")


class Day(NamedTuple):
    """A day by its proleptic number. parts: how many of year, month and day were written."""

    ordinal: int
    parts: int


class Meant(NamedTuple):
    """codes: of each record, NOTHING where the cell is empty or means nothing. values: in order."""

    codes: Codes
    values: Sequence[str] | Sequence[float] | Sequence[Day]


def texts(column: pa.ChunkedArray) -> Meant:
    """Words without punctuation, folded."""
    return _meant(encode(column), lambda text: _filled(" ".join(_NOT_OF_A_WORD.sub(" ", fold(text)).split())))


def exact_texts(column: pa.ChunkedArray) -> Meant:
    """Folded; punctuation counts."""
    return _meant(encode(column), lambda text: _filled(fold(text)))


def numbers(column: pa.ChunkedArray) -> Meant:
    return _meant(encode(column), number)


def days(column: pa.ChunkedArray) -> Meant:
    """In either calendar and any order of the parts that the column as a whole allows."""
    typed = encode(column)
    order = order_of(texts_of(typed.values))

    def meaning(text: str) -> Day | None:
        found = written_birth(text, order)
        return Day(found.day.toordinal(), ("year", "month", "day").index(found.precision) + 1) if found else None

    return _meant(typed, meaning)


def number(text: str) -> float | None:
    """The number that `text` is, with any digits: 1234, 1,234, ١٢٣٤٫٥ and 3,5 are numbers; 12 b is none."""
    plain = ascii_digits(text).strip()
    plain = _DECIMAL.sub(".", _THOUSANDS.sub("", plain), count=1)
    return float(plain) if _NUMBER.fullmatch(plain) else None


def _filled(folded: str) -> str | None:
    return None if folded in EMPTY else folded


def _meant(typed: Coded, meaning: Callable[[str], V | None]) -> Meant:
    meanings = [meaning(value) if value.strip() else None for value in texts_of(typed.values)]
    values = sorted({found for found in meanings if found is not None})
    place = {value: code for code, value in enumerate(values)}
    table = np.array([place[found] if found is not None else NOTHING for found in meanings], dtype=np.int32)
    return Meant(gather(table, typed.codes), values)
