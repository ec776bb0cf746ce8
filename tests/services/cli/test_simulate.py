"""The simulator: repeatable, believable, and honest about the truth."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import islice
from random import Random

import pytest

from services.cli.simulate import (
    BY_KEY,
    CHARITIES,
    HEAVY,
    SimulatedRequest,
    Simulation,
    doubles,
    labelled_registrations,
    load_policies,
    registrations,
    simulate,
)
from services.cli.simulate.draws import Weighted
from services.cli.simulate.needs import candidates
from services.cli.simulate.people import World
from services.registry.aid.schemas import AidRequestForm, Applicant
from shared.arabic import ascii_digits
from shared.calendar import Calendar, parse_day
from shared.ids import parse_national_id

POLICIES = load_policies()
LARGEST_SUMS = {
    "CASH_EMERGENCY": Decimal(5000),
    "MEDICAL_TREATMENT": Decimal(50_000),
    "DEBT_RELIEF": Decimal(100_000),
}


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate(2000, seed=7)


def test_one_seed_gives_one_simulation_and_another_seed_another() -> None:
    once, again, other = simulate(50, 1), simulate(50, 1), simulate(50, 2)

    assert once.requests == again.requests
    assert once.overlaps == again.overlaps
    assert once.requests != other.requests


def test_one_seed_gives_one_stream_of_registrations() -> None:
    assert list(registrations(200, 3)) == list(registrations(200, 3))
    assert list(registrations(200, 3)) != list(registrations(200, 4))


def test_no_two_people_share_an_id_and_every_id_is_valid_and_synthetic() -> None:
    people = [member for home in islice(World(5).households(), 3000) for member in home.members]
    numbers = [person.national_id for person in people]

    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert parse_national_id(number)[0] == number
        assert number[:2] in {"19", "29"}


def test_no_typed_id_is_refused_for_its_check_digit() -> None:
    typed = [a["national_id"] for a in registrations(5000, 5, HEAVY) if a["national_id"]]

    assert len(typed) > 1000
    for number in typed:
        parse_national_id(number)


def test_every_typed_birth_date_is_a_day_of_its_calendar() -> None:
    births = [a["birth_date"] for a in registrations(5000, 6, HEAVY) if a["birth_date"]]

    assert {birth["calendar"] for birth in births} == {"hijri", "gregorian"}
    for birth in births:
        assert parse_day(birth["value"], Calendar(birth["calendar"])) < date(2026, 2, 1)


def test_every_registration_has_a_name_in_some_script() -> None:
    for applicant in registrations(3000, 8):
        assert (applicant["name"] or applicant["name_latin"] or "").strip()


def test_clerks_leave_out_about_what_the_noise_says() -> None:
    applicants = list(registrations(20_000, 9))
    without_id = sum(a["national_id"] is None for a in applicants) / len(applicants)
    without_birth = sum(a["birth_date"] is None for a in applicants) / len(applicants)

    assert 0.28 < without_id < 0.34
    assert 0.08 < without_birth < 0.12


def test_an_id_is_typed_for_another_member_of_the_household_now_and_then_and_for_no_stranger() -> None:
    owners = {p.national_id: (p.key, h.key) for h in islice(World(5).households(), 5000) for p in h.members}
    strange, borrowed = 0, 0
    for labelled in labelled_registrations(10_000, 5):
        number = ascii_digits(labelled.applicant["national_id"] or "")
        if number in owners:
            person, household = owners[number]
            strange += household != labelled.truth_household
            borrowed += household == labelled.truth_household and person != labelled.truth_person
    assert borrowed > 100
    assert strange == 0


def test_children_bear_their_fathers_name_and_brothers_next_door_their_fathers() -> None:
    homes = {home.key: home for home in islice(World(11).households(), 500)}
    for home in homes.values():
        for child in home.members:
            if child.role == "child" and home.head.gender == "male":
                assert child.lineage == (home.head.given, home.head.lineage.father, home.head.lineage.family)
        if home.kin in homes:
            assert home.head.lineage == homes[home.kin].head.lineage
            assert home.head.given != homes[home.kin].head.given
            assert home.district == homes[home.kin].district


def test_there_are_twins_with_one_birth_date_and_two_names() -> None:
    homes = islice(World(12).households(), 500)
    twins = [
        (a, b)
        for home in homes
        for a in home.members
        for b in home.members
        if a.key < b.key and a.role == b.role == "child" and a.birth == b.birth
    ]
    assert twins
    assert all(a.given != b.given for a, b in twins)


def test_charities_are_twelve_and_ask_only_where_they_work_and_for_what_they_give(
    simulation: Simulation,
) -> None:
    homes = {home.key: home for home in simulation.households}

    assert len({c.key for c in CHARITIES}) == len({c.licence for c in CHARITIES}) == 12
    assert {request.charity for request in simulation.requests} == set(BY_KEY)
    for request in simulation.requests:
        charity = BY_KEY[request.charity]
        assert request.aid_type in charity.gives
        assert homes[request.truth_household].district.governorate in charity.zones


def test_charities_give_only_known_aid_types_and_every_one_has_a_policy() -> None:
    assert {kind for charity in CHARITIES for kind in charity.gives} <= set(POLICIES)


def test_requests_come_in_order_of_time_and_cover_at_least_a_day(simulation: Simulation) -> None:
    asked = [request.asked_on for request in simulation.requests]

    assert asked == sorted(asked)
    assert all(start <= end for start, end in (request.period for request in simulation.requests))


def test_the_form_has_exactly_the_fields_of_the_api(simulation: Simulation) -> None:
    for request in simulation.requests[:200]:
        assert set(request.form) == {"applicant", "aid_type", "period", "amount", "note"}
        assert set(request.form["applicant"]) == {
            "source_ref", "name", "name_latin", "national_id", "birth_date",
            "gender", "phones", "address", "household",
        }  # fmt: skip


def test_the_api_accepts_every_simulated_form(simulation: Simulation) -> None:
    for request in simulation.requests:
        AidRequestForm.model_validate(request.form)
    for applicant in registrations(3000, 10, HEAVY):
        Applicant.model_validate(applicant)


def test_no_limit_is_passed_so_that_the_true_overlaps_are_all_there_is(simulation: Simulation) -> None:
    asked: defaultdict[tuple[str, int], list[SimulatedRequest]] = defaultdict(list)
    for request in simulation.requests:
        unit = POLICIES[request.aid_type].unit
        owner = request.truth_person if unit == "person" else -request.truth_household
        asked[request.aid_type, owner].append(request)

    for (aid_type, _), grants in asked.items():
        if POLICIES[aid_type].concurrency == "limited":
            amounts = [Decimal((grant.form["amount"] or {"value": 0})["value"]) for grant in grants]
            assert len(grants) <= 2
            assert sum(amounts) <= LARGEST_SUMS.get(aid_type, Decimal("Infinity"))


def test_a_charity_keeps_one_reference_for_one_person_only(simulation: Simulation) -> None:
    people: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for request in simulation.requests:
        people[request.charity, request.form["applicant"]["source_ref"]].add(request.truth_person)

    assert {len(found) for found in people.values()} == {1}


def test_doubles_are_a_minority_of_ten_to_twenty_percent(simulation: Simulation) -> None:
    share = len(doubles(simulation.overlaps)) / len(simulation.requests)

    assert 2600 <= len(simulation.requests) <= 3500
    assert 0.10 <= share <= 0.20


def test_most_people_are_known_to_one_charity_only(simulation: Simulation) -> None:
    doors: defaultdict[int, set[str]] = defaultdict(set)
    for request in simulation.requests:
        doors[request.truth_person].add(request.charity)

    assert sum(len(found) == 1 for found in doors.values()) > 0.6 * len(doors)
    assert max(len(found) for found in doors.values()) >= 3


def test_an_orphans_mother_heads_the_house() -> None:
    homes = list(islice(World(13).households(), 300))
    sponsored = [home for home in homes if candidates("ORPHAN_SPONSORSHIP", home)]

    assert sponsored
    assert all(home.head.gender == "female" for home in sponsored)


def test_a_weighted_draw_follows_the_weights() -> None:
    rng, coin = Random(1), Weighted({"heads": 3.0, "tails": 1.0})
    heads = sum(coin.draw(rng) == "heads" for _ in range(10_000))

    assert 7300 < heads < 7700
