"""The register looked at once more: pairs of which more, or other, would be said now than was answered online.

The look of a registration is over when it is answered. What came later changes the answer: a newer model, other counts
of names, keys of newer rules, records that the caps left out. A run compares the records that were stored or changed
since the last one (all of them after a new model) with all that share a key, and writes what differs from the answers
as proposals. It decides nothing: the answers stand until a person, or the registry, does something about it.

A page of records is one transaction, which also notes how far the run is: killed, it goes on from there. What a pair
comes to depends on its two records and the weights alone, so doing it again changes nothing.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from services.dedup.engine.record import Record
from services.dedup.index import Entry, Found, looked_up, reaching
from services.dedup.link import Scored, evidence_shown, scored
from services.dedup.model import Model
from services.dedup.queries import proposals
from services.dedup.queries.counting import settled_before
from services.dedup.queries.proposals import Proposal
from services.dedup.rebuild import SCHEME
from services.dedup.shares import Weights
from shared.db import Connection, Pool

PAGE = 200
KEY_CAP, CANDIDATE_CAP = 2_000, 2_000
"""Ten times what is looked at online. Under a key held by more, the newest are looked at."""
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

Pair = tuple[UUID, UUID]


class RelinkRuns(RuntimeError):
    """Another process relinks at this moment."""


class Run(NamedTuple):
    """What a run covered: records compared; proposals made or changed, and withdrawn."""

    records: int
    proposed: int
    withdrawn: int


async def due(pool: Pool, model: Model) -> bool:
    """Whether the last run was cut off, or by another model, or there was none."""
    async with reaching(pool) as connection:
        last = await proposals.last_run(connection)
    return last is None or last["finished_at"] is None or last["made_by"] != _made_by(model)


async def relink(
    pool: Pool,
    weights: Weights,
    *,
    everything: bool = False,
    page: int = PAGE,
) -> Run:
    """Finish the run that was cut off, or begin one: over the records changed since the last, or over all.

    everything: all records, as also after a new model or new keys. Memory: one page and its candidates.
    Cancelled or killed, it is gone on with by the next call. Raises RelinkRuns, DatabaseUnavailable.
    """
    async with reaching(pool) as connection:
        if not await proposals.lock(connection):
            raise RelinkRuns("another process relinks; wait for it to end")
        try:
            run = await _begun(connection, _made_by(weights.model), everything)
            while further := await _page(connection, weights, run, page):
                run = further
            await proposals.finish_run(connection, run["id"])
            return Run(run["records"], run["proposed"], run["withdrawn"])
        finally:
            if not connection.is_closed():
                await proposals.unlock(connection)


def _made_by(model: Model) -> str:
    """What a run must have been made by for the next one to look at changes alone: other keys find other pairs."""
    return f"{model.version} on keys {SCHEME}"


async def proposed(pool: Pool, after: int, state: str | None, limit: int) -> list[Any]:
    """Rows of dedup.proposal of greater revision than `after`, least first. Raises DatabaseUnavailable."""
    async with reaching(pool) as connection:
        return await proposals.after(connection, after, state, limit)


async def _begun(connection: Connection, made_by: str, everything: bool) -> Any:
    """The run to go on with: the last one if it is not finished and serves, else a new one."""
    last = await proposals.last_run(connection)
    first = _ALWAYS
    if last is not None and last["made_by"] == made_by and not everything:
        first = last["changed_from"] if last["finished_at"] is None else last["changed_before"]
    unfinished = last is not None and last["finished_at"] is None and last["made_by"] == made_by
    if last is not None and unfinished and last["changed_from"] == first:
        return last
    return await proposals.begin_run(connection, made_by, first, await settled_before(connection))


async def _page(connection: Connection, weights: Weights, run: Any, limit: int) -> Any | None:
    """Compare the run's next records; None when there are none left."""
    rows = await proposals.page(connection, run, limit)
    if not rows:
        return None
    entries = [Entry(Record.load(row["features"])) for row in rows]
    found = await looked_up(connection, entries, (KEY_CAP, CANDIDATE_CAP))
    known = await proposals.known(connection, [row["record_id"] for row in rows])
    answered = {(row["low_record"], row["high_record"]): row["answered"] for row in known}
    said = await _said(weights, entries, found, known)
    async with connection.transaction():
        made, withdrawn = await _write(connection, weights.model.version, said, answered)
        reached = rows[-1]["updated_at"], rows[-1]["record_id"]
        return await proposals.advance_run(connection, run["id"], reached, (len(rows), made, withdrawn))


async def _said(
    weights: Weights, entries: Sequence[Entry], found: Sequence[Found], known: Sequence[Any]
) -> dict[Pair, Scored]:
    """What would be said now, lesser ids first: of every pair that is not apart, and of every known one."""
    said: dict[Pair, Scored] = {}
    for row in known:
        sides = Record.load(row["low_features"]), Record.load(row["high_features"])
        if (told := scored(weights, *sides, even_apart=True)) is not None:
            said[row["low_record"], row["high_record"]] = told
    for entry, candidates in zip(entries, found, strict=True):
        for other in candidates.records:
            low, high = sorted((entry.record.record_id, other.record_id))
            if (low, high) not in said and (told := scored(weights, entry.record, other)) is not None:
                said[low, high] = told
        await asyncio.sleep(0)  # the worker counts meanwhile
    return said


async def _write(
    connection: Connection, model_version: str, said: dict[Pair, Scored], answered: dict[Pair, str | None]
) -> tuple[int, int]:
    """Propose what differs from the answer, withdraw what does not; how many of each."""
    differing = [
        _proposal(pair, found, answered.get(pair))
        for pair, found in sorted(said.items())
        if found.verdict.outcome != (answered.get(pair) or "apart")
    ]
    proposed = {(each.low, each.high) for each in differing}
    agreeing = [pair for pair in sorted(answered) if pair not in proposed]
    made = await proposals.propose(connection, differing, model_version) if differing else 0
    return made, await proposals.withdraw(connection, agreeing) if agreeing else 0


def _proposal(pair: Pair, found: Scored, answered: str | None) -> Proposal:
    score, verdict = found
    evidence = orjson.dumps(evidence_shown(score)).decode()
    return Proposal(*pair, verdict.outcome, verdict.rule, answered, score.probability, score.bits, evidence)
