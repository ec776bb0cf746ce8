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
        requests = [row["id"] for row in asked]
        letters = await LETTERS.open(connection, AID_REQUESTED, requests)
        near = await rows.neighbours(connection, requests)
        locked = await rows.lock_requests(connection, {*requests, *(row["id"] for row in near)})
        current = [row["id"] for row in asked if _unchanged(row, locked[row["id"]])]
        standing = [dict(row) for row in await rows.open_findings(connection, current)]
        if _unseen(standing, near):  # flagged by someone whose request was committed after we looked
            near = await rows.neighbours(connection, requests)
            locked = await rows.lock_requests(connection, {*requests, *(row["id"] for row in near)})
        plan = reconcile(current, self._find(current, near, locked), standing, self.catalogue)
        answered = [letter for letter, subject in letters.items() if subject in set(current)]
        return await self._carry_out(connection, plan, [locked[each] for each in current], answered, now)

    async def _carry_out(
        self, connection: Connection, plan: "Plan", current: Sequence[Row], letters: Sequence[int], now: datetime
    ) -> dict[UUID, Row]:
        await rows.close(connection, plan.gone, "no longer so", now)
        await rows.add(connection, [self._columns(finding) for finding in plan.new], now)
        if plan.look_again:
            await LETTERS.write(connection, AID_REQUESTED, plan.look_again, now, now)
        statuses = [_status(row, plan.holding.get(row["id"], ())) for row in current]
        return await queries.conclude(connection, statuses, letters, now)

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
    look_again: requests that are flagged, or no longer, by the screening of another one.
    holding:    screened request -> whether each finding that flags it holds.
    """

    new: list[Finding]
    gone: list[UUID]
    look_again: list[UUID]
    holding: dict[UUID, list[bool]]


def reconcile(
    current: Iterable[UUID],
    found: Mapping[UUID, Sequence[Finding]],
    standing: Iterable[Mapping[str, Any]],
    catalogue: Catalogue,
) -> Plan:
    """Hold what was found against the open findings. Pure.

    A finding that stands keeps which side it flags; one that says something else by now is closed and told anew.
    A request judges the findings that flag it; one that it is merely the earlier side of is for the flagged
    request's own screening.
    """
    plan = Plan([], [], [], defaultdict(list))
    screened = set(current)
    wanted = {_pair(each): each for several in found.values() for each in several}
    for row in standing:
        pair = frozenset((row["request_id"], row["earlier_id"]))
        match = wanted[pair].flagging(row["request_id"], catalogue) if pair in wanted else None
        if match is not None and match.says_what(row):
            del wanted[pair]
            plan.holding[row["request_id"]].append(row["effect"] == "hold")
        elif match is not None or row["request_id"] in screened:
            plan.gone.append(row["id"])
            if match is not None:
                wanted[pair] = match
        else:
            plan.look_again.append(row["request_id"])
    for finding in wanted.values():
        plan.new.append(finding)
        plan.holding[finding.flagged.request_id].append(finding.holds)
        if finding.flagged.request_id not in screened and finding.flagged.status != "pending":
            plan.look_again.append(finding.flagged.request_id)
    return plan


def _unseen(standing: Iterable[Mapping[str, Any]], near: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a finding names a pair that was not among the neighbours read."""
    read = {frozenset((row["asked"], row["id"])) for row in near}
    return any(frozenset((row["request_id"], row["earlier_id"])) not in read for row in standing)


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
