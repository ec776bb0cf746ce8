"""Whether another charity knows a person cannot be told from answers, errors, or the work that is done for them."""

from typing import Any

import pytest

from services.identity.clients.roles import Role
from tests.contract.isolation.conftest import Register

KNOWN = {
    "name": "هند ماجد صالح المالكي", "national_id": "1000000024", "birth_date": {"value": "1979-10-11"},
    "address": {"zone": "SA-02-02"},
}  # fmt: skip
NOBODY = {
    "name": "ياسر نبيل عمر الشمراني", "national_id": "1000000032", "birth_date": {"value": "1981-01-13"},
    "address": {"zone": "SA-02-02"},
}  # fmt: skip
STRANGERS = {
    "reference": ({"name": "غسان رائد جميل الثبيتي"}, {"name": "مشعل بندر حاتم السهلي"}),
    "key": ({"name": "رزان وليد هاشم الرفاعي"}, {"name": "أنس توفيق منير البقمي"}),
}
CHANGES_WITH_EVERY_CALL = {"id", "source_ref", "created_at", "updated_at"}
ONLY_FOR_THE_KNOWN = (
    "SELECT id, unit_id FROM registry.household WHERE unit_id IN",
    "UPDATE registry.household SET unit_id",
    "SELECT q.id FROM registry.registration AS r JOIN registry.aid_request AS q ON q.registration_id = r.id WHERE"
    " r.household_id",
    "INSERT INTO registry.letter",
)
"""What is done on top when a person is found who is known elsewhere; docs/privacy.md says what that may give away."""


@pytest.fixture(scope="module", autouse=True)
def theirs(register: Register) -> None:
    """The first charity gives KNOWN food in December, under the reference and the key that the second will use."""
    with register.calling(Role.CHARITY, register.first) as charity:
        sent = form(KNOWN, "SHARED-REF", "FOOD_BASKET", "2026-12")
        made = charity.post("/v1/aid-requests", json=sent, headers={"Idempotency-Key": "shared-key"})
    assert made.status_code == 201, made.text


def form(person: dict[str, Any], source_ref: str, aid_type: str, month: str) -> dict[str, Any]:
    period = {"start": f"{month}-01", "end": f"{month}-28"}
    return {"applicant": {"source_ref": source_ref, **person}, "aid_type": aid_type, "period": period}


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in CHANGES_WITH_EVERY_CALL}


@pytest.mark.parametrize(("aid_type", "month"), [("VOCATIONAL_TRAINING", "2026-12"), ("FOOD_BASKET", "2027-05")])
def test_a_person_known_elsewhere_without_overlap_is_answered_as_one_that_nobody_knows(
    register: Register, aid_type: str, month: str
) -> None:
    answers = []
    with register.calling(Role.CHARITY, register.second) as charity:
        for name, person in (("K", KNOWN), ("N", NOBODY)):
            ref = f"{name}-{aid_type}-{month}"
            checked = charity.post("/v1/overlap-checks", json=form(person, ref, aid_type, month))
            made = charity.post("/v1/aid-requests", json=form(person, ref, aid_type, month),
                                headers={"Idempotency-Key": ref})  # fmt: skip
            read = charity.get(made.headers["location"])
            assert [each.status_code for each in (checked, made, read)] == [200, 201, 200], made.text
            answers.append([told(each.json()) for each in (checked, made, read)] + [made.headers["etag"]])

    assert answers[0] == answers[1]
    assert answers[0][1]["status"] == "cleared"


@pytest.mark.parametrize("same", ["reference", "key"])
def test_a_reference_or_key_that_another_charity_uses_is_as_good_as_a_new_one(
    register: Register, statements: list[str], same: str
) -> None:
    """Answer and statements are the same as for one that nobody uses."""
    answers = []
    with register.calling(Role.CHARITY, register.second) as charity:
        for number, shared in enumerate((True, False)):
            ref = "SHARED-REF" if shared and same == "reference" else f"NEW-{same}-{number}"
            key = "shared-key" if shared and same == "key" else f"new-{same}-{number}"
            person = STRANGERS[same][number]
            statements.clear()
            made = charity.post("/v1/aid-requests", json=form(person, ref, "VOCATIONAL_TRAINING", "2026-12"),
                                headers={"Idempotency-Key": key})  # fmt: skip
            answers.append((made.status_code, told(made.json()), made.headers["etag"], list(statements)))

    assert answers[0] == answers[1]
    assert answers[0][0] == 201


def test_the_statements_for_a_foreign_request_are_those_for_none(register: Register, statements: list[str]) -> None:
    rows = register.fetch("SELECT id FROM registry.aid_request WHERE charity_id = $1", register.first)
    heard = []
    with register.calling(Role.CHARITY, register.second) as charity:
        for id_ in (rows[0]["id"], "0199a000-0000-7000-8000-00000000dead"):
            statements.clear()
            charity.get(f"/v1/aid-requests/{id_}")
            charity.patch(f"/v1/aid-requests/{id_}", json={"note": "أخرى"}, headers={"If-Match": "*"})
            charity.post(f"/v1/aid-requests/{id_}/cancellation", json={"reason": "سبب"}, headers={"If-Match": "*"})
            heard.append(list(statements))

    assert heard[0] == heard[1]
    assert len(heard[0]) > 3


def test_a_person_known_elsewhere_costs_no_more_statements_than_the_documentation_admits(
    register: Register, statements: list[str]
) -> None:
    heard = []
    with register.calling(Role.CHARITY, register.second) as charity:
        for name, person in (("K", KNOWN), ("N", NOBODY)):
            fresh = {**person, "household": {"ref": f"H-{name}", "role": "head"}}
            statements.clear()
            made = charity.post("/v1/aid-requests", json=form(fresh, f"{name}-work", "VOCATIONAL_TRAINING", "2028-01"),
                                headers={"Idempotency-Key": f"{name}-work"})  # fmt: skip
            assert made.json()["status"] == "cleared", made.text
            heard.append(list(statements))

    known, nobody = heard
    more = list(known)
    for statement in nobody:
        more.remove(statement)
    assert [each for each in more if not each.startswith(ONLY_FOR_THE_KNOWN)] == []
