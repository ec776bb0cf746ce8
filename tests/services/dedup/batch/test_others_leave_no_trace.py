"""What others registered changes no pair's evidence, at one model and one set of frequencies."""

from typing import Any

import numpy as np
import pytest

from services.dedup.batch.compare import Comparer
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.weigh import Weigher
from services.dedup.engine.frequencies import StaticFrequencies
from services.dedup.model import load_model

FIRST, MORE = 300, 900


def test_adding_records_never_changes_the_evidence_between_others(simulated: Any) -> None:
    model = load_model()
    left, right = np.random.default_rng(3).integers(0, FIRST, (2, 2_000))
    found = []
    for size in (FIRST, MORE):
        columns = {field: column.slice(0, size) for field, column in simulated[0].items()}
        records = normalise_columns(columns, np.zeros(size, dtype=np.int32))
        weigher = Weigher(records, Comparer(records), model, StaticFrequencies(model.frequencies))
        found.append(weigher.score(left, right))
    assert found[0].bits == pytest.approx(found[1].bits, abs=1e-9)
    assert found[0].evidence == pytest.approx(found[1].evidence, abs=1e-9)
