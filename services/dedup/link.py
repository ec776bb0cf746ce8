"""Which stored records are the same person as those asked about: write first, then look."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.dedup.engine.compare import compare
from services.dedup.engine.explain import Reason, explain
from services.dedup.engine.judge import Verdict, judge
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Record, Typed
from services.dedup.engine.weigh import Score, weigh
from services.dedup.index import Entry, Found, Index
from services.dedup.shares import Weights

MOST_MATCHES = 20
_RANK = {"certain": 0, "conflict": 1, "probable": 2, "possible": 3}
_AT_A_TIME = 20


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
    sees the other. Doing it again leaves what doing it once leaves. Raises DatabaseUnavailable.
    """
    entries = _entries(typed)
    await index.store(entries)
    return await _matched(index, weights, entries)


async def match(index: Index, weights: Weights, typed: Sequence[Typed]) -> list[Linked]:
    """What `link` would answer, with nothing stored. Raises DatabaseUnavailable."""
    return await _matched(index, weights, _entries(typed))


def _entries(typed: Sequence[Typed]) -> list[Entry]:
    return [Entry(normalise(one)) for one in typed]


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
    comparison = compare(record, other)
    score = weigh(weights.model, comparison, weights.frequencies)
    verdict = judge(weights.model, comparison, score)
    if verdict.outcome == "apart":
        return None
    return Match(other.record_id, score, verdict, explain(score, verdict))
