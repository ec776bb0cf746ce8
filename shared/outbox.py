"""The outbox: a letter is written in the transaction of the fact it tells, and handled after it, at least once.

A letter is handled when its row is marked in the same transaction as the work's own writes. An attempt is
counted in a transaction of its own before the work, so that a letter which kills its worker is set aside
(`parked_at`) after some tries, seen by `/readyz` and the metrics, and no longer holds up the others. A try that could
not be made, as the database or another service was away, does not count. What was set aside is tried again when a
worker starts: by then the fault may be mended.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shared.db import Connection

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

MOST_ATTEMPTS = 12
HANDLED = "UPDATE {letter} SET handled_at = {now}, parked_at = NULL WHERE id = ANY({letters}) AND handled_at IS NULL"
"""Marks letters as handled; for statements that do the work itself in the same breath."""


def table(metadata: "MetaData") -> "Table":
    """The table `letter` in the schema of `metadata`. For migrations: what runs the house does not load SQLAlchemy."""
    from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, SmallInteger, Table, Text, Uuid, text

    return Table(
        "letter",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("name", Text, nullable=False),
        Column("subject", Uuid, nullable=False),
        Column("written_at", DateTime(timezone=True), nullable=False),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("attempts", SmallInteger, nullable=False, server_default="0"),
        Column("handled_at", DateTime(timezone=True)),
        Column("parked_at", DateTime(timezone=True)),
        Index(
            "letter_due", "due_at", "id",
            postgresql_where=text("handled_at IS NULL AND parked_at IS NULL"),
        ),
        Index("letter_subject", "subject", postgresql_where=text("handled_at IS NULL")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    id: int
    name: str
    subject: UUID
    attempts: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """lag_seconds: 0 when nothing is due. parked: letters set aside, for a person to look at."""

    lag_seconds: float
    parked: int


class Outbox:
    """The letters of one service, in its schema."""

    def __init__(self, schema: str) -> None:
        self._letter = f"{schema}.letter"

    async def write(
        self, connection: Connection, name: str, subjects: Iterable[UUID], now: datetime, due: datetime
    ) -> None:
        """Write one letter for each subject, to be handled from `due` on."""
        await connection.execute(
            f"INSERT INTO {self._letter} (name, subject, written_at, due_at)"
            " SELECT $1, s, $3, $4 FROM unnest($2::uuid[]) AS s",
            name, list(subjects), now, due,
        )  # fmt: skip

    async def claim(self, connection: Connection, now: datetime, limit: int, retry_at: datetime) -> list[Letter]:
        """Up to `limit` letters that are due, oldest first, their attempt counted and put off to `retry_at`.

        Meant to be committed at once, before the work. Letters tried too often are parked instead.
        """
        rows = await connection.fetch(
            f"""
            WITH due AS (
                SELECT id FROM {self._letter}
                WHERE handled_at IS NULL AND parked_at IS NULL AND due_at <= $1
                ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
            )
            UPDATE {self._letter} AS l
            SET attempts = attempts + 1, due_at = $3,
                parked_at = CASE WHEN attempts >= $4 THEN $1 END
            FROM due WHERE l.id = due.id
            RETURNING l.id, l.name, l.subject, l.attempts, l.parked_at
            """,
            now, limit, retry_at, MOST_ATTEMPTS,
        )  # fmt: skip
        return sorted(
            (
                Letter(row["id"], row["name"], row["subject"], row["attempts"])
                for row in rows
                if row["parked_at"] is None
            ),
            key=lambda letter: letter.id,
        )

    async def open(self, connection: Connection, name: str, subjects: Collection[UUID]) -> dict[int, UUID]:
        """The letters of `subjects` that are not handled yet, those set aside among them: letter -> its subject.

        Read before the work looks at anything: a letter that is written later tells of what it did not see.
        """
        rows = await connection.fetch(
            f"SELECT id, subject FROM {self._letter}"
            " WHERE name = $1 AND subject = ANY($2::uuid[]) AND handled_at IS NULL",
            name, list(subjects),
        )  # fmt: skip
        return {row["id"]: row["subject"] for row in rows}

    async def handled(self, connection: Connection, letters: Collection[int], now: datetime) -> None:
        """Mark the letters as handled, in the transaction of the work itself."""
        statement = HANDLED.format(letter=self._letter, letters="$1::bigint[]", now="$2")
        await connection.execute(statement, list(letters), now)

    async def give_back(self, connection: Connection, letters: Collection[Letter]) -> None:
        """Take a try back that could not be made, as something needed was away: it says nothing of the letter."""
        await connection.execute(
            f"UPDATE {self._letter} SET attempts = greatest(attempts - 1, 0)"
            " WHERE id = ANY($1::bigint[]) AND handled_at IS NULL",
            [letter.id for letter in letters],
        )

    async def revive(self, connection: Connection, now: datetime) -> int:
        """Letters that were set aside are due again, with all their tries; how many."""
        rows = await connection.fetch(
            f"UPDATE {self._letter} SET parked_at = NULL, attempts = 0, due_at = $1"
            " WHERE parked_at IS NOT NULL AND handled_at IS NULL RETURNING id",
            now,
        )
        return len(rows)

    async def backlog(self, connection: Connection, now: datetime) -> Backlog:
        """What waits: seconds since the oldest due letter fell due, and how many were set aside."""
        row = await connection.fetchrow(
            f"SELECT extract(epoch FROM $1 - min(due_at) FILTER (WHERE parked_at IS NULL AND due_at <= $1))::float8"
            f" AS lag, count(parked_at) AS parked FROM {self._letter} WHERE handled_at IS NULL",
            now,
        )
        return Backlog(lag_seconds=row["lag"] or 0.0, parked=row["parked"])
