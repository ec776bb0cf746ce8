"""A check answers what the submission after it is answered, and says whom it looked at."""

import asyncio
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import asyncpg
import httpx
import pytest

from shared.ids import luhn_holds
from tests.contract.refusal import key
from tests.contract.standing import Standing

NAMES = ("هيفاء مسفر عوض القحطاني", "بندر عايض ضيف الله الزهراني")
_people = count(1)


@pytest.fixture(scope="module")
def clients(house: Standing) -> Iterator[dict[str, httpx.Client]]:
    with house.client("charity") as charity, house.client("neighbour") as neighbour:
        yield {"charity": charity, "neighbour": neighbour}


def an_id(number: int) -> str:
    nine = f"10{number:07}"
    return next(f"{nine}{last}" for last in range(10) if luhn_holds(f"{nine}{last}"))


class Somebody:
    """One person, whom nobody else in the register is like; `form` is as a clerk types him."""

    def __init__(self) -> None:
        self.number = next(_people)
        self.ids = an_id(71 * self.number), an_id(71 * self.number + 5_000_000)
        self.birth = f"19{50 + self.number % 40}-{self.number % 12 + 1:02}-{self.number % 27 + 1:02}"
        self.name = f"{NAMES[self.number % 2]} {'أبجدهوزحطي'[self.number % 10] * 2}ان"

    def form(self, ref: str = "P", household: dict[str, Any] | None = None, **applicant: Any) -> dict[str, Any]:
        typed = {"source_ref": f"{ref}-{self.number}", "name": self.name,
                 "birth_date": {"value": self.birth}, "gender": "female", "address": {"zone": "SA-02-02"}}  # fmt: skip
        if household:
            typed["household"] = household | {"ref": f"{household['ref']}-{self.number}"}
        period = {"start": "2026-12-01", "end": "2026-12-31"}
        return {"applicant": typed | applicant, "aid_type": "FOOD_BASKET", "period": period}


def nobody_knows(she: Somebody) -> list[dict[str, Any]]:
    return [she.form(national_id=she.ids[0])]


def the_neighbour_helps(she: Somebody) -> list[dict[str, Any]]:
    return [she.form("N", national_id=she.ids[0]), she.form(national_id=she.ids[0])]


def the_neighbour_may_help(she: Somebody) -> list[dict[str, Any]]:
    return [she.form("N"), she.form()]


def known_and_typed_again(she: Somebody) -> list[dict[str, Any]]:
    return [she.form(national_id=she.ids[0])] * 2


def known_and_now_with_the_id_that_the_neighbour_has(she: Somebody) -> list[dict[str, Any]]:
    other = {"birth_date": {"value": "1931-01-01"}}
    return [she.form("N", national_id=she.ids[0]), she.form(**other), she.form(national_id=she.ids[0])]


def joined_and_now_with_another_id_name_and_birth(she: Somebody) -> list[dict[str, Any]]:
    other = {"name": "وضحى سلمان", "birth_date": {"value": "1931-01-01"}, "national_id": she.ids[1]}
    both = {"national_id": she.ids[0]}
    return [she.form("N", **both), she.form(**both), she.form(**other)]


def joined_and_now_with_another_id_for_aid_to_the_person(she: Somebody) -> list[dict[str, Any]]:
    *before, last = joined_and_now_with_another_id_name_and_birth(she)
    return [each | {"aid_type": "MEDICAL_DEVICES"} for each in (*before, last)]


def head_of_two_files_and_now_a_child_in_one(she: Somebody) -> list[dict[str, Any]]:
    both = {"national_id": she.ids[0]}
    head, child = {"ref": "F", "role": "head"}, {"ref": "F", "role": "child"}
    return [she.form("N", {"ref": "G", "role": "head"}, **both), she.form("P", head, **both),
            she.form("P", child, **both)]  # fmt: skip


