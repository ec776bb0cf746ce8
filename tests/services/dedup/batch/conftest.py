"""Simulated registrations as columns, and as records of the engine."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from services.cli.link.invent import HEADINGS, row
from services.cli.simulate import HEAVY, labelled_registrations
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.records import Records

PEOPLE = 3_000


def columns_of(rows: list[tuple[Any, ...]]) -> dict[str, pa.ChunkedArray]:
    return {
        heading: pa.chunked_array([pa.array(values, pa.string())])
        for heading, values in zip(HEADINGS[1:], zip(*rows, strict=True), strict=True)
    }


@pytest.fixture(scope="session")
def simulated() -> tuple[dict[str, pa.ChunkedArray], np.ndarray]:
    """Columns of registrations with heavy noise, and who each is."""
    labelled = list(labelled_registrations(PEOPLE, seed=5, noise=HEAVY))
    rows = [(each.charity, *row(each.applicant)) for each in labelled]
    return columns_of(rows), np.array([each.truth_person for each in labelled])


@pytest.fixture(scope="session")
def records(simulated: Any) -> Records:
    return normalise_columns(simulated[0], np.zeros(PEOPLE, dtype=np.int32))


@pytest.fixture(scope="session")
def truth(simulated: Any) -> np.ndarray:
    return simulated[1]
