"""What every test may ask for. Keep it small: what one folder needs lives in that folder's conftest."""

import asyncio
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from shared import postgres
from tests import databases
from tests.databases import Database


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """The embedded PostgreSQL that all test processes of this machine share."""
    with databases.shared_server() as running:
        yield running


@pytest.fixture(scope="session")
def template(server: postgres.Server) -> str:
    """The name of a database with all migrations applied, to make copies of."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
    return asyncio.run(databases.make_template(server, run))


@pytest.fixture(scope="module")
def database(server: postgres.Server, template: str) -> Iterator[Database]:
    """A fresh database with all migrations applied, for the tests of one module."""
    fresh = asyncio.run(databases.copy(server, template, f"test_{uuid4().hex}"))
    yield fresh
    asyncio.run(databases.drop(fresh))
