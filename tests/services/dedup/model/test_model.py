"""The model file, and models for registers of other sizes."""

from pathlib import Path

import pytest

from services.dedup.engine.compare import FIELDS
from services.dedup.model import load_model


def test_the_shipped_model_says_where_it_comes_from() -> None:
    model = load_model()
    assert model.version
    assert "SHA-256" in model.data
    assert model.learned_on.year >= 2026
    assert 0 < model.lower < model.upper < 1


def test_every_chance_is_one_and_every_field_is_there() -> None:
    model = load_model()
    assert set(model.levels) == set(FIELDS)
    for levels in model.levels.values():
        for chances in levels.values():
            assert 0 < chances.m <= 1
            assert 0 < chances.k <= 1
            assert 0 < chances.u <= 1


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(load_model().dump())
    assert load_model(path) == load_model()


def test_in_a_larger_register_two_random_records_are_less_likely_one_person() -> None:
    small, large = load_model().for_population(10_000), load_model().for_population(1_000_000)
    assert small.prior == pytest.approx(100 * large.prior)
    assert small.kin == pytest.approx(100 * large.kin)
