"""The simulator's truth: which requests overlap, by the plain rule and nothing else."""

from datetime import date, timedelta

import pytest

from services.cli.simulate import SimulatedRequest, load_policies, simulate, true_overlaps

POLICIES = load_policies()
SOME_DAY = date(2026, 10, 1)


def request_for(person: int, household: int, aid_type: str, starts_after: int, days: int = 10) -> SimulatedRequest:
    """A request of which only what decides an overlap is filled in."""
    start = SOME_DAY + timedelta(days=starts_after)
    period = {"start": start.isoformat(), "end": (start + timedelta(days=days - 1)).isoformat()}
    return SimulatedRequest("any", SOME_DAY, {"aid_type": aid_type, "period": period}, person, household)


def test_the_true_overlaps_are_those_that_comparing_everything_with_everything_finds() -> None:
    requests = simulate(150, seed=2).requests
    by_hand = set()
    for later, b in enumerate(requests):
        for earlier, a in enumerate(requests[:later]):
            policy = POLICIES[b.aid_type]
            same_one = (
                a.truth_person == b.truth_person if policy.unit == "person" else a.truth_household == b.truth_household
            )
            same_help = a.aid_type in {b.aid_type, *policy.conflicts_with}
            free = timedelta(days=policy.cool_down_days)
            near = a.period[0] <= b.period[1] + free and b.period[0] <= a.period[1] + free
            if same_one and same_help and near and policy.concurrency == "forbidden":
                by_hand.add((later, earlier))

    assert by_hand
    assert true_overlaps(requests, POLICIES) == by_hand


@pytest.mark.parametrize(
    ("second", "overlap"),
    [
        pytest.param(request_for(1, 1, "FOOD_BASKET", 9), True, id="the last day is shared"),
        pytest.param(request_for(1, 1, "FOOD_BASKET", 29), True, id="the twentieth day after"),
        pytest.param(request_for(1, 1, "FOOD_BASKET", 30), False, id="the first free day"),
        pytest.param(request_for(2, 1, "FOOD_BASKET", 0), True, id="the wife of the same house"),
        pytest.param(request_for(3, 2, "FOOD_BASKET", 0), False, id="the brother next door"),
        pytest.param(request_for(1, 1, "SEASONAL_RAMADAN", 0), True, id="a conflicting type"),
        pytest.param(request_for(1, 1, "RENT", 0), False, id="other help"),
    ],
)
def test_a_food_basket_overlaps_with(second: SimulatedRequest, overlap: bool) -> None:
    first = request_for(1, 1, "FOOD_BASKET", 0)

    assert (true_overlaps([first, second], POLICIES) == {(1, 0)}) is overlap


def test_training_is_personal_and_water_is_for_everyone() -> None:
    courses = [request_for(1, 1, "VOCATIONAL_TRAINING", 0), request_for(2, 1, "VOCATIONAL_TRAINING", 0)]
    water = [request_for(1, 1, "WATER", 0), request_for(1, 1, "WATER", 0)]

    assert true_overlaps(courses, POLICIES) == set()
    assert true_overlaps(water, POLICIES) == set()
