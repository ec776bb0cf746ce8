"""Calibration and precision above a threshold, against plain counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.batch.calibration import brier, calibration_error, cuts, reliability, wilson

Judged = list[tuple[float, bool]]
judged = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30)


def columns(pairs: Judged) -> tuple[np.ndarray, np.ndarray]:
    said, right = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(said, dtype=np.float64), np.array(right, dtype=bool)


@given(judged)
def test_the_calibration_error_is_the_weighted_gap_between_what_is_said_and_what_is_seen(pairs: Judged) -> None:
    bins: dict[int, Judged] = {}
    for said, right in pairs:
        bins.setdefault(min(int(said * 10), 9), []).append((said, right))
    gaps = [abs(sum(s for s, _ in held) - sum(r for _, r in held)) for held in bins.values()]
    expected = pytest.approx(sum(gaps) / len(pairs)) if pairs else None
    assert calibration_error(reliability(*columns(pairs))) == expected


def test_probabilities_that_keep_their_word_have_no_calibration_error() -> None:
    said, right = np.repeat([0.25, 0.75], 4), np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=bool)
    assert calibration_error(reliability(said, right)) == 0.0
    assert brier(said, right) == pytest.approx(0.1875)


def test_certainty_that_is_wrong_has_all_the_error_there_is() -> None:
    said, right = np.ones(3), np.zeros(3, dtype=bool)
    assert (calibration_error(reliability(said, right)), brier(said, right)) == (1.0, 1.0)


def test_without_pairs_nothing_is_claimed() -> None:
    none = columns([])
    assert (calibration_error(reliability(*none)), brier(*none)) == (None, None)
    assert cuts(*none, 0, [0.5])[0].precision is None


@given(judged, st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_pairs_above_a_threshold_are_counted_with_those_on_it(pairs: Judged, thresholds: list[float]) -> None:
    for cut, threshold in zip(cuts(*columns(pairs), 40, thresholds), thresholds, strict=True):
        above = [right for said, right in pairs if said >= threshold]
        assert (cut.threshold, cut.pairs, cut.right) == (threshold, len(above), sum(above))
        assert cut.recall == pytest.approx(sum(above) / 40)


@given(st.integers(1, 500), st.data())
def test_the_wilson_interval_holds_the_share_and_the_score_test_turns_at_its_ends(of: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, of))
    low, high = wilson(right, of)
    assert 0 <= low <= right / of <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            assert abs(right / of - end) == pytest.approx(1.96 * (end * (1 - end) / of) ** 0.5, rel=1e-3, abs=1e-9)
