"""A stored request is screened: who is it for, and what overlaps. Safe to do twice, inline or by the worker.

Write first, then look: the requests were committed before this begins, so of two that come at one moment,
whoever looks last sees the other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry.aid import findings as rows
from services.registry.aid import queries
from services.registry.aid.judge import Finding, findings_of, neighbour, side, status_after
from services.registry.aid.notices import notice
from services.registry.aid.policy import Catalogue
from services.registry.aid.submit import AID_REQUESTED
from services.registry.people.dedup import Dedup, Linkage
from services.registry.people.link import link_people
from services.registry.people.queries import typed
from services.registry.zones.tree import ZoneTree
from shared.db import Connection, Pool, Row, transaction
from shared.ids import new_id
from shared.outbox import Outbox

LETTERS = Outbox("registry")


@dataclass(frozen=True, slots=True)
class Screener:
    """What a screening needs. `pool` logs in as the screening role, which sees across charities."""

    pool: Pool
    dedup: Dedup
    zones: ZoneTree
    catalogue: Catalogue

    async def screen(self, requests: Collection[UUID], now: datetime) -> dict[UUID, Row]:
        """Screen the requests; those that changed meanwhile are left for the letter that the change wrote.

        Returns the screened ones as `queries.shown` gives them.
        Raises DedupUnavailable, DatabaseUnavailable; then nothing has changed.
        """
        asked = await rows.to_screen(self.pool, requests)
        return await self.screen_rows(asked, now) if asked else {}

    async def screen_rows(self, asked: Sequence[Row], now: datetime) -> dict[UUID, Row]:
        """The same for requests as `findings.to_screen` gives them; one that has changed since is left out."""
        registrations = {row["registration_id"]: row for row in asked}
        records = [typed(row, self.zones.path(row["zone_code"])) for row in registrations.values()]
        linkage = await self.dedup.link(records)
        async with transaction(self.pool) as connection:
            return await self._settle(connection, asked, linkage, now)

    async def _settle(
        self, connection: Connection, asked: Sequence[Row], linkage: Linkage, now: datetime
    ) -> dict[UUID, Row]:
        moved = await link_people(connection, {row["registration_id"] for row in asked}, linkage, now)
        if moved:
            again = await rows.requests_of_households(connection, moved)
            await LETTERS.write(connection, AID_REQUESTED, again, now, now)
        near = await rows.neighbours(connection, [row["id"] for row in asked])
        locked = await rows.lock_requests(connection, {row["id"] for row in asked} | {row["id"] for row in near})
        current = [row["id"] for row in asked if _unchanged(row, locked[row["id"]])]
        return await self._judge(connection, current, near, locked, now)

    async def _judge(
        self, connection: Connection, current: Sequence[UUID], near: Sequence[Row], locked: Mapping[UUID, Row],
        now: datetime,
    ) -> dict[UUID, Row]:  # fmt: skip
        found = self._find(current, near, locked)
        standing = await rows.open_findings(connection, current)
        plan = reconcile(current, found, [dict(row) for row in standing])
        await rows.close(connection, plan.gone, "no longer overlaps", now)
        await rows.add(connection, [self._columns(finding) for finding in plan.new], now)
        if plan.look_again:
            await LETTERS.write(connection, AID_REQUESTED, plan.look_again, now, now)
        statuses = [_status(locked[each], plan.holding.get(each, ())) for each in current]
        return await queries.conclude(connection, statuses, AID_REQUESTED, now)

    def _find(
        self, current: Sequence[UUID], near: Sequence[Row], locked: Mapping[UUID, Row]
    ) -> dict[UUID, list[Finding]]:
        by_asked: dict[UUID, list[Row]] = defaultdict(list)
        for row in near:
            if locked[row["id"]]["status"] not in ("cancelled", "rejected"):
                by_asked[row["asked"]].append(row)
        statuses = {each: row["status"] for each, row in locked.items()}
        found: dict[UUID, list[Finding]] = {}
        for each in sorted(current, key=lambda request: locked[request]["priority"]):
            asked = side(locked[each])
            others = [neighbour(row, statuses[row["id"]]) for row in by_asked[each]]
            found[each] = findings_of(asked, others, self.catalogue)
        return found

    def _columns(self, finding: Finding) -> dict[str, Any]:
        return {
            "id": new_id(), "request_id": finding.flagged.request_id, "earlier_id": finding.earlier.request_id,
            "rule": finding.rule, "unit": finding.policy.unit, "certainty": finding.certainty,
            "probability": finding.probability, "common_from": finding.common_from, "common_to": finding.common_to,
            "evidence": finding.evidence, "model_version": finding.model_version,
            "policy_version": finding.policy.version, "effect": finding.policy.effect,
        } | notice(finding, self.catalogue)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What a screening changes.

    new, gone:  findings to add, and ids of those to close.
    look_again: requests flagged because of one that was screened and no longer overlaps with them.
    holding:    screened request -> whether each finding that flags it holds.
    """

    new: list[Finding]
    gone: list[UUID]
    look_again: list[UUID]
    holding: dict[UUID, list[bool]]


def reconcile(
    current: Iterable[UUID], found: Mapping[UUID, Sequence[Finding]], standing: Iterable[Mapping[str, Any]]
) -> Plan:
    """Hold what was found against the open findings. Pure.

    A finding that stands keeps which side it flags. A request judges the findings that flag it; one that it is
    merely the earlier side of is for the flagged request's own screening.
    """
    plan = Plan([], [], [], defaultdict(list))
    screened = set(current)
    wanted = {_pair(each): each for several in found.values() for each in several}
    kept: set[frozenset[UUID]] = set()
    for row in standing:
        pair = frozenset((row["request_id"], row["earlier_id"]))
        match = wanted.get(pair)
        if match is not None and match.certainty == row["certainty"]:
            kept.add(pair)
            plan.holding[row["request_id"]].append(row["effect"] == "hold")
        elif match is not None or row["request_id"] in screened:
            plan.gone.append(row["id"])
        else:
            plan.look_again.append(row["request_id"])
    for pair, finding in wanted.items():
        if pair not in kept:
            plan.new.append(finding)
            plan.holding[finding.flagged.request_id].append(finding.holds)
    return plan


def _pair(finding: Finding) -> frozenset[UUID]:
    return frozenset((finding.flagged.request_id, finding.earlier.request_id))


def _unchanged(asked: Mapping[str, Any], locked: Mapping[str, Any]) -> bool:
    return (asked["version"], asked["registration_version"]) == (
        locked["version"],
        locked["registration_version"],
    )


def _status(row: Mapping[str, Any], holding: Sequence[bool]) -> dict[str, Any]:
    status = status_after(row["status"], holding)
    reason = f"{len(holding)} open overlaps" if holding else "no open overlap"
    return {
        "id": row["id"],
        "charity_id": row["charity_id"],
        "was": row["status"],
        "status": status,
        "reason": reason,
    }
