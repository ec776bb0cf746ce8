"""Which pairs are findings, how certain they are, and which side is flagged."""

from dataclasses import fields, replace
from datetime import date
from uuid import uuid4

import pytest

from services.registry.aid.judge import Certainty, Finding, Neighbour, Side, Tie, findings_of, status_after
from services.registry.aid.policy import AidType, Catalogue, Concurrency, Effect, Policy, Unit
from services.registry.aid.screen import reconcile
from shared.ids import RequestId, new_id


def _policy(code: str, **other: object) -> Policy:
    plain = Policy(
        aid_type=code, version=1, unit=Unit.PERSON, concurrency=Concurrency.FORBIDDEN, max_grants=None,
        max_amount=None, window_days=None, cool_down_days=0, conflicts_with=frozenset(), discloses_charity=True,
        effect=Effect.HOLD,
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]


CATALOGUE = Catalogue({
    policy.aid_type: AidType(policy.aid_type, "g", "اسم", "name", policy)
    for policy in (_policy("FEES"), _policy("FOOD", unit=Unit.HOUSEHOLD), _policy("MEDICINE", effect=Effect.INFORM))
})  # fmt: skip


def _fields(**other: object) -> dict[str, object]:
    return {
        "request_id": RequestId(new_id()), "aid_type": "FEES", "starts_on": date(2026, 12, 1),
        "ends_on": date(2026, 12, 31), "priority": 2, "charity_id": uuid4(), "charity_ar": "جمعية",
        "registration_id": uuid4(), "household_id": uuid4(), "status": "pending",
    } | other  # fmt: skip


def side(**other: object) -> Side:
    return Side(**_fields(**other))  # type: ignore[arg-type]


def near(**other: object) -> Neighbour:
    return Neighbour(**_fields(**{"priority": 1, **other}))  # type: ignore[arg-type]


def test_the_later_of_two_is_flagged_and_the_earlier_keeps_its_priority() -> None:
    asked, other = side(), near()
    [found] = findings_of(asked, [other], CATALOGUE)
    assert (found.flagged, found.earlier) == (asked, other)


def test_a_later_one_that_waits_for_its_screening_is_flagged_in_place_of_the_earlier() -> None:
    asked, later = side(priority=1), replace(near(), priority=2)
    [found] = findings_of(asked, [later], CATALOGUE)
    assert found.flagged is later


def test_an_answer_that_was_given_is_not_taken_back() -> None:
    asked, later = side(priority=1), replace(near(), priority=2, status="cleared")
    [found] = findings_of(asked, [later], CATALOGUE)
    assert found.flagged is asked


@pytest.mark.parametrize("status", ["cancelled", "rejected"])
def test_a_request_that_stands_no_more_overlaps_with_nothing(status: str) -> None:
    assert findings_of(side(status=status), [near()], CATALOGUE) == []


def test_school_fees_of_a_brother_are_no_overlap_but_a_food_basket_is() -> None:
    assert findings_of(side(), [near(tie=Tie.HOUSEHOLD)], CATALOGUE) == []
    assert findings_of(side(aid_type="FOOD"), [near(aid_type="FOOD", tie=Tie.HOUSEHOLD)], CATALOGUE)


def _certainty(asked: Side, other: Neighbour) -> Certainty:
    [found] = findings_of(asked, [other], CATALOGUE)
    return found.certainty


def test_one_registration_or_one_typed_id_confirms_and_a_likeness_only_suspects() -> None:
    registration = uuid4()
    assert _certainty(side(registration_id=registration), near(registration_id=registration)) is Certainty.CONFIRMED
    assert _certainty(side(id_token="aa"), near(id_token="aa")) is Certainty.CONFIRMED
    assert _certainty(side(), near()) is Certainty.SUSPECTED
    assert _certainty(side(id_token="aa"), near(id_token="aa", tie=Tie.POSSIBLE_PERSON)) is Certainty.SUSPECTED


def test_one_file_or_a_member_with_one_id_in_both_confirms_a_household() -> None:
    file = uuid4()
    food = {"aid_type": "FOOD", "tie": Tie.HOUSEHOLD}
    assert _certainty(side(aid_type="FOOD", household_id=file), near(household_id=file, **food)) is Certainty.CONFIRMED
    assert _certainty(side(aid_type="FOOD"), near(sure_household=True, **food)) is Certainty.CONFIRMED
    assert _certainty(side(aid_type="FOOD"), near(**food)) is Certainty.SUSPECTED


def test_a_suspicion_carries_its_weakest_probability_and_no_personal_data() -> None:
    link = {"how": "probabilistic", "rule": "r", "probability": 0.97, "bits": 9.0, "fields": [], "model_version": "m1"}
    [found] = findings_of(side(link=link), [near(link=link | {"probability": 0.95})], CATALOGUE)
    assert (found.probability, found.model_version) == (0.95, "m1")
    assert set(found.evidence) == {"tie", "registrations", "support"}


