"""Whether probabilities mean what they say, and how right the pairs above a threshold are."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Flags, Floats

BINS = 10
_Z95 = 1.959963984540054  # of the normal distribution, two-sided 95 %


class Bin(NamedTuple):
    """Pairs with a probability in [low, high): how many, the mean probability `said`, the share of true ones `seen`."""

    low: float
    high: float
    pairs: int
    said: float
    seen: float


class Cut(NamedTuple):
    """Pairs of at least a probability: how many, how many of them true, and how many true pairs there are at all.

    low, high: 95 % Wilson interval of the precision; pairs are taken as independent, which those of one person
    are not quite. precision is None where no pair reaches the threshold, recall where there is no true pair.
    """

    threshold: float
    pairs: int
    right: int
    true_pairs: int
    low: float
    high: float

    @property
    def precision(self) -> float | None:
        return self.right / self.pairs if self.pairs else None

    @property
    def recall(self) -> float | None:
        return self.right / self.true_pairs if self.true_pairs else None


def reliability(probability: Floats, right: Flags, bins: int = BINS) -> list[Bin]:
    """The reliability curve over `bins` bins of equal width, the last with its upper end 1; empty ones are left out.

    right: which of the pairs are of one person.
    """
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    pairs = np.bincount(place, minlength=bins)
    said = np.bincount(place, weights=probability, minlength=bins)
    seen = np.bincount(place, weights=right, minlength=bins)
    return [
        Bin(b / bins, (b + 1) / bins, int(pairs[b]), float(said[b] / pairs[b]), float(seen[b] / pairs[b]))
        for b in np.flatnonzero(pairs).tolist()
    ]


def calibration_error(curve: Sequence[Bin]) -> float | None:
    """Expected calibration error of a reliability curve, in [0, 1]; None without a pair.

    The sum over bins of P(bin) * |share of true pairs in it - mean probability in it|, where P(bin) is the share of
    all pairs that fall into the bin (Naeini, Cooper & Hauskrecht, "Obtaining well calibrated probabilities using
    Bayesian binning", AAAI 2015). It speaks of the pairs given: those that a linkage did not keep are not in it.
    """
    every = sum(each.pairs for each in curve)
    return sum(each.pairs * abs(each.seen - each.said) for each in curve) / every if every else None


def brier(probability: Floats, right: Flags) -> float | None:
    """The mean square of probability less outcome, in [0, 1] (Brier 1950); None without a pair."""
    return float(np.mean((probability - right) ** 2)) if len(probability) else None


def cuts(probability: Floats, right: Flags, true_pairs: int, thresholds: Sequence[float]) -> list[Cut]:
    """How right the pairs at or above each threshold are. true_pairs: of the truth, whether among the pairs or not."""
    order = np.argsort(probability)
    rising, below = probability[order], np.concatenate(([0], np.cumsum(right[order])))
    found = []
    for threshold in thresholds:
        first = int(np.searchsorted(rising, threshold, side="left"))
        pairs, true = len(rising) - first, int(below[-1] - below[first])
        found.append(Cut(threshold, pairs, true, true_pairs, *wilson(true, pairs)))
    return found


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); (0, 1) where nothing was counted."""
    if not of:
        return 0.0, 1.0
    share, z2 = right / of, _Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z95 / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return 0.0 if not right else middle - half, 1.0 if right == of else middle + half
