"""Log odds are calibrated by decisions, and thresholds keep the errors that they promise."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.calibrate import Calibration, calibrated, surprise, thresholds

ODDS = st.floats(-40, 40)


def decided(rng: Random, true: Calibration, n: int) -> list[tuple[float, bool]]:
    """Decisions on pairs whose log odds are worth what `true` says."""
    odds = [rng.uniform(-8, 8) for _ in range(n)]
    return [(each, rng.random() < true.probability(each)) for each in odds]


@pytest.mark.parametrize("true", [Calibration(0.6, 1.0), Calibration(1.0, 0.0), Calibration(1.4, -2.0)])
def test_a_known_calibration_is_recovered(true: Calibration) -> None:
    found = calibrated(decided(Random(1), true, 1_500))
    assert found.slope == pytest.approx(true.slope, abs=0.15)
    assert found.shift == pytest.approx(true.shift, abs=0.35)


def test_without_decisions_it_changes_nothing() -> None:
    found = calibrated([])
    assert (found.slope, found.shift) == pytest.approx((1.0, 0.0), abs=1e-9)


def test_a_few_decisions_hardly_move_it() -> None:
    found = calibrated([(12.0, False), (9.0, False)])
    assert found.slope == pytest.approx(1.0, abs=0.35)
    assert found.shift == pytest.approx(0.0, abs=1.5)


@given(ODDS, st.booleans())
def test_no_single_decision_surprises_without_bound(odds: float, match: bool) -> None:
    assert 0 < surprise(odds, match) < 4


@given(st.floats(0.001, 0.999), st.floats(0.3, 2), st.floats(-5, 5))
def test_log_odds_of_a_probability_are_worth_it(probability: float, slope: float, shift: float) -> None:
    calibration = Calibration(slope, shift)
    assert calibration.probability(calibration.odds_of(probability)) == pytest.approx(probability)


@given(st.lists(ODDS, max_size=60), st.floats(0.5, 1.5), st.floats(-3, 3))
def test_thresholds_keep_the_errors_that_they_promise(odds: list[float], slope: float, shift: float) -> None:
    calibration = Calibration(slope, shift)
    found = thresholds(odds, calibration, wrong=0.005, doubt=0.25)
    assert 0 < found.lower < found.upper < 1
    assert found.lower_error <= 0.25 + 1e-9
    assert found.upper_error <= 0.005
    chances = [Calibration().probability(each) for each in odds]
    above = [calibration.probability(each) for each, p in zip(odds, chances, strict=True) if p >= found.upper]
    assert sum(1 - p for p in above) <= 0.005 * len(above) + 1e-9


def test_links_are_automatic_where_nearly_all_above_are_right() -> None:
    odds = [20.0] * 900 + [3.0] * 20 + [-10.0] * 500
    assert thresholds(odds, Calibration(), wrong=0.005, doubt=0.25).upper <= Calibration().probability(3.0)


def test_no_link_is_automatic_below_85_percent_however_sure_the_others_are() -> None:
    odds = [30.0] * 100_000 + [1.0] * 10
    assert thresholds(odds, Calibration(), wrong=0.005, doubt=0.25).upper == pytest.approx(0.85)
