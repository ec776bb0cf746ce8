"""How two lines of forebears agree, told from the levels of their units alone.

Knows no spelling: the online match asks it about two names, the batch about every pattern of levels once.
"""

from typing import NamedTuple

from services.dedup.engine.units import LevelOf, align

LINE = ("father", "forebear", "family")


class Place(NamedTuple):
    """A level, and which unit of either line shows it; -1 where no unit does."""

    level: str
    i: int = -1
    j: int = -1


NOWHERE = Place("missing")
_SKIPPED = Place("skipped")
_DIFFER = frozenset({"differ", "script_differ"})
Line = tuple[Place, Place, Place]


def line_up(level: LevelOf, sizes: tuple[int, int], same: bool, turned: bool) -> Line:
    """Father, a further forebear (the nearest that agrees, or else the father's father), family.

    level:  of unit i of one line and unit j of the other; sizes: their units, one at least.
    same:   the two lines are equal. turned: the second one comes first in the order of text.

    The last unit is the family's, unless it agrees with a forebear of the other side. A father is
    `skipped` where he agrees with the other side's grandfather: left out there, or a generation
    apart; he differs if then both sides have forebears that the other lacks. Where several stand against each other
    and none agrees, the family is `unrelated` (in two scripts `script_unrelated`) and the others are missing.
    """
    last = (sizes[0] - 1, sizes[1] - 1)
    agreeing = _diagonal(level, sizes[0]) if same else align(level, sizes, turned)
    father, forebear, family = _agreed(agreeing, last)
    left = set(range(sizes[0])).difference(i for i, _, _ in agreeing)
    right = set(range(sizes[1])).difference(j for _, j, _ in agreeing)
    if last[0] in left and last[1] in right:
        family = _unpaired(level, *last)
    if min(last) > 0 and father.level in ("missing", "skipped") and left - {last[0]} and right - {last[1]}:
        father = _unpaired(level, 0, 0)
    if min(last) > 1 and 1 in left and 1 in right and forebear.level == "missing":
        forebear = _unpaired(level, 1, 1)
    return _as_one(father, forebear, family)


def _as_one(father: Place, forebear: Place, family: Place) -> Line:
    """The line as it is, unless nothing of it agrees: that is one fact, as of a wife under her husband's name."""
    levels = {place.level for place in (father, forebear, family) if place.level != "missing"}
    told = sum(place.level != "missing" for place in (father, forebear, family))
    if told < 2 or not levels <= _DIFFER:
        return father, forebear, family
    return NOWHERE, NOWHERE, Place("unrelated" if "differ" in levels else "script_unrelated")


def _diagonal(level: LevelOf, size: int) -> list[tuple[int, int, str]]:
    levels = ((i, level(i, i)) for i in range(size))
    return [(i, i, found) for i, found in levels if found != "missing"]


def _agreed(agreeing: list[tuple[int, int, str]], last: tuple[int, int]) -> Line:
    father, forebear, family = NOWHERE, NOWHERE, NOWHERE
    for i, j, level in agreeing:
        if (i, j) == last:
            family = Place(level, i, j)
        elif i == j == 0:
            father = Place(level, i, j)
        else:
            forebear = Place(level, i, j) if forebear.level == "missing" else forebear
            if father.level == "missing" and min(i, j) == 0:
                father = _SKIPPED
    return father, forebear, family


def _unpaired(level: LevelOf, i: int, j: int) -> Place:
    """Where two units stand in one place and neither found its like elsewhere."""
    found = level(i, j)
    return NOWHERE if found == "missing" else Place(found, i, j)
