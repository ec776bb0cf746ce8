"""Two charities ask for one person at the same instant: at least one of the two is held, always."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import product
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.cli.up import plan, ports
from services.cli.up.supervisor import Supervisor
from shared.ids import luhn_holds
from tests.houses import Client, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAIRS = 100
GIVEN = ("نوال", "هدى", "سلطان", "عبدالله", "مريم", "خالد", "زينب", "يوسف", "أمل", "طارق")
FAMILY = ("الزهراني", "الحربي", "المالكي", "العسيري", "الدوسري", "الشهري", "باعشن", "الغامدي", "القرني", "الجهني")
WITH_ID, WITHOUT_ID = "with an ID", "without an ID"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(town: Town) -> AsyncIterator[list[tuple[str, httpx.AsyncClient]]]:
    """Two instances of the registry, as where it is scaled out, each with a connection of its own."""
    async with another_registry(town) as second, httpx.AsyncClient() as one, httpx.AsyncClient() as other:
        yield [(town.house.urls["registry"], one), (second, other)]


@asynccontextmanager
async def another_registry(town: Town) -> AsyncIterator[str]:
    house = town.house
    urls = {**house.urls, "registry": f"http://127.0.0.1:{ports.free('127.0.0.1')}"}
    programs = plan.programs(house.data_dir, urls, house.admin_url, house.keys)
    registry = [program for program in programs if program.name == "registry"]
    async with Supervisor(registry, house.data_dir / "second"):
        yield urls["registry"]


@pytest.mark.parametrize("known_by", [WITH_ID, WITHOUT_ID])
async def test_of_two_simultaneous_requests_for_one_person_at_least_one_is_held(
    town: Town, doors: list[tuple[str, httpx.AsyncClient]], known_by: str
) -> None:
    charities = [await town.new_charity(f"{name} {known_by}") for name in ("first", "second")]
    pairs = [
        await asyncio.gather(*(send(door, charity, form) for door, charity in zip(doors, charities, strict=True)))
        for form in forms(known_by)
    ]
    await town.settled()

    rows = await town.fetch("SELECT id, status FROM registry.aid_request WHERE charity_id = ANY($1)",
                            [charity.charity_id for charity in charities])  # fmt: skip
    status = {str(row["id"]): row["status"] for row in rows}
    assert len(rows) == 2 * PAIRS
    assert [pair for pair in pairs if "held" not in {status[id_] for id_ in pair}] == []
    assert "deadlock detected" not in town.database_log()


def forms(known_by: str) -> Iterator[dict[str, Any]]:
    """One request each for so many different people."""
    people = list(product(GIVEN, FAMILY))
    for number, (given, family) in enumerate(people[:PAIRS]):
        applicant: dict[str, Any] = {
            "source_ref": f"{known_by} {number}",
            "name": f"{given} {GIVEN[number % 7]} {GIVEN[(number // 7) % 10]} {family}",
            "birth_date": {"value": f"{1960 + number % 40}-{1 + number % 12:02}-{1 + number % 28:02}"},
        }
        if known_by == WITH_ID:
            applicant = {"source_ref": applicant["source_ref"], "name": applicant["name"], "national_id": an_id(number)}
        period = {"start": "2026-12-01", "end": "2026-12-31"}
        yield {"applicant": applicant, "aid_type": "FOOD_BASKET", "period": period}


def an_id(number: int) -> str:
    """A synthetic ID whose check digit holds."""
    nine = f"1{number:08}"
    return next(nine + str(digit) for digit in range(10) if luhn_holds(nine + str(digit)))


async def send(door: tuple[str, httpx.AsyncClient], charity: Client, form: dict[str, Any]) -> str:
    url, http = door
    headers = await charity.token.header() | {"Idempotency-Key": form["applicant"]["source_ref"]}
    answer = await http.post(f"{url}/v1/aid-requests", json=form, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