def suspected_and_now_with_another_name_and_birth(she: Somebody) -> list[dict[str, Any]]:
    return [she.form("N"), she.form(), she.form(name="وضحى سلمان", birth_date={"value": "1931-01-01"})]


def moved_to_the_file_of_somebody_helped(she: Somebody) -> list[dict[str, Any]]:
    sister = {"name": "وضحى سلمان", "birth_date": {"value": "1931-01-01"}, "national_id": she.ids[1]}
    return [she.form("Q", {"ref": "F"}, **sister), she.form(national_id=she.ids[0]),
            she.form("P", {"ref": "F"}, national_id=she.ids[0])]  # fmt: skip


SCENARIOS = (
    nobody_knows, the_neighbour_helps, the_neighbour_may_help, known_and_typed_again,
    known_and_now_with_the_id_that_the_neighbour_has, joined_and_now_with_another_id_name_and_birth,
    joined_and_now_with_another_id_for_aid_to_the_person, head_of_two_files_and_now_a_child_in_one,
    suspected_and_now_with_another_name_and_birth, moved_to_the_file_of_somebody_helped,
)  # fmt: skip


def submit(clients: dict[str, httpx.Client], form: dict[str, Any]) -> dict[str, Any]:
    """The final answer. References that begin with N are the neighbour's."""
    client = clients["neighbour" if form["applicant"]["source_ref"].startswith("N") else "charity"]
    answer = client.post("/v1/aid-requests", json=form, headers=key())
    assert answer.status_code == 201, answer.text
    deadline = time.monotonic() + 30
    while answer.json()["screening"] == "pending":
        assert time.monotonic() < deadline
        answer = client.get(answer.headers.get("location", answer.request.url.path))
    view: dict[str, Any] = answer.json()
    return view


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_a_submission_is_answered_as_its_check_was(clients: dict[str, httpx.Client], scenario: Any) -> None:
    *before, form = scenario(Somebody())
    for each in before:
        submit(clients, each)

    checked = clients["charity"].post("/v1/overlap-checks", json=form).raise_for_status().json()
    submitted = submit(clients, form)

    assert checked == {name: submitted[name] for name in ("status", "person", "overlaps", "reason")}


def test_the_access_log_names_the_registrations_that_a_check_looked_at(
    house: Standing, clients: dict[str, httpx.Client]
) -> None:
    she = Somebody()
    submit(clients, she.form("N", national_id=she.ids[0]))

    clients["charity"].post("/v1/overlap-checks", json=she.form(national_id=she.ids[0])).raise_for_status()

    (line,) = rows(house, "SELECT purpose, targets FROM registry.access WHERE act = 'check' ORDER BY id DESC LIMIT 1")
    looked_at = rows(house, "SELECT id FROM registry.registration WHERE source_ref = $1", f"N-{she.number}")
    assert (line["purpose"], line["targets"]) == ("overlap check", [each["id"] for each in looked_at])


def test_the_access_log_names_ones_own_registration_and_nothing_that_is_not_stored(
    house: Standing, clients: dict[str, httpx.Client]
) -> None:
    she = Somebody()
    submit(clients, she.form(national_id=she.ids[0]))
    stranger = {"name": "عاتكة مشعل", "birth_date": {"value": "1927-05-05"}, "national_id": she.ids[1]}
    for each in (she.form(national_id=she.ids[0]), she.form("X", **stranger)):
        clients["charity"].post("/v1/overlap-checks", json=each).raise_for_status()

    nothing, own = rows(house, "SELECT targets FROM registry.access WHERE act = 'check' ORDER BY id DESC LIMIT 2")
    looked_at = rows(house, "SELECT id FROM registry.registration WHERE source_ref = $1", f"P-{she.number}")
    assert (own["targets"], nothing["targets"]) == ([each["id"] for each in looked_at], [])


def rows(house: Standing, statement: str, *values: object) -> list[asyncpg.Record]:
    async def fetch() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(house.admin_url)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    return asyncio.run(fetch())
