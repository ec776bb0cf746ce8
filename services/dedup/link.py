"""Which stored records are the same person as those asked about: write first, then look."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from services.dedup.engine.compare import compare
from services.dedup.engine.explain import Reason, explain
from services.dedup.engine.judge import Verdict, judge, plainly_apart
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Record, Typed
from services.dedup.engine.weigh import Score, weighed
from services.dedup.index import Entry, Found, Index
from services.dedup.shares import Weights

MOST_MATCHES = 20
_RANK = {"certain": 0, "conflict": 1, "probable": 2, "possible": 3}
_AT_A_TIME = 20


class Scored(NamedTuple):
    """What is to be said of a pair."""

    score: Score
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Match:
    """A stored record that may be the same person, and why."""

    record_id: UUID
    score: Score
    verdict: Verdict
    reason: Reason


@dataclass(frozen=True, slots=True)
class Linked:
    """matches: best first, at most MOST_MATCHES. candidates: records that share a blocking key."""

    record_id: UUID
    matches: list[Match]
    candidates: int


async def link(index: Index, weights: Weights, typed: Sequence[Typed]) -> list[Linked]:
    """Store the records, then match each with all that is stored, the others of this call included.

    The look starts after the store is committed: of two records that arrive at one moment at least one
    sees the other. Doing it again leaves what doing it once leaves. What is answered is kept, so that a later
    run of `relink` tells only what differs. Raises DatabaseUnavailable.
    """
    entries = _entries(typed)
    stored_before = await index.store(entries)
    linked = await _matched(index, weights, entries)
    answers = {_pair(one.record_id, match): match.verdict.outcome for one in linked for match in one.matches}
    if answers or stored_before:
        await index.note([entry.record.record_id for entry in entries], answers)
    return linked


async def match(index: Index, weights: Weights, typed: Sequence[Typed]) -> list[Linked]:
    """What `link` would answer, with nothing stored. Raises DatabaseUnavailable."""
    return await _matched(index, weights, _entries(typed))


def scored(weights: Weights, record: Record, other: Record, *, even_apart: bool = False) -> Scored | None:
    """Score and verdict of two records; None for two persons, unless `even_apart`."""
    comparison = compare(record, other)
    found = weighed(weights.model, comparison, weights.frequencies)
    if not even_apart and plainly_apart(weights.model, comparison, found.probability):
        return None
    score = found.score()
    verdict = judge(weights.model, comparison, score)
    return Scored(score, verdict) if even_apart or verdict.outcome != "apart" else None


def evidence_shown(score: Score) -> list[dict[str, Any]]:
    """The evidence as it is told and kept."""
    return [{"field": part.field, "level": part.level, "bits": part.bits} for part in score.evidence]


def _entries(typed: Sequence[Typed]) -> list[Entry]:
    return [Entry(normalise(one)) for one in typed]


def _pair(record_id: UUID, match: Match) -> tuple[UUID, UUID]:
    return min(record_id, match.record_id), max(record_id, match.record_id)


async def _matched(index: Index, weights: Weights, entries: Sequence[Entry]) -> list[Linked]:
    found = await index.look(entries)
    linked: list[Linked] = []
    for place, (entry, candidates) in enumerate(zip(entries, found, strict=True), start=1):
        linked.append(_judged(weights, entry.record, candidates))
        if place % _AT_A_TIME == 0:
            await asyncio.sleep(0)  # a large batch lets other calls through
    return linked


def _judged(weights: Weights, record: Record, found: Found) -> Linked:
    matches = [match for other in found.records if (match := _match(weights, record, other))]
    matches.sort(key=lambda match: (_RANK[match.verdict.outcome], -match.score.bits, match.record_id))
    return Linked(record.record_id, matches[:MOST_MATCHES], found.total)


def _match(weights: Weights, record: Record, other: Record) -> Match | None:
    """The pair as a match; None if they are two persons."""
    found = scored(weights, record, other)
    return Match(other.record_id, *found, explain(*found)) if found else None
