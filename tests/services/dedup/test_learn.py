"""Decisions of reviewers move a model towards them, by as much as they can tell, and never by what they cannot."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from uuid import UUID

import numpy as np
import pytest

from services.dedup.engine.calibrate import Calibration
from services.dedup.engine.compare import FIELDS, Comparison, compare
from services.dedup.engine.frequencies import StaticFrequencies
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Record, Typed
from services.dedup.engine.weigh import weigh
from services.dedup.learn import (
    OF_EACH_KIND,
    Improved,
    Labels,
    LabelsContradict,
    Slots,
    improved,
    log_odds,
    taught,
)
from services.dedup.model import Chances, Model, load_model

GIVEN = ["محمد", "محمود", "سعد", "سعيد", "نورة", "فهد", "قهد"]
LINES = ["عبدالله أحمد الغامدي", "عبدالله الغامدي", "سالم علي الحربي", "علي سالم القحطاني"]
LATIN = ["Mohamed Abdullah Al-Ghamdi", "Saad Salem Al-Harbi"]
BORN = [None, date(1985, 3, 14), date(1985, 3, 15), date(1985, 1, 1), date(1990, 7, 2)]
PHONES: list[tuple[str, ...]] = [(), ("0501234567",), ("0507654321",)]
N = 600


def drawn(rng: Random, number: int) -> Record:
    latin = rng.random() < 0.2
    name = None if latin else f"{rng.choice(GIVEN)} {rng.choice(LINES)}"
    return normalise(Typed(
        UUID(int=number), UUID(int=number), name, rng.choice(LATIN) if latin else None, birth=rng.choice(BORN),
        phones=rng.choice(PHONES), gender=rng.choice([None, "female", "male"]),
        id_token=rng.choice([None, None, "a", "b"]),
    ))  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


@pytest.fixture(scope="module")
def comparisons() -> list[Comparison]:
    rng = Random(5)
    return [compare(drawn(rng, 1), drawn(rng, 2)) for _ in range(N)]


Label = Callable[..., Labels]


@pytest.fixture(scope="module")
def labelled(model: Model, comparisons: list[Comparison]) -> Label:
    """Labels of the first pairs as `believed` would give them, a share of them wrong."""

    def make(believed: Model, pairs: int = N, wrong: float = 0.0, seed: int = 1) -> Labels:
        slots, rng = Slots(model), np.random.default_rng(seed)
        seen = slots.seen(model, comparisons[:pairs], StaticFrequencies(model.frequencies))
        match = rng.random(pairs) < 1 / (1 + np.exp2(-log_odds(slots, believed, seen)))
        return Labels(seen, match ^ (rng.random(pairs) < wrong), rng.random(pairs) < 0.5)

    return make


def otherwise(model: Model) -> Model:
    """A register where a shared phone says much less, and persons are 60 times as common among the pairs."""
    phone = {"exact": Chances(0.05, 0.758, 1.44e-06), "differ": Chances(0.95, 0.242, 1.0)}
    return replace(model, prior=60 * model.prior, levels={**model.levels, "phone": phone})


def astray(model: Model, true: Model, labels: Labels) -> float:
    """Mean distance in bits of a model's log odds from the true ones."""
    slots = Slots(model)
    return float(np.abs(log_odds(slots, model, labels.pairs) - log_odds(slots, true, labels.pairs)).mean())


def test_log_odds_are_the_engines(model: Model, comparisons: list[Comparison]) -> None:
    frequencies = StaticFrequencies(model.frequencies)
    slots = Slots(model)
    found = log_odds(slots, model, slots.seen(model, comparisons, frequencies))
    plain = [weigh(model, each, frequencies).bits + model.prior_bits for each in comparisons]
    assert found == pytest.approx(plain, abs=1e-9)


def test_labels_bring_a_model_nearer_to_the_truth(model: Model, labelled: Label) -> None:
    true = otherwise(model)
    labels = labelled(true)
    found = improved(model, Slots(model), labels)
    assert found.used
    assert found.after < found.before
    assert astray(found.model, true, labels) < 0.6 * astray(model, true, labels)


def test_more_labels_bring_it_nearer_than_few(model: Model, labelled: Label) -> None:
    true = otherwise(model)
    slots, every = Slots(model), labelled(true)
    few, many = (astray(taught(model, slots, labelled(true, pairs)), true, every) for pairs in (60, N))
    assert many < few < astray(model, true, every)


def test_chances_stay_distributions(model: Model, labelled: Label) -> None:
    found = taught(model, Slots(model), labelled(otherwise(model)))
    for field in FIELDS:
        for group in (True, False):
            of = [c.m for level, c in found.levels[field].items() if level.startswith("script") == group]
            assert not of or sum(of) == pytest.approx(1.0)
    assert 0 < found.prior < 1


def test_labels_that_say_what_the_model_says_do_not_move_it_far(model: Model, labelled: Label) -> None:
    labels = labelled(model)
    assert astray(improved(model, Slots(model), labels).model, model, labels) < 0.5


@pytest.mark.parametrize("pairs", [0, 5, 2 * OF_EACH_KIND - 1])
def test_with_too_few_labels_the_model_stays_as_it_is(pairs: int, model: Model, labelled: Label) -> None:
    found = improved(model, Slots(model), labelled(otherwise(model), pairs))
    assert found == Improved(model, False, 0.0, 0.0, Calibration())


def test_labels_of_one_kind_teach_nothing(model: Model, labelled: Label) -> None:
    labels = labelled(model)
    alike = labels._replace(match=np.ones(N, dtype=bool))
    assert improved(model, Slots(model), alike).model == model


def test_wrong_labels_cannot_move_a_pair_that_all_else_speaks_for_by_much(model: Model, labelled: Label) -> None:
    right, slots = labelled(otherwise(model)), Slots(model)
    odds = log_odds(slots, model, right.pairs)
    surest = np.argsort(-odds)[:5]
    match = right.match.copy()
    match[surest] = False
    moved = log_odds(slots, taught(model, slots, right._replace(match=match)), right.pairs)
    plain = log_odds(slots, taught(model, slots, right), right.pairs)
    assert np.abs(moved - plain).mean() < 0.5


def test_labels_turned_about_are_refused(model: Model, labelled: Label) -> None:
    with pytest.raises(LabelsContradict, match="opposite"):
        improved(model, Slots(model), labelled(model, wrong=1.0))


def test_guesses_are_refused(model: Model, labelled: Label) -> None:
    with pytest.raises(LabelsContradict):
        improved(model, Slots(model), labelled(model, wrong=0.5))


def test_the_same_labels_teach_the_same(model: Model, labelled: Label) -> None:
    found = [improved(model, Slots(model), labelled(otherwise(model))) for _ in range(2)]
    assert found[0] == found[1]
