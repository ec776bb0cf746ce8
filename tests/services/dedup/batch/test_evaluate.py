"""Quality of clusters, counted by hand."""

import numpy as np
import pytest

from services.dedup.batch.evaluate import quality


def test_a_perfect_answer_is_perfect() -> None:
    found = quality(np.array([1, 1, 2]), np.array([7, 7, 9]))
    assert (found.pairs.f1, found.records.f1) == (1.0, 1.0)


def test_pairs_and_records_are_counted() -> None:
    found = quality(np.array([1, 1, 1, 2]), np.array([1, 1, 2, 2]))
    assert (found.pairs.precision, found.pairs.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 2))
    assert found.records.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.records.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)


def test_nothing_put_together_is_precise_and_finds_nothing() -> None:
    found = quality(np.array([1, 2]), np.array([5, 5])).pairs
    assert (found.precision, found.recall, found.f1) == (1.0, 0.0, 0.0)
