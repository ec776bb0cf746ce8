"""Precision and recall of the shipped model on simulated registrations whose truth is known.

The floors are a little below what was measured, so that a step back is seen.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import pytest

from services.cli.simulate import HEAVY
from services.dedup.engine.block import blocking_keys
from services.dedup.engine.compare import compare
from services.dedup.engine.frequencies import StaticFrequencies
from services.dedup.engine.judge import judge
from services.dedup.engine.record import Record
from services.dedup.engine.weigh import weigh
from services.dedup.model import Model, load_model

LINKED = frozenset({"certain", "probable"})
SEEN = LINKED | {"possible", "conflict"}
LARGEST_BLOCK = 40
Pairs = set[tuple[int, int]]


def candidate_pairs(records: Sequence[Record]) -> Pairs:
    """Indices (low, high) of records that share a key; keys of very many records are left out."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for index, record in enumerate(records):
        for key in blocking_keys(record):
            blocks[key.hash].append(index)
    return {pair for block in blocks.values() if len(block) <= LARGEST_BLOCK for pair in combinations(block, 2)}


def verdicts(register: Any, model: Model) -> dict[tuple[int, int], str]:
    sized = model.for_population(len(register.records))
    frequencies = StaticFrequencies(sized.frequencies)
    outcomes = {}
    for a, b in candidate_pairs(register.records):
        comparison = compare(register.records[a], register.records[b])
        outcomes[a, b] = judge(sized, comparison, weigh(sized, comparison, frequencies)).outcome
    return outcomes


def precision_and_recall(found: Pairs, truth: Pairs) -> tuple[float, float]:
    return len(found & truth) / len(found), len(found & truth) / len(truth)


@pytest.mark.parametrize(
    ("heavy", "least_precision", "least_recall", "least_seen"),
    [(False, 0.985, 0.93, 0.96), (True, 0.97, 0.74, 0.80)],
)
def test_the_machine_links_rightly_and_a_person_sees_the_rest(
    simulated: Callable[..., Any], heavy: bool, least_precision: float, least_recall: float, least_seen: float
) -> None:
    register = simulated(3_000, 29, HEAVY) if heavy else simulated(3_000, 29)
    outcomes = verdicts(register, load_model())
    linked = {pair for pair, outcome in outcomes.items() if outcome in LINKED}
    seen = {pair for pair, outcome in outcomes.items() if outcome in SEEN}
    precision, recall = precision_and_recall(linked, register.truth)
    assert precision >= least_precision
    assert recall >= least_recall
    assert precision_and_recall(seen, register.truth)[1] >= least_seen
