"""The rule of overlap."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.registry.aid.overlap import Award, Rule, overlapping
from services.registry.aid.policy import Concurrency, Effect, Policy, Unit
from shared.ids import RequestId, new_id

BASKET = Policy(
    aid_type="FOOD_BASKET", version=1, unit=Unit.HOUSEHOLD, concurrency=Concurrency.FORBIDDEN, max_grants=None,
    max_amount=None, window_days=None, cool_down_days=20, conflicts_with=frozenset({"SEASONAL_RAMADAN"}),
    discloses_charity=True, effect=Effect.HOLD,
)  # fmt: skip
TWICE = replace(BASKET, concurrency=Concurrency.LIMITED, max_grants=2, window_days=30)
FIRST = date(2026, 12, 1)


def award(start: int, end: int, aid_type: str = "FOOD_BASKET", amount: str | None = None) -> Award:
    """Aid from day `start` to day `end`, counted from 1 December 2026."""
    first, last = FIRST + timedelta(start), FIRST + timedelta(end)
    return Award(RequestId(new_id()), aid_type, first, last, Decimal(amount) if amount else None)


def rules(asked: Award, others: list[Award], policy: Policy = BASKET) -> list[Rule]:
    return [overlap.rule for overlap in overlapping(asked, others, policy)]


def test_two_baskets_that_share_one_day_overlap_on_that_day() -> None:
    [found] = overlapping(award(10, 20), [award(0, 10)], BASKET)
    assert (found.rule, found.common_from, found.common_to) == (Rule.SAME_TYPE, date(2026, 12, 11), date(2026, 12, 11))


def test_a_basket_within_the_cool_down_is_too_close_and_shares_no_day() -> None:
    [found] = overlapping(award(30, 40), [award(0, 10)], BASKET)
    assert (found.rule, found.common_from) == (Rule.COOL_DOWN, None)


def test_the_cool_down_is_over_once_all_its_days_lie_between() -> None:
    assert rules(award(30, 40), [award(0, 10)]) == [Rule.COOL_DOWN]  # 19 days between
    assert rules(award(31, 40), [award(0, 10)]) == []  # 20 days between


def test_a_conflicting_type_overlaps_only_on_common_days() -> None:
    assert rules(award(5, 9), [award(0, 5, "SEASONAL_RAMADAN")]) == [Rule.CONFLICTING_TYPE]
    assert rules(award(6, 9), [award(0, 5, "SEASONAL_RAMADAN")]) == []


def test_training_beside_a_basket_is_no_overlap() -> None:
    assert rules(award(0, 9), [award(0, 9, "VOCATIONAL_TRAINING")]) == []


def test_an_allowed_type_never_overlaps_with_itself() -> None:
    water = replace(BASKET, aid_type="WATER", concurrency=Concurrency.ALLOWED, conflicts_with=frozenset())
    assert rules(award(0, 9, "WATER"), [award(0, 9, "WATER")], water) == []


def test_a_limited_type_overlaps_when_the_number_is_passed() -> None:
    asked = replace(award(0, 1), priority=9)
    assert rules(asked, [award(2, 3)], TWICE) == []
    assert rules(asked, [award(2, 3), award(4, 5)], TWICE) == [Rule.LIMIT, Rule.LIMIT]


def test_of_three_where_two_are_allowed_only_the_third_is_past_the_limit() -> None:
    waiting = [replace(award(0, 1), priority=n, status="pending") for n in (1, 2, 3)]
    past = [rules(one, [other for other in waiting if other is not one], TWICE) for one in waiting]
    assert past == [[], [], [Rule.LIMIT, Rule.LIMIT]]


def test_an_earlier_one_that_waited_while_two_were_granted_is_past_the_limit_and_stays_so() -> None:
    granted = [replace(award(0, 1), priority=n) for n in (2, 3)]
    for status in ("pending", "held"):
        late = replace(award(0, 1), priority=1, status=status)
        assert rules(late, granted, TWICE) == [Rule.LIMIT, Rule.LIMIT]
        assert rules(granted[1], [late, granted[0]], TWICE) == ([] if status == "held" else [Rule.LIMIT, Rule.LIMIT])


def test_amounts_in_another_currency_do_not_count() -> None:
    capped = replace(BASKET, concurrency=Concurrency.LIMITED, max_amount=Decimal(1000), window_days=30)
    asked = replace(award(0, 1, amount="10"), priority=9, currency="SAR")
    assert rules(asked, [replace(award(0, 1, amount="9000"), currency="YER")], capped) == []
    assert rules(asked, [replace(award(0, 1, amount="9000"), currency="SAR")], capped) == [Rule.LIMIT]


def test_a_limited_type_overlaps_when_the_amount_is_passed_within_its_window() -> None:
    capped = replace(BASKET, concurrency=Concurrency.LIMITED, max_amount=Decimal(1000), window_days=30)
    asked = replace(award(60, 61, amount="600"), priority=9)
    assert rules(asked, [award(40, 41, amount="400")], capped) == []
    assert rules(asked, [award(40, 41, amount="401")], capped) == [Rule.LIMIT]
    assert rules(asked, [award(0, 1, amount="401")], capped) == []


def test_what_overlaps_comes_earliest_first() -> None:
    others = [award(8, 12), award(0, 5), award(4, 6)]
    starts = [overlap.other.starts_on for overlap in overlapping(award(0, 30), others, BASKET)]
    assert starts == sorted(starts)


days = st.integers(0, 60)
awards = st.builds(lambda one, two, kind: award(min(one, two), max(one, two), kind), days, days,
                   st.sampled_from(["FOOD_BASKET", "SEASONAL_RAMADAN", "RENT"]))  # fmt: skip


@given(awards, awards)
def test_same_type_overlap_does_not_depend_on_who_asks(one: Award, other: Award) -> None:
    if one.aid_type == other.aid_type == "FOOD_BASKET":
        assert rules(one, [other]) == rules(other, [one])


@given(awards, awards)
def test_the_rule_agrees_with_counting_days(asked: Award, other: Award) -> None:
    if asked.aid_type != "FOOD_BASKET":
        return
    asked_days = {asked.starts_on + timedelta(n) for n in range((asked.ends_on - asked.starts_on).days + 1)}
    other_days = {other.starts_on + timedelta(n) for n in range((other.ends_on - other.starts_on).days + 1)}
    shared = bool(asked_days & other_days)
    found = rules(asked, [other])
    if other.aid_type == "RENT":
        assert found == []
    elif other.aid_type == "SEASONAL_RAMADAN":
        assert found == ([Rule.CONFLICTING_TYPE] if shared else [])
    elif shared:
        assert found == [Rule.SAME_TYPE]
    else:
        gap = min(abs((a - b).days) for a in asked_days for b in other_days) - 1
        assert found == ([Rule.COOL_DOWN] if gap < 20 else [])
