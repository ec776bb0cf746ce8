"""How likely two written names are one person's name, in whatever script either is written.

Units are aligned in order. An Arabic unit is held against a Latin one letter by letter: the bits by which this
spelling is likelier as a romanisation of that unit than as any other name. Units in one script go by the engine's
levels. Two well-known names are two, in either script, though a letter is all that tells them apart.
"""

from functools import lru_cache
from math import exp
from typing import NamedTuple

from rapidfuzz.distance import Indel

from services.dedup.engine.lookalike import lookalike
from services.dedup.engine.names import arabic_units, latin_units
from services.dedup.engine.phonetic import is_arabic, key, slots
from services.dedup.engine.romanised import romanised
from services.dedup.engine.units import unit_level

Units = tuple[str, ...]
_LEAST, _MOST = -8.0, 15.0
_GAP = -1.0
_OF_LEVEL = {"exact": 15.0, "script": 12.0, "close": 7.0, "script_close": 4.0, "missing": 0.0}


class Likeness(NamedTuple):
    """score: the probability of one name, in [0, 1], where one pair of four is. reason: in Arabic and in English."""

    score: float
    ar: str
    en: str


class _Features(NamedTuple):
    """Bits of the weakest unit that found its like, of the first and the last ones, and of the names in one piece.

    strangers: units of either name, pair by pair, that found none.
    lookalikes: whether two of these are well-known names that look alike.
    slips: whether units that found each other are spelled a letter apart, in one script.
    """

    weakest: float
    first: float
    last: float
    whole: float
    strangers: int
    left_out: int
    lookalikes: bool
    slips: bool


# Fitted by logistic regression to labelled pairs of names in both scripts.
_CONSTANT, _WEAKEST, _FIRST, _LAST, _WHOLE, _STRANGERS = -2.81, 0.326, 0.17, 0.108, 0.053, -4.67
_WEAK = 3.0


def likeness(a: str, b: str) -> Likeness:
    """Symmetric. Cost: of the letters of a times those of b; unit pairs are remembered."""
    ours, theirs = _cut(a), _cut(b)
    if not ours or not theirs:
        return Likeness(0.0, "لا اسم في أحدهما", "one of them holds no name")
    found = _features(ours, theirs)
    logit = (
        _CONSTANT + _WEAKEST * min(found.weakest, 10.0) + _FIRST * min(found.first, 10.0)
        + _LAST * min(found.last, 10.0) + _WHOLE * min(found.whole, 25.0) + _STRANGERS * found.strangers
    )  # fmt: skip
    return Likeness(1.0 / (1.0 + exp(-logit)), *_reason(found))


def _cut(text: str) -> Units:
    units = arabic_units(text) or latin_units(text)
    return tuple(unit for unit in units if unit)


def _features(a: Units, b: Units) -> _Features:
    bits = [[unit_bits(x, y) for y in b] for x in a]
    matched = _aligned(bits)
    alone = len(a) - len(matched), len(b) - len(matched)
    return _Features(
        weakest=min((bits[i][j] for i, j in matched), default=_LEAST),
        first=bits[0][0],
        last=bits[-1][-1],
        whole=_whole("".join(a), "".join(b)),
        strangers=min(alone),
        left_out=abs(alone[0] - alone[1]),
        lookalikes=_lookalikes(a, b, matched),
        slips=any(unit_level(a[i], b[j]) == "close" for i, j in matched),
    )


def _lookalikes(a: Units, b: Units, matched: list[tuple[int, int]]) -> bool:
    """Whether one name has a well-known name where the other has one that looks like it."""
    ours = set(range(len(a))) - {i for i, _ in matched}
    theirs = set(range(len(b))) - {j for _, j in matched}
    return any(lookalike(a[i], b[j]) for i in ours for j in theirs)


def _aligned(bits: list[list[float]]) -> list[tuple[int, int]]:
    """Places of the units that are each other's like, in order, for the most bits in all."""
    rows, columns = len(bits), len(bits[0])
    best = [[_GAP * (i + j) for j in range(columns + 1)] for i in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j + 1] + bits[i][j], best[i + 1][j] + _GAP, best[i][j + 1] + _GAP)
    matched, i, j = [], 0, 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j + 1] + bits[i][j]:
            matched.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j] + _GAP:
            i += 1
        else:
            j += 1
    return matched


@lru_cache(maxsize=500_000)
def unit_bits(a: str, b: str) -> float:
    """How much likelier b is as a spelling of a than as another name, from -8 to 15 bits; symmetric."""
    if lookalike(a, b):
        return _LEAST
    if is_arabic(a) != is_arabic(b):
        bits = romanised(a, b) if is_arabic(a) else romanised(b, a)
        return max(_LEAST, min(0.0 if _long_u_apart(a, b) else _MOST, bits))
    return _OF_LEVEL.get(unit_level(a, b), _LEAST)


def _long_u_apart(a: str, b: str) -> bool:
    """Whether a long u is all that tells the two apart, as it does محمد from Mahmoud."""
    return slots(a)[0] == slots(b)[0] and key(a) != key(b)


def _whole(a: str, b: str) -> float:
    """The same for two names in one piece, which does not depend on where they are cut."""
    if is_arabic(a) != is_arabic(b):
        return max(-15.0, min(40.0, romanised(a, b) if is_arabic(a) else romanised(b, a)))
    return 55.0 * float(Indel.normalized_similarity(a, b)) - 15.0


def _reason(found: _Features) -> tuple[str, str]:
    if found.strangers and found.lookalikes:
        return "جزء في أحدهما اسم معروف آخر يشبه نظيره", "a part is another well-known name, though it looks alike"
    if found.strangers:
        return "في كل منهما جزء لا نظير له في الآخر", "each has a part that the other has not"
    if found.weakest < _WEAK:
        return "جزء منهما لا يكتب عادة هكذا", "a part is not usually written like its counterpart"
    if found.slips:
        return "تتفق الأجزاء إلا خطأ إملائيا محتملا", "the parts agree but for what may be a slip of the pen"
    if found.left_out:
        return "تتفق الأجزاء، وأحدهما أطول", "the parts agree; one name is longer"
    return "كل الأجزاء متفقة", "all parts agree"
