"""Pairs that were compared and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import log2

import numpy as np

from services.dedup.batch.coded import Floats, Ints
from services.dedup.batch.weigh import Weigher
from services.dedup.model import Model

KEPT = 0.01
"""Less probable pairs are not kept."""


@dataclass(frozen=True)
class Pairs:
    """Scored pairs: places, bits (prior left out), probability, evidence by field as `weigh.Scores` has it."""

    left: Ints
    right: Ints
    bits: Floats
    probability: Floats
    evidence: Floats

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))


def kept(weigher: Weigher, left: Ints, right: Ints) -> Pairs:
    """Those of at least KEPT, in their order."""
    model = weigher.model
    least = bits_of(KEPT, model)
    keep = np.flatnonzero(weigher.bits(left, right, least) >= least)
    left, right = left[keep], right[keep]
    found = weigher.score(left, right)
    return Pairs(left, right, found.bits, probabilities(model, found.bits), found.evidence.astype(np.float32))


def joined(pairs: Sequence[Pairs]) -> Pairs:
    return Pairs(*(np.concatenate([getattr(each, name) for each in pairs]) for name in Pairs.columns()))


def probabilities(model: Model, bits: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp2(np.minimum(-(bits + model.prior_bits), 1000.0)))


def bits_of(probability: float, model: Model) -> float:
    """The bits at which a pair has that probability."""
    return log2(probability / (1 - probability)) - model.prior_bits
