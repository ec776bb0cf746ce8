"""Every figure of coverage agrees with a slow recomputation in plain Python, over random small registers."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.registry.zones.tree import ZoneTree
from tests.services.registry import make
from tests.services.registry.issuer import Issuer

ZONES = ("SA-02-02", "SA-02-03", "SA-02", "SA-01-01", "SA", None)
STATES = ("pending", "cleared", "held", "approved", "rejected", "delivered", "cancelled")
GONE = ("cancelled", "rejected")
MONEY = ((None, None), (Decimal("100.00"), "SAR"), (Decimal("250.75"), "SAR"), (Decimal("80.10"), "MAD"))
TYPES = ("FOOD_BASKET", "RENT")


@dataclass(frozen=True)
class Asked:
    id: UUID
    charity: UUID
    person: UUID
    unit: UUID
    zone: str | None
    aid_type: str
    first: date
    last: date
    status: str
    amount: Decimal | None
    currency: str | None


@dataclass
class Register:
    countries: dict[UUID, set[str]] = field(default_factory=dict)
    requests: dict[UUID, Asked] = field(default_factory=dict)
    findings: list[tuple[UUID, UUID, str, str]] = field(default_factory=list)


async def a_register(admin: asyncpg.Connection, draw: random.Random) -> Register:
    register = Register()
    for zones in (("SA-02-02",), ("SA-01", "MA"), ()):
        charity = await make.charity(admin, zones=zones)
        register.countries[charity] = {zone[:2] for zone in zones} or {"SA", "MA"}
    persons = [make.new_id() for _ in range(8)]
    first_unit = await make.household(admin)
    units = {await make.household(admin, unit=unit): unit for unit in (first_unit, first_unit)}
    units |= {(alone := await make.household(admin)): alone for _ in range(3)} | {first_unit: first_unit}
    units |= {(unknown := make.new_id()): unknown for _ in range(2)}
    for _ in range(40):
        await _add_request(admin, draw, register, draw.choice(persons), draw.choice(list(units.items())))
    pairs = {tuple(draw.sample(sorted(register.requests), 2)) for _ in range(25)}
    for later, earlier in {tuple(sorted(pair)): pair for pair in pairs}.values():
        certainty, state = draw.choice(("confirmed", "suspected")), draw.choice(("open", "open", "closed"))
        await make.finding(admin, later, earlier, certainty=certainty, state=state)
        register.findings.append((later, earlier, certainty, state))
    return register


async def _add_request(
    admin: asyncpg.Connection, draw: random.Random, register: Register, person: UUID, household: tuple[UUID, UUID]
) -> None:
    charity, zone = draw.choice(list(register.countries)), draw.choice(ZONES)
    registration = await make.registration(admin, charity, person=person, household=household[0], zone=zone)
    first = date(2026, 9, 1) + timedelta(days=draw.randrange(90))
    last, (amount, currency) = first + timedelta(days=draw.randrange(40)), draw.choice(MONEY)
    aid_type, status = draw.choice(TYPES), draw.choice(STATES)
    request = await make.request(
        admin, charity, registration, aid_type=aid_type, first=first, last=last, zone=zone, status=status,
        amount=amount, currency=currency,
    )  # fmt: skip
    register.requests[request] = Asked(
        request, charity, person, household[1], zone, aid_type, first, last, status, amount, currency
    )


def by_hand(
    register: Register,
    zones: ZoneTree,
    zone: str,
    level: int,
    aid_type: str | None,
    first: date | None,
    last: date | None,
) -> dict[str | None, dict[str, Any]]:
    """Cell -> its figures; the total under `total`."""
    chosen = [
        each
        for each in register.requests.values()
        if each.status not in GONE
        and aid_type in (None, each.aid_type)
        and (first is None or each.last >= first)
        and (last is None or each.first <= last)
    ]
    cells: dict[str | None, list[Asked]] = defaultdict(list)
    for each in chosen:
        path = zones.path(each.zone)
        if zone in path or (each.zone is None and zone in register.countries[each.charity]):
            cells["total"].append(each)
            cells[path[level] if len(path) > level else None].append(each)
    return {cell: _figures(members, chosen, register) for cell, members in cells.items()}


def _figures(members: list[Asked], chosen: list[Asked], register: Register) -> dict[str, Any]:
    standing = [
        (later, earlier, certainty)
        for later, earlier, certainty, state in register.findings
        if state == "open" and not {register.requests[each].status for each in (later, earlier)} & set(GONE)
    ]
    sure = {each for later, earlier, certainty in standing if certainty == "confirmed" for each in (later, earlier)}
    either = {each for later, earlier, _ in standing for each in (later, earlier)}
    lasts = {later for later, _, _ in standing}
    confirmed = [each for each in members if each.id in sure]
    suspected = [each for each in members if each.id in either - sure]
    return {
        "charities": len({each.charity for each in members}),
        "people": _helped({each.person for each in members}, chosen, "person"),
        "households": _helped({each.unit for each in members}, chosen, "unit"),
        "requests": {"total": len(members), "in_overlap": {"confirmed": len(confirmed), "suspected": len(suspected)}},
        "money": [
            {
                "currency": currency,
                "total": _sum(members, currency),
                "in_overlap": {"confirmed": _sum(confirmed, currency), "suspected": _sum(suspected, currency)},
                "later": _sum([each for each in members if each.id in lasts], currency),
            }
            for currency in sorted({each.currency for each in members if each.currency})
        ],
        "overlaps": _pairs({each.id for each in members}, standing, register),
    }


def _helped(them: set[UUID], chosen: list[Asked], unit: str) -> dict[str, int]:
    charities = {one: {each.charity for each in chosen if getattr(each, unit) == one} for one in them}
    return {"helped": len(them), "by_two_or_more": sum(len(helpers) > 1 for helpers in charities.values())}


def _sum(requests: Iterable[Asked], currency: str) -> str:
    return str(sum((each.amount or Decimal() for each in requests if each.currency == currency), Decimal("0.00")))


def _pairs(here: set[UUID], standing: list[tuple[UUID, UUID, str]], register: Register) -> dict[Any, Any]:
    pairs: dict[Any, dict[str, Any]] = {}
    for later, earlier, certainty in standing:
        if here & {later, earlier}:
            key = tuple(sorted(str(register.requests[each].charity) for each in (later, earlier)))
            pair = pairs.setdefault(key, {"confirmed": 0, "suspected": 0, "people": set()})
            pair[certainty] += 1
            pair["people"].add(register.requests[later].person)
    return {key: pair | {"people": len(pair["people"])} for key, pair in pairs.items()}


def as_by_hand(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the answer in the shape of `by_hand`."""
    pairs = {
        tuple(sorted(charity["id"] for charity in pair["charities"])): pair["overlaps"] | {"people": pair["people"]}
        for pair in row["overlaps"]
    }
    return {name: row[name] for name in ("charities", "people", "households", "requests", "money")} | {
        "overlaps": pairs
    }


@pytest.mark.parametrize("seed", range(4))
async def test_every_figure_is_what_counting_by_hand_gives(
    http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection, app: Any, seed: int
) -> None:
    register = await a_register(admin, random.Random(seed))
    headers = issuer.bearer("coverage:read", roles=["auditor"])
    spans = ((None, None, None), ("RENT", date(2026, 10, 1), date(2026, 10, 20)), (None, date(2026, 10, 15), None))
    for zone, level in (("SA", 1), ("SA", 2), ("SA", 3), ("SA-02", 2), ("SA-02-02", 2), ("MA", 1)):
        for aid_type, first, last in spans:
            query = {"zone": zone, "level": level, "aid_type": aid_type, "from": first, "to": last}
            answer = await http.get(
                "/v1/coverage/overlap",
                params={name: str(value) for name, value in query.items() if value is not None},
                headers=headers,
            )
            body = answer.json()
            expected = by_hand(register, app.state.zones, zone, level, aid_type, first, last)
            nothing = _figures([], [], register)
            assert as_by_hand(body["total"]) == expected.pop("total", nothing), query
            rows = {row["zone"] and row["zone"]["code"]: as_by_hand(row) for row in body["rows"]}
            assert rows == expected, query
