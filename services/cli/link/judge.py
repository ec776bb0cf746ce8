"""`sijill evaluate`: what was found against the truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
import pyarrow as pa
from rich.console import Console

from services.cli.link.labels import Labels, TruthUnusable, as_ids, labels, truth_of
from services.cli.link.scored import Scored, scored
from services.cli.link.subgroups import subgroups
from services.cli.link.verdict import PairsJudged, Verdict, as_json, tables
from services.cli.whole import Unwritable, whole
from services.dedup.batch.calibration import brier, cuts, reliability
from services.dedup.batch.coded import Ints
from services.dedup.batch.evaluate import (
    Quality,
    agreed_pairs,
    by_group,
    cluster_mates,
    joined,
    link_mates,
    quality,
    true_pairs,
)
from services.dedup.batch.link import THRESHOLD
from services.dedup.batch.read import FileUnreadable

ABOVE = (0.5, 0.75, 0.85, 0.9, 0.95, 0.99, 0.999)
"""Probabilities from which precision is told, where no others are asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """clusters or pairs, or both; records: the registrations, to tell groups by. threshold: None for link's own."""

    truth: Path
    clusters: Path | None
    pairs: Path | None
    records: Path | None
    threshold: float | None
    above: Sequence[float]
    json: Path | None

    @property
    def least(self) -> float:
        """The probability from which a pair counts as linked."""
        return THRESHOLD if self.threshold is None else self.threshold


def evaluate(question: Question, console: Console) -> int:
    """The exit status: 0, or 1 when the files cannot be compared."""
    try:
        verdict = judge(question)
        if question.json:
            with whole(question.json) as draft:
                draft.write_bytes(orjson.dumps(as_json(verdict), option=orjson.OPT_INDENT_2))
    except (FileUnreadable, TruthUnusable, Unwritable) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    for part in tables(verdict):
        console.print(part, highlight=False, soft_wrap=True)
    return 0


class Judged(NamedTuple):
    """A linkage against the truth. truth: the true label of each of its records, -1 where it is not known."""

    quality: Quality
    truth: Ints

    @property
    def known(self) -> int:
        """Of how many records the truth is known."""
        return int((self.truth >= 0).sum())


def linked_well(truth: Path, ids: Sequence[str] | pa.Array, clusters: Ints) -> Judged:
    """The clusters of the records `ids`, judged on those that the truth knows. Raises FileUnreadable, TruthUnusable."""
    true = truth_of(as_ids(ids), labels(truth))
    known = true >= 0
    return Judged(quality(clusters[known], true[known]), true)


def judge(question: Question) -> Verdict:
    """Raises FileUnreadable, TruthUnusable."""
    truth = labels(question.truth)
    (found, size), of = _found(question.clusters, truth) if question.clusters else (None, None), "clusters"
    pairs = scored(question.pairs, truth.ids) if question.pairs else None
    if found is None and pairs is not None:
        found = joined(len(truth.ids), *_above(pairs, question.least))
        of = f"groups that the pairs from {question.least:g} on join"
    if found is None:
        raise TruthUnusable("nothing to judge: give clusters or pairs")
    mates = cluster_mates(found, truth.codes)
    groups = subgroups(question.records, truth.ids) if question.records else {}
    every = by_group(mates, {"all": np.ones(len(truth.ids), dtype=bool)})["all"]
    return Verdict(
        len(truth.ids), size, of, quality(found, truth.codes), _pairs_judged(pairs, truth, question) if pairs else None,
        every, by_group(mates, groups),
    )  # fmt: skip


def _found(clusters: Path, truth: Labels) -> tuple[Ints, int]:
    """The cluster of each of the truth's records, in its order; and how many records have a cluster."""
    found = labels(clusters)
    known = truth_of(found.ids, Labels(truth.ids, np.arange(len(truth.ids))))
    of_each = np.zeros(len(truth.ids), dtype=np.int64)
    of_each[known[known >= 0]] = found.codes[known >= 0]
    return of_each, len(found.ids)


def _above(pairs: Scored, threshold: float) -> tuple[Ints, Ints]:
    linked = pairs.probability >= threshold
    return pairs.left[linked], pairs.right[linked]


def _pairs_judged(pairs: Scored, truth: Labels, question: Question) -> PairsJudged:
    right = truth.codes[pairs.left] == truth.codes[pairs.right]
    true = true_pairs(truth.codes)
    left, other = _above(pairs, question.least)
    return PairsJudged(
        threshold=question.least,
        pairs=len(right),
        unknown=pairs.unknown,
        completeness=float(right.sum() / true) if true else None,
        linked=agreed_pairs(link_mates(left, other, truth.codes)),
        found=len(left),
        true=true,
        curve=reliability(pairs.probability, right),
        brier=brier(pairs.probability, right),
        cuts=cuts(pairs.probability, right, true, question.above),
    )
