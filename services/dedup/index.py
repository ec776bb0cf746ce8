"""The index of candidates: who is stored under which blocking keys. Every failure is DatabaseUnavailable."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import asyncpg
from prometheus_client import CollectorRegistry, Counter

from services.dedup.engine.block import blocking_keys
from services.dedup.engine.record import Record
from services.dedup.queries import index as queries
from services.dedup.queries import proposals
from services.dedup.settings import DedupSettings
from shared.db import LOST, Connection, DatabaseUnavailable, Pool

_STRAINED = (
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.UndefinedTableError,
)
"""What a database raises that is there and cannot do it now: ending, full, deadlocked, not migrated yet."""


def placed(generation: int, key: int) -> int:
    """A key's hash as it stands in the index: the generation's number in the top byte; whole in generation 0."""
    return generation << 56 | key & (1 << 56) - 1 if generation else key


@dataclass(frozen=True)
class Entry:
    """A record with the hashes of its blocking keys, sorted."""

    record: Record

    @cached_property
    def keys(self) -> tuple[int, ...]:
        return tuple(sorted({key.hash for key in blocking_keys(self.record)}))


@dataclass(slots=True)
class Found:
    """What shares a key with one record: the records to compare, and how many there were before the cap.

    keys_over_cap: keys of the whole call of which not all records were read.
    """

    records: list[Record] = field(default_factory=list)
    total: int = 0
    keys_over_cap: int = 0


class Limits:
    """Counts what the caps kept from being compared: nothing is left out in silence."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.keys = Counter(
            "sijill_dedup_keys_over_cap_total",
            "Blocking keys looked up of which only the newest records were read.",
            registry=registry,
        )
        self.candidates = Counter(
            "sijill_dedup_candidates_over_cap_total",
            "Records that shared a key and were not compared, as others shared rarer keys.",
            registry=registry,
        )


class Index:
    """Reads and writes the index over a pool of connections."""

    def __init__(self, pool: Pool, settings: DedupSettings, registry: CollectorRegistry) -> None:
        self._pool = pool
        self._settings = settings
        self._limits = Limits(registry)

    async def store(self, entries: Iterable[Entry]) -> int:
        """Insert or replace the entries, all or none; the last one counts if a record comes twice.

        Returns how many records replaced a version of their own.
        """
        newest = {entry.record.record_id: entry for entry in entries}
        rows = [(id_, e.record.charity_id, e.record.dump(), e.keys) for id_, e in newest.items()]
        async with reaching(self._pool) as connection:
            return await queries.store(connection, rows, self._settings.dedup_synchronous_commit)

    async def look(self, entries: Sequence[Entry]) -> list[Found]:
        """For each entry the stored records that share a key with it, itself left out; rarest keys first."""
        caps = self._settings.dedup_key_cap, self._settings.dedup_candidate_cap
        async with reaching(self._pool) as connection:
            found = await looked_up(connection, entries, caps)
        self._limits.keys.inc(max((one.keys_over_cap for one in found), default=0))
        self._limits.candidates.inc(sum(max(0, one.total - caps[1]) for one in found))
        return found

    async def note(self, asked: Sequence[UUID], answers: Mapping[tuple[UUID, UUID], str]) -> None:
        """Keep what was answered on the records `asked`: outcomes by pair, the lesser id first."""
        rows = [(*pair, outcome) for pair, outcome in answers.items()]
        async with reaching(self._pool) as connection:
            await proposals.note(connection, asked, rows, self._settings.dedup_synchronous_commit)

    async def remove(self, record_ids: Sequence[UUID]) -> int:
        """Forget the records; returns how many of them were there."""
        async with reaching(self._pool) as connection:
            return await queries.remove(connection, record_ids)


async def looked_up(connection: Connection, entries: Sequence[Entry], caps: tuple[int, int]) -> list[Found]:
    """What `Index.look` gives, on a connection that is at hand. caps: records read per key, and compared per entry."""
    found = [Found() for _ in entries]
    asked = [(place, key, e.record.record_id) for place, e in enumerate(entries) for key in e.keys]
    for place, total, features, keys_over_cap in await queries.look(connection, asked, *caps) if asked else ():
        found[place].records.append(Record.load(features))
        found[place].total, found[place].keys_over_cap = total, keys_over_cap
    return found


@asynccontextmanager
async def reaching(pool: Pool) -> AsyncIterator[Connection]:
    """A connection without a transaction around it. Raises DatabaseUnavailable."""
    try:
        async with pool.acquire(timeout=10) as connection:
            yield connection
    except (TimeoutError, *LOST, *_STRAINED) as error:
        raise DatabaseUnavailable from error
