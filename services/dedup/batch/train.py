"""A model learned from the file at hand; nobody has to label a pair.

u from random pairs; m and k by expectation-maximisation over the pairs that blocking proposes, and those that
share a phone or a household; the chances of one person and of one family from the classes' sizes.
"""

from datetime import date
from typing import NamedTuple

import numpy as np

from services.dedup.batch.block import Blocked, sampled_from, together
from services.dedup.batch.coded import Bytes, Ints, distinct
from services.dedup.batch.compare import Comparer
from services.dedup.batch.counts import Counted, count
from services.dedup.batch.estimate import Tables, by_field, counted, maximise, normalised, patterns, tables
from services.dedup.batch.records import Records
from services.dedup.batch.scheme import Scheme, scheme
from services.dedup.batch.weigh import Weigher
from services.dedup.engine.estimate import Levels as ByField
from services.dedup.engine.estimate import Mixture
from services.dedup.model import Chances, Model
from services.dedup.model.start import COMMON, RARE

RANDOM_PAIRS = 300_000
MOST_PAIRS = 500_000
TRUSTED = 1_000.0
"""Random pairs' worth of trust in the starting u, for levels too rare to count."""


class Trained(NamedTuple):
    """A model without texts or thresholds, and the frequencies it goes with."""

    model: Model
    frequencies: Counted


def train(records: Records, blocked: Blocked, comparer: Comparer, seed: int = 1) -> Trained:
    """The same records and seed give the same model. Raises ValueError where no two records share anything."""
    rng = np.random.default_rng(seed)
    frequencies = count(records)
    of = scheme(records.mapped)
    start = _starting(frequencies, len(records), of)
    weigher = Weigher(records, comparer, start, frequencies)
    left, right, proposed = _proposed(records, blocked)
    sample = np.sort(rng.permutation(len(left))[:MOST_PAIRS])
    found = patterns(weigher.levels(left[sample], right[sample]))
    a, b = rng.integers(0, len(records), (2, RANDOM_PAIRS))
    strangers = _strangers(weigher.levels(a[a != b], b[a != b]), of)
    mixture = maximise(found, Mixture((0.3, 0.5, 0.2), of.start), of, namesakes=_namesakes(strangers, of))
    possible = len(records) * (len(records) - 1) / 2
    levels = {
        field: {level: Chances(c.m, c.k, strangers[field][level].u) for level, c in of_field.items()}
        for field, of_field in mixture.levels.items()
    }
    model = Model(
        version="learned", learned_on=date.min, data="", population=len(records),
        prior=mixture.shares[0] * proposed / possible, kin=mixture.shares[1] * proposed / possible,
        lower=0.1, upper=0.9, lower_error=0.1, upper_error=0.1,
        common=COMMON, rare=start.rare, levels=levels, frequencies=frequencies.commonest(),
    )  # fmt: skip
    return Trained(model, frequencies)


def _starting(frequencies: Counted, population: int, of: Scheme) -> Model:
    """The model before learning: enough to tell levels by."""
    return Model(
        version="start", learned_on=date.min, data="", population=population, prior=1e-4, kin=1e-4,
        lower=0.1, upper=0.9, lower_error=0.1, upper_error=0.1, common=COMMON,
        rare=dict.fromkeys(RARE, 0.5 / max(population, 2)), levels=of.start, frequencies=frequencies.commonest(),
    )  # fmt: skip


def _proposed(records: Records, blocked: Blocked) -> tuple[Ints, Ints, int]:
    """Pairs of narrow keys, and of one phone or household, mostly of one family; how many there are in all."""
    size = len(records)
    codes = distinct(np.concatenate([blocked.narrow, sampled_from(together(records), blocked.one_of)]))
    return codes // size, codes % size, len(codes) * blocked.one_of


def _namesakes(strangers: ByField, of: Scheme) -> Tables:
    """Strangers whom blocking brought together by their names; in a large file there are more of them than of persons.

    Without a class of their own they pass for persons of whom all but the name was typed wrong.
    """
    named = ("given", "father", "forebear", "family")
    chances = tables({**strangers, **{field: of.start[field] for field in named}}, of)
    return [table[:, 0] if field in named else table[:, 2] for field, table in zip(of.fields, chances, strict=True)]


def _strangers(levels: Bytes, of: Scheme) -> ByField:
    """The starting chances with u as the pairs show it."""
    first, ones = tables(of.start, of), np.ones((len(levels), 3))
    return by_field(
        [normalised(of, f, counted(of, f, levels, ones) + TRUSTED * first[f]) for f in range(len(of.fields))],
        of.start,
        of,
    )
