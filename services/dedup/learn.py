"""A model improved by what reviewers decided on pairs of records.

Logistic regression over the levels of the fields, which starts from the model's own weights: its log odds are the
offset, and every level's weight may move away by what the decisions demand of it (ridge; Hoerl & Kennard 1970).
Reviewers see doubtful pairs, which are no fair sample of all; the chance of a match *given* the levels does not
depend on which pairs were shown, whereas the shares of levels among matches do. That is why the decided pairs are not
simply counted among those that expectation-maximisation learns from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.dedup.engine.calibrate import Calibration, calibrated, surprise
from services.dedup.engine.compare import FIELDS, Comparison
from services.dedup.engine.estimate import GROUPS
from services.dedup.engine.frequencies import Frequencies
from services.dedup.engine.weigh import weighed
from services.dedup.model import Chances, Model

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

REVIEWERS_ERR = 0.02
"""Share of reviewers' decisions that are held to be wrong, so that no single one moves much."""
WEIGHT_SPREAD, PRIOR_SPREAD = 0.5, 1.5
"""Bits by which a level's weight and the prior are expected to be off, before any decision is seen."""
OF_EACH_KIND = 10
"""With fewer pairs decided as one person, or as two, nothing is learned from them."""
WORTH = 0.5
"""The least that a bit of evidence must be worth by the decisions; below it they look like guesses."""
_ROUNDS = 25
_NATS = log(2.0)
_LEAST = 1e-9


class LabelsContradict(ValueError):
    """The decisions say something else than the records, or the opposite: nothing can be learned from them."""


@dataclass(frozen=True)
class Seen:
    """n pairs as a model sees them. levels: n x FIELDS places in `Slots`; strangers: log2 of the chance of the levels
    among strangers, by the frequencies of their values."""

    levels: Ints
    strangers: Floats

    def of(self, places: Flags) -> "Seen":
        return Seen(self.levels[places], self.strangers[places])


class Labels(NamedTuple):
    """match: of each pair, whether a reviewer held it for one person. half: which of two halves it is in.

    Pairs that have a record in common should be in one half.
    """

    pairs: Seen
    match: Flags
    half: Flags

    def of(self, places: Flags) -> "Labels":
        return Labels(self.pairs.of(places), self.match[places], self.half[places])


class Improved(NamedTuple):
    """used: whether the labels changed the model. before, after: mean surprise in nats at labels that the model had
    not seen, each half judged by what the other one taught; calibration: what its log odds are worth, by the same."""

    model: Model
    used: bool
    before: float
    after: float
    calibration: Calibration


class Slots:
    """Every level of every field has a place; the last one is for a field that says nothing."""

    def __init__(self, model: Model) -> None:
        self.names = [(field, level) for field in FIELDS for level in model.levels[field]]
        self._place = {name: place for place, name in enumerate(self.names)}
        groups = [f"{field} {GROUPS.get(level, 0)}" for field, level in self.names]
        self.group = np.unique(groups, return_inverse=True)[1].ravel()

    def chances(self, model: Model, kind: str) -> Floats:
        return np.array([getattr(model.levels[field][level], kind) for field, level in self.names])

    def seen(self, model: Model, comparisons: Iterable[Comparison], frequencies: Frequencies) -> Seen:
        """Some 30 microseconds a pair; all that follows is done for all of them at once."""
        rows, strangers = [], []
        for comparison in comparisons:
            weights = weighed(model, comparison, frequencies).weights
            found = [self._place[field, level] for field, level, *_ in weights]
            rows.append(found + [len(self.names)] * (len(FIELDS) - len(found)))
            strangers.append(sum(weight[4] for weight in weights))
        return Seen(np.array(rows, dtype=np.int64).reshape(-1, len(FIELDS)), np.array(strangers, dtype=np.float64))

    def summed(self, values: Floats) -> Floats:
        """At each place the sum over its distribution: a field's levels, those across scripts apart."""
        return np.asarray(np.bincount(self.group, values)[self.group])

    def design(self, model: Model, seen: Seen) -> Floats:
        """pairs x places: 1 for a level that a pair shows, less what one person would show of the field on average.

        A constant goes last. Weights then move without a field saying more or less on the whole.
        """
        shown = np.zeros((len(seen.levels), len(self.names) + 1))
        shown[np.arange(len(shown))[:, None], seen.levels] = 1.0
        m = self.chances(model, "m")
        expected = m / self.summed(m)
        for group in range(self.group.max() + 1):
            places = np.flatnonzero(self.group == group)
            shown[:, places] -= shown[:, places].sum(axis=1, keepdims=True) * expected[places]
        shown[:, -1] = 1.0
        return shown


