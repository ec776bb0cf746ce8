"""Simulated registrations of known truth, in the engine's form."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from services.cli.simulate import USUAL, LabelledRegistration, Noise, labelled_registrations
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Record, Typed
from shared.calendar import Calendar, parse_day
from shared.ids import parse_national_id
from shared.vault import Vault

VAULT = Vault(b64encode(bytes(range(32))).decode())


class Register(NamedTuple):
    """Records, and the pairs of their indices (low, high) that are truly of one person."""

    records: list[Record]
    truth: set[tuple[int, int]]


def _birth(typed: dict[str, str] | None) -> dict[str, Any]:
    if not typed:
        return {}
    day: date = parse_day(typed["value"], Calendar(typed["calendar"]))
    return {"birth": day, "birth_calendar": typed["calendar"], "birth_precision": typed["precision"]}


def _id(number: str | None) -> dict[str, Any]:
    if not number:
        return {}
    tokens = VAULT.tokens(parse_national_id(number)[0])
    return {"id_token": tokens.exact, "id_near": tokens.near}


def _typed(number: int, registration: LabelledRegistration) -> Typed:
    form = registration.applicant
    address, household = form["address"] or {}, form["household"] or {}
    codes = (address.get("zone") or "").split("-")
    return Typed(
        UUID(int=number + 1),
        uuid5(NAMESPACE_URL, registration.charity),
        full_name=form["name"],
        full_name_latin=form["name_latin"],
        gender=form["gender"],
        phones=tuple(form["phones"]),
        zone_path=tuple("-".join(codes[: depth + 1]) for depth in range(len(codes))) if codes[0] else (),
        address_text=address.get("text"),
        household_ref=household.get("ref"),
        household_role=household.get("role"),
        **_birth(form["birth_date"]),
        **_id(form["national_id"]),
    )


@pytest.fixture(scope="session")
def simulated() -> Callable[..., Register]:
    """Makes a register of `n` simulated registrations; the same seed makes the same one."""

    def simulate(n: int, seed: int, noise: Noise = USUAL) -> Register:
        people: dict[int, list[int]] = defaultdict(list)
        records = []
        for number, registration in enumerate(labelled_registrations(n, seed, noise)):
            people[registration.truth_person].append(number)
            records.append(normalise(_typed(number, registration)))
        return Register(records, {pair for numbers in people.values() for pair in combinations(numbers, 2)})

    return simulate
