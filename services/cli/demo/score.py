"""How well the doubles were found, held against the simulator's truth. Pure.

Precision is the share of what was found that is true, recall the share of what is true that was found. A pair is a
pair whichever of its two requests was flagged.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one kind of thing: those found, those of them that are true, and all that are true."""

    found: int
    right: int
    true: int

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.true if self.true else None


def true_pairs(overlaps: Iterable[tuple[int, int]], stored: Mapping[int, str]) -> set[Pair]:
    """The simulator's pairs by our request ids; a request that was refused stands under a name that nobody finds."""
    return {frozenset(stored.get(index, f"refused {index}") for index in pair) for pair in overlaps}


def score_pairs(found: Iterable[Pair], true: Collection[Pair], simulated: Collection[str]) -> Score:
    """Pairs with no simulated request in them are left out, as their truth is not known here.

    A pair of a simulated request and another one is wrong: they are never for one person.
    """
    ids = set(simulated)
    ours = {pair for pair in found if pair & ids}
    return Score(len(ours), len(ours & set(true)), len(true))


def score_requests(found: Iterable[Pair], true: Collection[Pair], simulated: Collection[str]) -> Score:
    """The same by requests: one that is in any pair found, and one that is in any true pair."""
    ids, truth = set(simulated), set(true)
    ours = {pair for pair in found if pair & ids}
    flagged = {request for pair in ours for request in pair & ids}
    right = {request for pair in ours & truth for request in pair}
    return Score(len(flagged), len(right), len({request for pair in truth for request in pair}))
