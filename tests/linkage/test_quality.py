"""Precision and recall of the shipped model on simulated registrations whose truth is known.

The floors are a little below what was measured, so that a step back is seen.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.cli.simulate import HEAVY
from services.dedup.engine.compare import compare
from services.dedup.engine.frequencies import StaticFrequencies
from services.dedup.engine.judge import judge
from services.dedup.engine.weigh import weigh
from services.dedup.learn import candidate_pairs, learn
from services.dedup.model import Model, load_model

LINKED = frozenset({"certain", "probable"})
SEEN = LINKED | {"possible", "conflict"}
Pairs = set[tuple[int, int]]


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


def test_a_model_learned_here_without_labels_does_as_well(simulated: Callable[..., Any]) -> None:
    model = learn(simulated(1_500, 31).records, random_pairs=10_000)
    register = simulated(2_000, 33)
    outcomes = verdicts(register, replace(model, lower=0.25, upper=0.9))
    linked = {pair for pair, outcome in outcomes.items() if outcome in LINKED}
    precision, recall = precision_and_recall(linked, register.truth)
    assert precision >= 0.98
    assert recall >= 0.90


def test_learning_twice_gives_the_same_model(simulated: Callable[..., Any]) -> None:
    records = simulated(300, 35).records
    assert learn(records, random_pairs=500) == learn(records, random_pairs=500)
