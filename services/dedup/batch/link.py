"""Whole files linked: block, learn, score, cluster. What a run found, with the model that found it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from services.dedup.batch.block import Blocked, block
from services.dedup.batch.checkpoint import Checkpoint
from services.dedup.batch.cluster import cluster
from services.dedup.batch.coded import Codes, Ints
from services.dedup.batch.compare import Comparer
from services.dedup.batch.counts import Counted, count
from services.dedup.batch.pairs import Pairs, bits_of, joined, kept
from services.dedup.batch.records import Records
from services.dedup.batch.store import PairStore
from services.dedup.batch.train import train
from services.dedup.batch.weigh import Weigher
from services.dedup.model import Model

THRESHOLD = 0.65
"""From this probability on two records are linked. Above one half, as a wrong link brings its cluster's with it."""
CONTRADICTS = 0.000001
"""Below this probability two records must not come into one cluster by way of others."""
SURE = 0.95
"""No less probable link is made without a person."""
_WRONG_LINKS = 0.001
Tell = Callable[[str, float], None]
"""Told what is being done, and how much of it is, from 0 to 1."""


@dataclass(frozen=True)
class Linked:
    """clusters: of each record, the place of the least record of its cluster. pairs: those of at least KEPT.

    candidates: pairs compared. model, frequencies: what they were weighed with, by `weigher`. refused: places in
    `pairs` of links that were left out as they would have brought contradicting records together.
    """

    pairs: Pairs
    clusters: Ints
    candidates: int
    blocked: Blocked
    model: Model
    frequencies: Counted
    threshold: float
    refused: Ints
    weigher: Weigher


def link(
    records: Records, model: Model | None, threshold: float | None, links_only: bool, today: date, tell: Tell,
    folder: Path | None = None, resume: Path | None = None,
) -> Linked:  # fmt: skip
    """model: None to learn one from the records. threshold: None for the default. links_only: none within one source.

    folder: for what memory does not hold; it is left empty. resume: a folder where a run that is broken off leaves what
    it has compared, and from which the same run goes on. Raises ValueError where there is no model and no two records
    share anything.
    """
    tell("block", 0.0)
    blocked = block(records, folder, partial(tell, "block"))
    tell("learn", 0.0)
    weigher, frequencies = weighing(records, model, blocked)
    between = records.source if links_only else None
    done = Checkpoint(resume, weigher.model.dump() + blocked.mark() + bytes([links_only])) if resume else None
    pairs, candidates = _scored(weigher, blocked.pairs, between, partial(tell, "score"), done)
    tell("cluster", 0.0)
    learned_on = today if model is None else None
    linked = concluded(records, weigher, frequencies, blocked, pairs, candidates, threshold, learned_on)
    if done:
        done.clear()
    return linked


def weighing(records: Records, model: Model | None, blocked: Blocked) -> tuple[Weigher, Counted]:
    """With the model at the file's size, or one learned; and the file's own shares. Raises ValueError."""
    comparer = Comparer(records)
    if model is None:
        learned, frequencies = train(records, blocked, comparer)
        return Weigher(records, comparer, learned, frequencies), frequencies
    frequencies = count(records)
    return Weigher(records, comparer, model.for_population(len(records)), frequencies), frequencies


def concluded(
    records: Records, weigher: Weigher, frequencies: Counted, blocked: Blocked, pairs: Pairs, candidates: int,
    threshold: float | None, learned_on: date | None,
) -> Linked:  # fmt: skip
    """The clusters of scored pairs. learned_on: None where the model was given."""
    model, least = weigher.model, THRESHOLD if threshold is None else threshold
    strong = np.flatnonzero(pairs.probability >= least)
    clusters = cluster(len(records), pairs.left[strong], pairs.right[strong], pairs.bits[strong], weigher,
                       model.prior_bits, bits_of(CONTRADICTS, model) + model.prior_bits)  # fmt: skip
    if learned_on is not None:
        model = _named(model, pairs, least, learned_on, len(records))
    refused = strong[clusters.refused]
    return Linked(pairs, clusters.labels, candidates, blocked, model, frequencies, least, refused, weigher)


def _scored(
    weigher: Weigher, store: PairStore, between: Codes | None, tell: Callable[[float], None], done: Checkpoint | None
) -> tuple[Pairs, int]:
    """The pairs that are kept, and how many were compared. between: of each record its source, none within one."""
    found, candidates = [], 0
    for which in range(store.parts):
        before = done.part(which) if done else None
        pairs, compared = before or _part(weigher, store, which, between)
        if done and not before:
            done.keep(which, pairs, compared)
        found.append(pairs)
        candidates += compared
        tell((which + 1) / store.parts)
    store.clear()
    return joined(found), candidates


def _part(weigher: Weigher, store: PairStore, which: int, between: Codes | None) -> tuple[Pairs, int]:
    left, right = np.divmod(store.part(which), store.size)
    if between is not None:
        across = between[left] != between[right]
        left, right = left[across], right[across]
    return kept(weigher, left, right), len(left)


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