def log_odds(slots: Slots, model: Model, seen: Seen) -> Floats:
    """Binary log odds of one person, as `engine.weigh` finds them, for all pairs at once."""
    m, k = (_log2(np.append(slots.chances(model, kind), 1.0))[seen.levels].sum(axis=1) for kind in "mk")
    family, strangers = model.two_persons
    return np.asarray(m - np.logaddexp2(k + family, seen.strangers + strangers) + model.prior_bits)


def improved(model: Model, slots: Slots, labels: Labels) -> Improved:
    """The model that the labels teach, if it surprises less at labels it has not seen, by more than chance would; else
    `model` itself. Raises LabelsContradict."""
    if not _suffice(labels.match):
        return Improved(model, False, 0.0, 0.0, Calibration())
    known = log_odds(slots, model, labels.pairs)
    unseen = known.copy()
    for half in (True, False):
        judged = labels.half == half
        unseen[judged] = log_odds(slots, taught(model, slots, labels.of(~judged)), labels.pairs.of(judged))
    before, after = _surprises(known, labels.match), _surprises(unseen, labels.match)
    gain = before - after
    used = float(gain.mean()) > float(gain.std()) / len(gain) ** 0.5
    calibration = calibrated(list(zip((unseen if used else known).tolist(), labels.match.tolist(), strict=True)))
    _check(before, _surprises(known, ~labels.match), calibration)
    better = taught(model, slots, labels) if used else model
    return Improved(better, used, float(before.mean()), float(after.mean()), calibration)


def _check(right: Floats, turned: Floats, calibration: Calibration) -> None:
    """right, turned: surprise at the decisions, and at their opposites. Raises LabelsContradict."""
    if right.mean() > turned.mean():
        raise LabelsContradict("the decisions say the opposite of the records: is 1 for one person, and 0 for two?")
    if calibration.slope < WORTH:
        raise LabelsContradict("the decisions agree so little with the records that they cannot be relied on")


def taught(model: Model, slots: Slots, labels: Labels) -> Model:
    """The weights that are likeliest after the labels (Newton's method; each label right with a chance of its own)."""
    design = slots.design(model, labels.pairs)
    offset = log_odds(slots, model, labels.pairs) * _NATS
    trust = np.full(design.shape[1], (WEIGHT_SPREAD * _NATS) ** -2)
    trust[-1] = (PRIOR_SPREAD * _NATS) ** -2
    moved = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(offset + design @ moved, -30.0, 30.0)))
        gradient = design.T @ (_true(chance, labels.match) - chance) - trust * moved
        curvature = (design.T * (chance * (1.0 - chance))) @ design + np.diag(trust)
        moved += np.linalg.solve(curvature, gradient)
    return _moved(model, slots, moved / _NATS)


def _true(chance: Floats, match: Flags) -> Floats:
    """The chance that a pair is of one person, given what a reviewer, who may err, said of it."""
    said, unsaid = np.where(match, 1 - REVIEWERS_ERR, REVIEWERS_ERR), np.where(match, REVIEWERS_ERR, 1 - REVIEWERS_ERR)
    return np.asarray(chance * said / (chance * said + (1.0 - chance) * unsaid))


def _moved(model: Model, slots: Slots, bits: Floats) -> Model:
    """`model` with the weights of its levels moved by so many bits, and its prior by the last."""
    m = slots.chances(model, "m") * np.exp2(bits[:-1])
    levels: dict[str, dict[str, Chances]] = {field: dict(of_field) for field, of_field in model.levels.items()}
    for (field, level), chance in zip(slots.names, (m / slots.summed(m)).tolist(), strict=True):
        levels[field][level] = replace(model.levels[field][level], m=chance)
    odds = model.prior / (1 - model.prior) * 2.0 ** float(bits[-1])
    return replace(model, levels=levels, prior=odds / (1 + odds))


def _suffice(match: Flags) -> bool:
    return min(int(match.sum()), int((~match).sum())) >= OF_EACH_KIND


def _surprises(odds: Floats, match: Flags) -> Floats:
    return np.array([surprise(each, said) for each, said in zip(odds.tolist(), match.tolist(), strict=True)])


def _log2(chances: Floats) -> Floats:
    return np.asarray(np.log2(np.maximum(chances, _LEAST)))
