"""How two name units agree, and two lines of forebears.

Levels of a unit in one Arabic spelling each: `exact` after folding; `close` a slip of the pen
apart; `differ`. Where either side is in Latin script, spelling says less and the levels have
names of their own: `script` one name as far as a romanisation tells, `script_close`,
`script_differ`.
"""

from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from services.dedup.engine.phonetic import agrees, is_arabic, key, slots

DOTLESS = str.maketrans("تثنيجخذزشضظغق", "ببببححدرسصطعف")
_SCORE = {"exact": 4, "script": 4, "close": 3, "script_close": 3}
_LONGEST = 6

LevelOf = Callable[[int, int], str]
"""The level at which a unit of one line, by its index, agrees with a unit of another."""


def _arabic_level(a: str, b: str) -> str:
    longest = max(len(a), len(b))
    slips = DamerauLevenshtein.distance(a, b, score_cutoff=2)
    if longest >= 3 and a.translate(DOTLESS) == b.translate(DOTLESS):
        return "close"
    return "close" if slips <= (2 if longest >= 8 else 1 if longest >= 4 else 0) else "differ"


def _latin_level(a: str, b: str) -> str:
    if key(a) == key(b):
        return "script" if JaroWinkler.similarity(a, b) >= 0.8 else "script_close"
    slips = DamerauLevenshtein.distance(a, b, score_cutoff=2)
    return "script_close" if slips <= 1 and max(len(a), len(b)) >= 4 else "script_differ"


def _cross_level(arabic: str, latin: str) -> str:
    if agrees(arabic, latin):
        return "script"
    ours, theirs = slots(arabic)[0], slots(latin)[0]
    if ours == theirs:
        return "script_close" if len(ours) > 2 else "script_differ"
    slips = DamerauLevenshtein.distance(ours, theirs, score_cutoff=2)
    return "script_close" if slips <= 1 and max(len(ours), len(theirs)) >= 4 else "script_differ"


def _level(a: str, b: str) -> str:
    if is_arabic(a) and is_arabic(b):
        return _arabic_level(a, b)
    if is_arabic(a):
        return _cross_level(a, b)
    return _cross_level(b, a) if is_arabic(b) else _latin_level(a, b)


@lru_cache(maxsize=500_000)
def unit_level(a: str, b: str) -> str:
    """The level at which two units agree; symmetric. An empty unit is `missing`. Remembered."""
    if a == b:
        return ("exact" if is_arabic(a) else "script") if a else "missing"
    if not a or not b:
        return "missing"
    return _level(a, b) if a < b else _level(b, a)


def align(level: LevelOf, sizes: tuple[int, int], turned: bool) -> list[tuple[int, int, str]]:
    """Units of two lines of forebears that agree, in order: (index in a, index in b, level).

    level:  how unit i of a agrees with unit j of b. sizes: units of a and of b; only the first six count.
    turned: b comes first. Callers put the lesser line first, so that of equal alignments the same one wins from
            either side.
    Either side may leave units out; none are swapped. At most 36 unit comparisons.
    """
    rows, columns = min(sizes[turned], _LONGEST), min(sizes[not turned], _LONGEST)
    levels = [[level(j, i) if turned else level(i, j) for j in range(columns)] for i in range(rows)]
    found = _path(levels, _best([[_SCORE.get(each, 0) for each in row] for row in levels], columns))
    return [(j, i, each) for i, j, each in found] if turned else found


def _best(scores: list[list[int]], columns: int) -> list[list[int]]:
    """The score of the best alignment of what follows, from each pair of places on."""
    best = [[0] * (columns + 1) for _ in range(len(scores) + 1)]
    for i in range(len(scores) - 1, -1, -1):
        below, row, gains = best[i + 1], best[i], scores[i]
        for j in range(columns - 1, -1, -1):
            row[j] = max(below[j + 1] + gains[j], below[j], row[j + 1])
    return best


def _path(levels: list[list[str]], best: list[list[int]]) -> list[tuple[int, int, str]]:
    pairs = []
    i = j = 0
    while i < len(levels) and j < len(levels[0]):
        level = levels[i][j]
        score = _SCORE.get(level, 0)
        if score and best[i][j] == best[i + 1][j + 1] + score:
            pairs.append((i, j, level))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs
