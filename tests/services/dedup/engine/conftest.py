"""Makers of records and of verdicts, with the shipped model."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from services.dedup.engine.compare import compare
from services.dedup.engine.frequencies import StaticFrequencies
from services.dedup.engine.judge import Verdict, judge
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Record, Typed
from services.dedup.engine.weigh import Score, weigh
from services.dedup.model import Model, load_model

Make = Callable[..., Record]
BORN = date(1985, 3, 14)
HOME = {"phones": ("0501234567",), "zone_path": ("SA", "SA-02", "SA-02-02", "SA-02-02-1")}


@pytest.fixture(scope="session")
def model() -> Model:
    """The shipped model, for a register of a million."""
    return load_model().for_population(1_000_000)


@pytest.fixture(scope="session")
def frequencies(model: Model) -> StaticFrequencies:
    return StaticFrequencies(model.frequencies)


@pytest.fixture(scope="session")
def record() -> Make:
    """A normalised record from a name and whatever else; each of another charity."""
    numbers = count(1)

    def make(full_name: str | None = None, **typed: Any) -> Record:
        number = next(numbers)
        return normalise(Typed(UUID(int=number), typed.pop("charity_id", UUID(int=10**9 + number)), full_name, **typed))

    return make


@pytest.fixture(scope="session")
def score(model: Model, frequencies: StaticFrequencies) -> Callable[[Record, Record], Score]:
    return lambda a, b: weigh(model, compare(a, b), frequencies)


@pytest.fixture(scope="session")
def verdict(model: Model, score: Callable[[Record, Record], Score]) -> Callable[[Record, Record], Verdict]:
    return lambda a, b: judge(model, compare(a, b), score(a, b))