def test_what_only_informs_does_not_hold() -> None:
    [found] = findings_of(side(aid_type="MEDICINE"), [near(aid_type="MEDICINE")], CATALOGUE)
    assert not found.holds
    assert status_after("pending", [found.holds]) == "cleared"


@pytest.mark.parametrize("status", ["approved", "rejected", "delivered", "closed", "cancelled"])
def test_what_people_have_decided_is_not_changed_by_a_screening(status: str) -> None:
    assert status_after(status, [True]) == status


def stored(finding: Finding) -> dict[str, object]:
    """The finding and what was told of it, as it stands in the database."""
    told = finding.earlier
    return {
        "id": uuid4(), "request_id": finding.flagged.request_id, "earlier_id": told.request_id, "effect": "hold",
        "rule": finding.rule, "certainty": finding.certainty, "policy_version": finding.policy.version,
        "common_from": finding.common_from, "common_to": finding.common_to, "aid_type": told.aid_type,
        "starts_on": told.starts_on, "ends_on": told.ends_on, "zone_code": told.zone_code,
    }  # fmt: skip


def test_reconciling_twice_changes_nothing_more() -> None:
    asked, other = side(), near()
    [finding] = findings_of(asked, [other], CATALOGUE)
    first = reconcile([asked.request_id], {asked.request_id: [finding]}, [], CATALOGUE)
    assert (len(first.new), first.gone, first.look_again) == (1, [], [])

    second = reconcile([asked.request_id], {asked.request_id: [finding]}, [stored(finding)], CATALOGUE)
    assert (second.new, second.gone, second.look_again) == ([], [], [])
    assert second.holding == {asked.request_id: [True]}


def test_a_finding_without_ground_is_closed_or_left_to_the_flagged_ones_own_screening() -> None:
    asked, other = side(), near()
    [finding] = findings_of(asked, [other], CATALOGUE)
    row = stored(finding)
    assert reconcile([asked.request_id], {asked.request_id: []}, [row], CATALOGUE).gone == [row["id"]]
    plan = reconcile([other.request_id], {other.request_id: []}, [row], CATALOGUE)
    assert (plan.gone, plan.look_again) == ([], [asked.request_id])


def test_a_suspicion_that_became_certain_is_told_anew() -> None:
    asked, other = side(id_token="aa"), near(id_token="aa")
    [finding] = findings_of(asked, [other], CATALOGUE)
    row = stored(finding) | {"certainty": "suspected"}
    plan = reconcile([asked.request_id], {asked.request_id: [finding]}, [row], CATALOGUE)
    assert plan.gone == [row["id"]]
    assert [each.certainty for each in plan.new] == [Certainty.CONFIRMED]


def test_what_was_told_of_a_request_that_was_amended_since_is_told_anew_and_flags_the_same_side() -> None:
    asked, other = side(), near()
    [before] = findings_of(asked, [other], CATALOGUE)
    amended = replace(other, ends_on=date(2026, 12, 15), status="cleared")
    seen_by_the_amended = near(**{**_as_fields(asked), "tie": Tie.PERSON, "status": "held"})
    [after] = findings_of(_as_side(amended), [seen_by_the_amended], CATALOGUE)
    plan = reconcile([other.request_id], {other.request_id: [after]}, [stored(before)], CATALOGUE)
    [told] = plan.new
    assert (len(plan.gone), told.flagged.request_id, told.earlier.ends_on) == (1, asked.request_id, amended.ends_on)
    assert plan.look_again == [asked.request_id]


def _as_fields(one: Side) -> dict[str, object]:
    return {field.name: getattr(one, field.name) for field in fields(Side)}


def _as_side(one: Neighbour) -> Side:
    return Side(**_as_fields(one))  # type: ignore[arg-type]


def test_a_cleared_one_that_is_flagged_by_anothers_screening_is_looked_at_again() -> None:
    asked, later = side(priority=1, status="cleared"), replace(near(), priority=2, status="cleared")
    found = {asked.request_id: findings_of(asked, [later], CATALOGUE)}
    assert reconcile([asked.request_id], found, [], CATALOGUE).look_again == [later.request_id]


def test_of_two_that_were_answered_the_later_is_flagged() -> None:
    asked, later = side(priority=1, status="cleared"), replace(near(), priority=2, status="approved")
    [found] = findings_of(asked, [later], CATALOGUE)
    assert found.flagged.request_id == later.request_id


def test_one_household_file_proves_nothing_of_two_persons() -> None:
    file = uuid4()
    assert _certainty(side(household_id=file), near(household_id=file)) is Certainty.SUSPECTED
