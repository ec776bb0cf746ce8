"""Who a registration is, given what the linkage says."""

from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.people.household import households_of, units
from services.registry.people.resolve import How, Join, Known, Match, Outcome, resolve
from shared.ids import PersonId, RegistrationId, new_id

FRESH = PersonId(new_id())


def known(*, person: PersonId | None = None, how: How | None = How.FIRST, **other: object) -> Known:
    mine = Known(
        registration_id=RegistrationId(new_id()), charity_id=new_id(), person_id=person or PersonId(new_id()),
        household_id=new_id(), household_ref="F-1", household_role="head", id_kind="national_id", id_token=None,
        version=1, how=how, changed_since_linked=False,
    )  # fmt: skip
    return replace(mine, **other)  # type: ignore[arg-type]


def match(other: Known, outcome: Outcome, bits: float = 20.0) -> Match:
    return Match(other.registration_id, outcome, "rule", 0.99, bits, [])


def among(*registrations: Known) -> dict[RegistrationId, Known]:
    return {each.registration_id: each for each in registrations}


def test_a_registration_that_matches_nobody_is_a_person_of_its_own() -> None:
    mine = known(how=None)
    assert resolve(mine, [], among(mine), FRESH).join == Join(mine.person_id, How.FIRST, None)


def test_a_certain_match_joins_by_national_id_and_a_probable_one_by_probability() -> None:
    mine, other = known(how=None), known()
    for outcome, how in ((Outcome.CERTAIN, How.NATIONAL_ID), (Outcome.PROBABLE, How.PROBABILISTIC)):
        found = match(other, outcome)
        assert resolve(mine, [found], among(mine, other), FRESH).join == Join(other.person_id, how, found)


def test_a_possible_match_joins_nobody_and_is_left_to_a_person() -> None:
    mine, other = known(how=None), known()
    resolution = resolve(mine, [match(other, Outcome.POSSIBLE)], among(mine, other), FRESH)
    assert resolution.join == Join(mine.person_id, How.FIRST, None)
    assert [each.registration_id for each in resolution.doubtful] == [other.registration_id]


def test_one_id_on_two_different_looking_people_joins_nobody() -> None:
    mine, other = known(how=None), known()
    resolution = resolve(mine, [match(other, Outcome.CONFLICT)], among(mine, other), FRESH)
    assert resolution.join is not None
    assert resolution.join.person_id == mine.person_id
    assert resolution.doubtful


def test_a_certain_match_comes_before_a_likelier_looking_one() -> None:
    mine, sure, likely = known(how=None), known(), known()
    matches = [match(likely, Outcome.PROBABLE, bits=40), match(sure, Outcome.CERTAIN, bits=15)]
    resolution = resolve(mine, matches, among(mine, sure, likely), FRESH)
    assert resolution.join is not None
    assert resolution.join.person_id == sure.person_id
    assert [each.registration_id for each in resolution.doubtful] == [likely.registration_id]


def test_two_persons_like_one_registration_are_not_chained_together() -> None:
    mine, one, two = known(how=None), known(), known()
    matches = [match(one, Outcome.PROBABLE, 30), match(two, Outcome.PROBABLE, 20)]
    resolution = resolve(mine, matches, among(mine, one, two), FRESH)
    assert resolution.join is not None
    assert resolution.join.person_id == one.person_id
    assert [each.registration_id for each in resolution.doubtful] == [two.registration_id]


def test_a_person_of_several_registrations_is_never_merged_by_a_machine() -> None:
    mine = known()
    sibling, other = known(person=mine.person_id), known()
    resolution = resolve(mine, [match(other, Outcome.CERTAIN)], among(mine, sibling, other), FRESH)
    assert resolution.join is None
    assert resolution.doubtful


def test_two_valid_ids_contradict_a_join() -> None:
    mine, other = known(how=None, id_token="aa"), known(id_token="bb")
    resolution = resolve(mine, [match(other, Outcome.PROBABLE)], among(mine, other), FRESH)
    assert resolution.join == Join(mine.person_id, How.FIRST, None)
    assert resolution.doubtful


