"""What a model's log odds are worth, told by decided pairs; and thresholds with the errors to be expected.

A sigmoid over the log odds (Platt 1999, "Probabilistic outputs for support vector machines"), as a curve of two
parameters needs far fewer labels than isotonic regression, which overfits below a thousand or so (Niculescu-Mizil &
Caruana 2005). Some decisions are wrong, so that no single one can bend it far (Copas 1988, "Binary regression models
for contaminated data"); and few labels hardly move it from what the model says by itself.
"""

from collections.abc import Sequence
from math import exp, log, log2
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_NATS = log(2.0)
_ERR = 0.02
_SLOPE_SPREAD, _SHIFT_SPREAD = 0.15, 1.0
"""How far from 1 and from 0 bits slope and shift are expected to lie before any label is seen."""
_LEAST_SLOPE, _MOST_SLOPE, _MOST_SHIFT = 0.2, 2.0, 8.0
_STEPS, _FINER = 7, 5
_LEAST_SURE = 0.85
"""No link below this chance, however sure the others are: a wrong one brings its cluster's with it."""
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Decided = Sequence[tuple[float, bool]]
"""Log2 odds of a pair, and whether it is of one person."""


class Calibration(NamedTuple):
    """Calibrated log2 odds = slope x log2 odds + shift."""

    slope: float = 1.0
    shift: float = 0.0

    def probability(self, odds: float) -> float:
        return _sigmoid(self.slope * odds + self.shift)

    def odds_of(self, probability: float) -> float:
        """The log2 odds that are worth `probability`."""
        return (log2(probability / (1 - probability)) - self.shift) / self.slope


class Thresholds(NamedTuple):
    """Probabilities as the model gives them, and what the calibration expects of them; see `Model`."""

    lower: float
    upper: float
    lower_error: float
    upper_error: float


def surprise(odds: float, match: bool) -> float:
    """At a decision, in nats, where the pair's log2 odds were `odds`; some decisions are wrong, so it is bounded."""
    chance = _ERR + (1 - 2 * _ERR) * _sigmoid(odds)
    return -log(chance if match else 1 - chance)


def calibrated(decided: Decided) -> Calibration:
    """The likeliest calibration, found on ever finer grids; the same for the same decisions in any order but rounding.

    Without decisions it changes nothing. Cost: some 250 looks at every decision.
    """
    odds, match = (np.array([each[part] for each in decided]) for part in (0, 1))
    best, slope_step, shift_step = Calibration(), (_MOST_SLOPE - _LEAST_SLOPE) / 3, _MOST_SHIFT / 2
    for _ in range(_FINER):
        tried = [
            Calibration(_held(best.slope + i * slope_step, _LEAST_SLOPE, _MOST_SLOPE),
                        _held(best.shift + j * shift_step, -_MOST_SHIFT, _MOST_SHIFT))
            for i in range(-(_STEPS // 2), _STEPS // 2 + 1) for j in range(-(_STEPS // 2), _STEPS // 2 + 1)
        ]  # fmt: skip
        best = min(tried, key=lambda each: _cost(odds, match.astype(bool), each))
        slope_step, shift_step = slope_step / 3, shift_step / 3
    return best


def thresholds(odds: Sequence[float], calibration: Calibration, wrong: float, doubt: float) -> Thresholds:
    """The lowest upper threshold above which at most the share `wrong` of the pairs is expected to be of two persons,
    and the lower one, below which a pair is of one person with a chance of at most `doubt`.

    odds: log2 odds of a fair sample of the pairs that are compared.
    """
    expected = 0.0
    best: tuple[float, float] | None = None
    ordered = sorted(odds, reverse=True)
    for above, each in enumerate(ordered, start=1):
        expected += 1 - calibration.probability(each)
        if above < len(ordered) and ordered[above] == each:
            continue  # a threshold takes in all that are as likely
        if expected / above > wrong:
            break
        best = each, expected / above
    sure = calibration.odds_of(1 - wrong)
    upper, error = best if best is not None and best[0] < sure else (sure, wrong)
    upper = max(upper, calibration.odds_of(_LEAST_SURE))
    lower = min(calibration.odds_of(doubt), upper - 1.0)
    return Thresholds(_sigmoid(lower), _sigmoid(upper), calibration.probability(lower), error)


def _cost(odds: Floats, match: Flags, by: Calibration) -> float:
    """The surprise at all decisions, and at the calibration itself."""
    chance = _ERR + (1 - 2 * _ERR) / (1 + np.exp2(np.clip(-(by.slope * odds + by.shift), -1000.0, 1000.0)))
    total = -float(np.log(np.where(match, chance, 1 - chance)).sum())
    return total + ((by.slope - 1) / _SLOPE_SPREAD) ** 2 / 2 + (by.shift / _SHIFT_SPREAD) ** 2 / 2


def _sigmoid(odds: float) -> float:
    return 1 / (1 + exp(_held(-odds * _NATS, -700.0, 700.0)))


def _held(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
