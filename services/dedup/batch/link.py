"""Whole files linked: block, learn, score, cluster. What a run found, with the model that found it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from services.dedup.batch.block import Blocked, narrowly, widely
from services.dedup.batch.coded import Codes, Flags, Floats, Ints
from services.dedup.batch.compare import Comparer
from services.dedup.batch.counts import Counted, count
from services.dedup.batch.records import Records
from services.dedup.batch.train import train
from services.dedup.batch.weigh import Weigher
from services.dedup.engine.cluster import cluster
from services.dedup.model import Model

THRESHOLD = 0.85
"""From this probability on two records are linked. Above one half, as a wrong link brings its cluster's with it."""
CONTRADICTS = 0.001
"""Below this probability two records must not come into one cluster by way of others."""
KEPT = 0.01
"""Less probable pairs are not kept."""
_AT_A_TIME = 400_000
_WRONG_LINKS = 0.005
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

    candidates: pairs compared. model, frequencies: what they were weighed with.
    """

    pairs: Pairs
    clusters: Ints
    candidates: int
    blocked: Blocked
    model: Model
    frequencies: Counted
    threshold: float


def link(
    records: Records, model: Model | None, threshold: float | None, links_only: bool, today: date, tell: Tell
) -> Linked:
    """model: None to learn one from the records. threshold: None for the default. links_only: none within one source.

    Raises ValueError where there is no model and no two records share anything.
    """
    tell("block", 0.0)
    narrow = narrowly(records)
    every = narrow | widely(records)
    blocked = _between(every, records.source) if links_only else every
    tell("learn", 0.0)
    comparer = Comparer(records)
    learned = model is None
    if model is None:
        model, frequencies = train(records, narrow if len(narrow.codes) else every, comparer)
    else:
        model, frequencies = model.for_population(len(records)), count(records)
    weigher = Weigher(records, comparer, model, frequencies)
    pairs = scored(weigher, *blocked.pairs, tell)
    least = THRESHOLD if threshold is None else threshold
    tell("cluster", 0.0)
    clusters = _clusters(len(records), weigher, pairs, least)
    if learned:
        model = _named(model, pairs, least, today, len(records))
    return Linked(pairs, clusters, len(blocked.codes), blocked, model, frequencies, least)


def _between(blocked: Blocked, source: Codes) -> Blocked:
    left, right = blocked.pairs
    return replace(blocked, codes=blocked.codes[source[left] != source[right]])


def probabilities(model: Model, bits: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp2(np.minimum(-(bits + model.prior_bits), 1000.0)))


def scored(weigher: Weigher, left: Ints, right: Ints, tell: Tell) -> Pairs:
    """The pairs that are kept, in the order given. Memory: of some hundred thousand pairs at a time."""
    kept: list[Pairs] = []
    for start in range(0, max(1, len(left)), _AT_A_TIME):
        tell("score", start / max(1, len(left)))
        a, b = left[start : start + _AT_A_TIME], right[start : start + _AT_A_TIME]
        found = weigher.score(a, b)
        probability = probabilities(weigher.model, found.bits)
        keep: Flags = probability >= KEPT
        kept.append(
            Pairs(a[keep], b[keep], found.bits[keep], probability[keep], found.evidence[keep].astype(np.float32))
        )
    return Pairs(*(np.concatenate(columns) for columns in zip(*(vars(part).values() for part in kept), strict=True)))


def _clusters(size: int, weigher: Weigher, pairs: Pairs, threshold: float) -> Ints:
    """Clusters without chains: first whatever is linked, then the pairs within it that contradict, then again."""
    strong = pairs.probability >= threshold
    links = list(
        zip(pairs.left[strong].tolist(), pairs.right[strong].tolist(), pairs.bits[strong].tolist(), strict=True)
    )
    labels = _labels(size, cluster(links, {}))
    left, right = within(labels)
    apart: dict[int, set[int]] = {}
    for start in range(0, len(left), _AT_A_TIME):
        a, b = left[start : start + _AT_A_TIME], right[start : start + _AT_A_TIME]
        against = probabilities(weigher.model, weigher.score(a, b).bits) < CONTRADICTS
        for one, other in zip(a[against].tolist(), b[against].tolist(), strict=True):
            apart.setdefault(one, set()).add(other)
            apart.setdefault(other, set()).add(one)
    return _labels(size, cluster(links, apart)) if apart else labels


def _labels(size: int, clusters: dict[int, int]) -> Ints:
    labels = np.arange(size, dtype=np.int64)
    if clusters:
        labels[np.fromiter(clusters.keys(), np.int64)] = np.fromiter(clusters.values(), np.int64)
    return labels


def within(labels: Ints) -> tuple[Ints, Ints]:
    """All pairs of records that bear one label, left < right."""
    order = np.argsort(labels, kind="stable")
    sorted_labels = labels[order]
    left, right = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for step in range(1, len(labels)):
        same = np.flatnonzero(sorted_labels[step:] == sorted_labels[:-step])
        if not len(same):
            break
        left.append(order[same])
        right.append(order[same + step])
    return np.concatenate(left), np.concatenate(right)


def _named(model: Model, pairs: Pairs, threshold: float, today: date, size: int) -> Model:
    """The learned model with its thresholds and the errors that its own probabilities promise."""
    probable = np.sort(pairs.probability)[::-1]
    wrong = np.cumsum(1.0 - probable) / np.arange(1, len(probable) + 1)
    sure = int(np.searchsorted(wrong, _WRONG_LINKS, side="right"))
    upper = max(threshold, float(probable[sure - 1])) if sure else max(threshold, 0.99)
    above = probable[probable >= upper]
    lower = min(0.25, threshold)
    return replace(
        model, version=f"learned.{today:%Y.%m.%d}", learned_on=today,
        data=f"Learned without labels on {size:,} records of the files at hand.",
        lower=lower, upper=upper, lower_error=lower, upper_error=float(1 - above.mean()) if len(above) else 0.0,
    )  # fmt: skip