def test_an_id_of_another_registration_of_that_person_contradicts_too() -> None:
    mine, other = known(how=None, id_token="aa"), known()
    sibling = known(person=other.person_id, id_token="bb")
    resolution = resolve(mine, [match(other, Outcome.PROBABLE)], among(mine, other, sibling), FRESH)
    assert resolution.join == Join(mine.person_id, How.FIRST, None)


def test_a_registration_that_others_joined_before_its_own_screening_keeps_its_person() -> None:
    mine = known(how=None)
    joined = known(person=mine.person_id, how=How.PROBABILISTIC)
    assert resolve(mine, [], among(mine, joined), FRESH).join == Join(mine.person_id, How.FIRST, None)


def test_doing_it_twice_changes_nothing_more() -> None:
    other = known()
    mine = known(person=other.person_id, how=How.NATIONAL_ID)
    resolution = resolve(mine, [match(other, Outcome.CERTAIN)], among(mine, other), FRESH)
    assert (resolution.join, resolution.doubtful) == (None, ())


def test_a_corrected_registration_leaves_the_person_that_only_a_machine_gave_it() -> None:
    other = known()
    mine = known(person=other.person_id, how=How.PROBABILISTIC, changed_since_linked=True)
    assert resolve(mine, [], among(mine, other), FRESH).join == Join(FRESH, How.FIRST, None)


def test_a_corrected_registration_stays_where_a_person_put_it() -> None:
    other = known()
    mine = known(person=other.person_id, how=How.REVIEWER, changed_since_linked=True)
    assert resolve(mine, [], among(mine, other), FRESH).join is None


PERSON = PersonId(new_id())


def of_one(*places: tuple[str | None, str | None]) -> list[Known]:
    """Registrations of one person, each in a file of its own: (file number, place in it)."""
    return [known(person=PERSON, household_ref=ref, household_role=role) for ref, role in places]


def test_a_wife_at_one_charity_who_heads_the_file_of_another_makes_one_household() -> None:
    wife, head = of_one(("F-1", "spouse"), ("F-9", "head"))
    assert households_of([wife, head]) == [{wife.household_id, head.household_id}]


def test_a_daughter_in_her_fathers_file_and_her_husbands_stands_in_two_households() -> None:
    daughter, wife = of_one(("F-1", "child"), ("F-9", "spouse"))
    assert sorted(map(len, households_of([daughter, wife]))) == [1, 1]


@pytest.mark.parametrize("vague", [(None, None), (None, "head"), ("F-5", None)])
def test_what_says_less_of_her_joins_neither_of_two_households(vague: tuple[str | None, str | None]) -> None:
    daughter, wife, unclear = of_one(("F-1", "child"), ("F-9", "spouse"), vague)
    assert sorted(map(len, households_of([daughter, wife, unclear]))) == [1, 1, 1]


def test_a_registration_without_a_file_goes_with_the_only_household_there_is() -> None:
    head, unclear = of_one(("F-1", "head"), (None, None))
    assert households_of([unclear, head]) == [{head.household_id, unclear.household_id}]


def test_households_part_again_when_nobody_joins_them() -> None:
    father, mother = known(household_role="head"), known(household_role="head")
    apart = units({father.household_id, mother.household_id}, [father, mother])
    assert apart == {father.household_id: father.household_id, mother.household_id: mother.household_id}


seats = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.sampled_from(["head", "spouse", "child", None])), max_size=12
)


@given(seats, st.randoms())
def test_units_are_the_same_in_any_order_and_join_only_what_a_person_joins(
    seated: list[tuple[int, int, str | None]], shuffle: Random
) -> None:
    people = [
        known(person=PersonId(UUID(int=100 + person)), household_id=UUID(int=home), household_role=role)
        for person, home, role in seated
    ]
    homes = {each.household_id for each in people}
    found = units(homes, people)
    mixed = people.copy()
    shuffle.shuffle(mixed)
    assert units(sorted(homes, reverse=True), mixed) == found
    for person in {each.person_id for each in people}:
        for one in households_of([each for each in people if each.person_id == person]):
            assert len({found[home] for home in one}) == 1
    if len({each.person_id for each in people}) == len(people):
        assert all(home == unit for home, unit in found.items())
