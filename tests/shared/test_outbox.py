"""Letters: handled at least once, set aside when they keep failing, and never held up by their neighbours."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.outbox import MOST_ATTEMPTS, Outbox
from tests.databases import Database

LETTERS = Outbox("registry")
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=5)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.url("screening"))
    admin = await asyncpg.connect(database.admin_url)
    await admin.execute("TRUNCATE registry.letter")
    yield connection
    await connection.close()
    await admin.close()


async def _written(connection: asyncpg.Connection, count: int = 1, due: datetime = NOON) -> list[UUID]:
    subjects = [uuid4() for _ in range(count)]
    await LETTERS.write(connection, "told.v1", subjects, NOON, due)
    return subjects


async def test_a_letter_is_claimed_when_due_and_not_before(connection: asyncpg.Connection) -> None:
    [subject] = await _written(connection, due=LATER)
    assert await LETTERS.claim(connection, NOON, 10, LATER) == []
    [letter] = await LETTERS.claim(connection, LATER, 10, LATER + timedelta(seconds=5))
    assert (letter.subject, letter.attempts) == (subject, 1)


async def test_a_claimed_letter_comes_again_until_it_is_handled(connection: asyncpg.Connection) -> None:
    await _written(connection)
    await LETTERS.claim(connection, NOON, 10, LATER)
    [again] = await LETTERS.claim(connection, LATER, 10, LATER)
    assert again.attempts == 2

    await LETTERS.handled(connection, [again.id], LATER)
    assert await LETTERS.claim(connection, LATER, 10, LATER) == []


async def test_two_workers_never_hold_one_letter(database: Database, connection: asyncpg.Connection) -> None:
    await _written(connection, count=4)
    other = await asyncpg.connect(database.url("screening"))
    async with connection.transaction(), other.transaction():
        mine = await LETTERS.claim(connection, NOON, 2, LATER)
        theirs = await LETTERS.claim(other, NOON, 10, LATER)
    await other.close()
    assert len({letter.subject for letter in [*mine, *theirs]}) == 4


async def test_a_letter_that_keeps_failing_is_set_aside_and_counted(connection: asyncpg.Connection) -> None:
    await _written(connection)
    for _ in range(MOST_ATTEMPTS):
        assert await LETTERS.claim(connection, NOON, 10, NOON)
    assert await LETTERS.claim(connection, NOON, 10, NOON) == []
    backlog = await LETTERS.backlog(connection, LATER)
    assert (backlog.lag_seconds, backlog.parked) == (0.0, 1)


async def test_the_lag_is_the_age_of_the_oldest_letter_that_is_due(connection: asyncpg.Connection) -> None:
    await _written(connection, due=NOON)
    await _written(connection, due=LATER + timedelta(days=1))
    assert (await LETTERS.backlog(connection, LATER)).lag_seconds == 5.0


async def test_a_try_that_could_not_be_made_does_not_count(connection: asyncpg.Connection) -> None:
    await _written(connection)
    for _ in range(MOST_ATTEMPTS * 2):
        letters = await LETTERS.claim(connection, NOON, 10, NOON)
        await LETTERS.give_back(connection, letters)
    [letter] = await LETTERS.claim(connection, NOON, 10, NOON)
    assert letter.attempts == 1


async def test_a_letter_that_was_set_aside_is_due_again_when_revived(connection: asyncpg.Connection) -> None:
    [subject] = await _written(connection)
    for _ in range(MOST_ATTEMPTS + 1):
        await LETTERS.claim(connection, NOON, 10, NOON)
    assert await LETTERS.revive(connection, NOON) == 1
    [letter] = await LETTERS.claim(connection, NOON, 10, NOON)
    assert (letter.subject, letter.attempts) == (subject, 1)


async def test_a_letter_written_after_the_look_stays_open(connection: asyncpg.Connection) -> None:
    [subject] = await _written(connection)
    seen = await LETTERS.open(connection, "told.v1", [subject])
    await LETTERS.write(connection, "told.v1", [subject], NOON, NOON)
    await LETTERS.handled(connection, seen, NOON)
    assert len(await LETTERS.open(connection, "told.v1", [subject])) == 1
