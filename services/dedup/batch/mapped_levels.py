"""Levels of pairs of values of mapped columns, many at a time; each kind against a table made once of its values.

Codes come in as two arrays of one length, none of them NOTHING and none equal; levels come out as bytes, places in
LEVELS of the kind. They do not depend on which value is left.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.dedup.batch.coded import Codes, Floats, distinct
from services.dedup.batch.mapped_values import Day

Kind = Literal["exact", "text", "number", "date"]
KINDS: Final[tuple[Kind, ...]] = ("exact", "text", "number", "date")
LEVELS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "exact": ("missing", "exact", "differ"),
    "text": ("missing", "exact", "close", "near", "differ"),
    "number": ("missing", "exact", "close", "differ"),
    "date": ("missing", "exact", "close", "near", "differ"),
}
CODES = {kind: {level: code for code, level in enumerate(levels)} for kind, levels in LEVELS.items()}
CLOSE, NEAR = 0.85, 0.7
"""Least similarity of texts: one slip in seven letters, and two."""
LONGEST = 300
"""Letters of a text that are compared, so that no pair costs more than another by much."""
DAYS_OFF = 2.0

Level = npt.NDArray[np.uint8]
Compare = Callable[[Codes, Codes], Level]


def text_levels(values: Sequence[str]) -> Compare:
    """By the share of letters that need no change (optimal string alignment), with the words in order or sorted.

    Cost: each distinct pair of values once a call, some two million a second.
    """
    plain = [value[:LONGEST] for value in values]
    turned = [" ".join(sorted(value.split()))[:LONGEST] for value in values]

    def compare(left: Codes, right: Codes) -> Level:
        pairs = np.minimum(left, right).astype(np.int64) * len(values) + np.maximum(left, right)
        once = distinct(pairs)
        one, other = (once // max(1, len(values))).tolist(), (once % max(1, len(values))).tolist()
        alike = np.maximum(_alike(plain, one, other), _alike(turned, one, other))
        return np.asarray(_by_least(alike)[np.searchsorted(once, pairs)])

    return compare


def _alike(texts: Sequence[str], one: Sequence[int], other: Sequence[int]) -> npt.NDArray[np.float32]:
    """Similarities from 0 to 1; 0 for those below NEAR."""
    return process.cpdist([texts[code] for code in one], [texts[code] for code in other],
                          scorer=OSA.normalized_similarity, score_cutoff=NEAR, dtype=np.float32)  # fmt: skip


def _by_least(alike: npt.NDArray[np.float32]) -> Level:
    codes = CODES["text"]
    rounded = np.round(alike, 5)
    return np.select(
        [rounded >= np.float32(CLOSE), rounded >= np.float32(NEAR)], [codes["close"], codes["near"]], codes["differ"]
    ).astype(np.uint8)


def number_levels(values: Sequence[float], tolerance: float) -> Compare:
    """Close: at most `tolerance` apart, whichever is larger."""
    table: Floats = np.array(values, dtype=np.float64)
    codes = CODES["number"]

    def compare(left: Codes, right: Codes) -> Level:
        near = np.abs(table[left] - table[right]) <= tolerance
        return np.where(near, codes["close"], codes["differ"]).astype(np.uint8)

    return compare


def date_levels(values: Sequence[Day], tolerance: float) -> Compare:
    """Close: at most `tolerance` days apart, or day and month turned about. Near: but one of year, month and day is
    another (the year by 1, 2 or 10), or the same as far as the lesser known of the two goes."""
    dates = [date.fromordinal(value.ordinal) for value in values]
    ordinal, parts, year, month, day = (
        np.array(column, dtype=np.int64)
        for column in (
            [value.ordinal for value in values], [value.parts for value in values],
            [each.year for each in dates], [each.month for each in dates], [each.day for each in dates],
        )
    )  # fmt: skip
    codes = CODES["date"]

    def compare(a: Codes, b: Codes) -> Level:
        whole = (parts[a] == 3) & (parts[b] == 3)
        years, months, days = year[a] == year[b], month[a] == month[b], day[a] == day[b]
        turned = years & (month[a] == day[b]) & (day[a] == month[b])
        close = whole & ((np.abs(ordinal[a] - ordinal[b]) <= tolerance) | turned)
        slip = (years & (months | days)) | (months & days & np.isin(np.abs(year[a] - year[b]), (1, 2, 10)))
        known = np.minimum(parts[a], parts[b])
        same = years & (months | (known < 2))
        near = np.where(whole, slip, same)
        return np.select([close, near], [codes["close"], codes["near"]], codes["differ"]).astype(np.uint8)

    return compare


def exact_levels(left: Codes, right: Codes) -> Level:
    return np.full(len(left), CODES["exact"]["differ"], dtype=np.uint8)
