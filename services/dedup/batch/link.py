"""Whole files linked: block, learn, score, cluster. What a run found, with the model that found it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from math import log2
from pathlib import Path

import numpy as np

from services.dedup.batch.block import Blocked, block
from services.dedup.batch.cluster import cluster
from services.dedup.batch.coded import Codes, Floats, Ints
from services.dedup.batch.compare import Comparer
from services.dedup.batch.counts import Counted, count
from services.dedup.batch.records import Records
from services.dedup.batch.store import PairStore
from services.dedup.batch.train import train
from services.dedup.batch.weigh import Weigher
from services.dedup.model import Model

THRESHOLD = 0.65
"""From this probability on two records are linked. Above one half, as a wrong link brings its cluster's with it."""
CONTRADICTS = 0.000001
"""Below this probability two records must not come into one cluster by way of others."""
KEPT = 0.01
"""Less probable pairs are not kept."""
SURE = 0.95
"""No less probable link is made without a person."""
_WRONG_LINKS = 0.001
Tell = Callable[[str, float], None]
"""Told what is being done, and how much of it is, from 0 to 1."""


@dataclass(frozen=True)
class Pairs:
    """Scored pairs: places, bits (prior left out), probability, evidence by field as `weigh.Scores` has it."""

    left: Ints
    right: Ints
    bits: Floats
    probability: Floats
    evidence: Floats


@dataclass(frozen=True)
class Linked:
    """clusters: of each record, the place of the least record of its cluster. pairs: those of at least KEPT.

    candidates: pairs compared. model, frequencies: what they were weighed with. refused: places in `pairs` of links
    that were left out as they would have brought contradicting records together.
    """

    pairs: Pairs
    clusters: Ints
    candidates: int
    blocked: Blocked
    model: Model
    frequencies: Counted
    threshold: float
    refused: Ints


def link(
    records: Records, model: Model | None, threshold: float | None, links_only: bool, today: date, tell: Tell,
    folder: Path | None = None,
) -> Linked:  # fmt: skip
    """model: None to learn one from the records. threshold: None for the default. links_only: none within one source.

    folder: for what memory does not hold; it is left empty. Raises ValueError where there is no model and no two
    records share anything.
    """
    tell("block", 0.0)
    blocked = block(records, folder, partial(tell, "block"))
    tell("learn", 0.0)
    comparer = Comparer(records)
    learned = model is None
    if model is None:
        model, frequencies = train(records, blocked, comparer)
    else:
        model, frequencies = model.for_population(len(records)), count(records)
    weigher = Weigher(records, comparer, model, frequencies)
    pairs, candidates = _scored(weigher, blocked.pairs, records.source if links_only else None, partial(tell, "score"))
    least = THRESHOLD if threshold is None else threshold
    tell("cluster", 0.0)
    strong = np.flatnonzero(pairs.probability >= least)
    clusters = cluster(len(records), pairs.left[strong], pairs.right[strong], pairs.bits[strong], weigher,
                       model.prior_bits, bits_of(CONTRADICTS, model) + model.prior_bits)  # fmt: skip
    if learned:
        model = _named(model, pairs, least, today, len(records))
    return Linked(pairs, clusters.labels, candidates, blocked, model, frequencies, least, strong[clusters.refused])


def probabilities(model: Model, bits: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp2(np.minimum(-(bits + model.prior_bits), 1000.0)))


def bits_of(probability: float, model: Model) -> float:
    """The bits at which a pair has that probability."""
    return log2(probability / (1 - probability)) - model.prior_bits


def _scored(
    weigher: Weigher, store: PairStore, between: Codes | None, tell: Callable[[float], None]
) -> tuple[Pairs, int]:
    """The pairs that are kept, and how many were compared. between: of each record its source, none within one."""
    kept, candidates = [], 0
    for which in range(store.parts):
        codes = store.part(which)
        left, right = codes // store.size, codes % store.size
        if between is not None:
            across = between[left] != between[right]
            left, right = left[across], right[across]
        candidates += len(left)
        kept.append(_kept(weigher, left, right))
        tell((which + 1) / store.parts)
    store.clear()
    return Pairs(
        *(np.concatenate(columns) for columns in zip(*(vars(part).values() for part in kept), strict=True))
    ), candidates


def _kept(weigher: Weigher, left: Ints, right: Ints) -> Pairs:
    model = weigher.model
    least = bits_of(KEPT, model)
    keep = np.flatnonzero(weigher.bits(left, right, least) >= least)
    left, right = left[keep], right[keep]
    found = weigher.score(left, right)
    return Pairs(left, right, found.bits, probabilities(model, found.bits), found.evidence.astype(np.float32))


def _named(model: Model, pairs: Pairs, threshold: float, today: date, size: int) -> Model:
    """The learned model with its thresholds and the errors that its own probabilities promise."""
    probable = np.sort(pairs.probability)[::-1]
    wrong = np.cumsum(1.0 - probable) / np.arange(1, len(probable) + 1)
    sure = int(np.searchsorted(wrong, _WRONG_LINKS, side="right"))
    upper = max(SURE, threshold, float(probable[sure - 1]) if sure else 0.99)
    above = probable[probable >= upper]
    lower = min(0.25, threshold)
    return replace(
        model, version=f"learned.{today:%Y.%m.%d}", learned_on=today,
        data=f"Learned without labels on {size:,} records of the files at hand.",
        lower=lower, upper=upper, lower_error=lower, upper_error=float(1 - above.mean()) if len(above) else 0.0,
    )  # fmt: skip
