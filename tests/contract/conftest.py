"""What the tests of the published contract share: the standing services, and forms that are right."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.registry.reference import load_reference
from shared import postgres
from tests import databases
from tests.contract.standing import Standing, standing


@pytest.fixture(scope="session")
def house(server: postgres.Server, template: str) -> Iterator[Standing]:
    """Registry, dedup and identity, on a database with the shipped zones and aid types, for all tests here."""
    database = asyncio.run(databases.copy(server, template, f"test_{uuid4().hex}"))
    asyncio.run(load_reference(database.admin_url))
    with standing(database) as running:
        yield running
    asyncio.run(databases.drop(database))
