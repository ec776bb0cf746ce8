"""The report of duplicates: which findings, how many by what, and by which method."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry.aid.cursor import cursor
from services.registry.aid.policy import Catalogue
from services.registry.aid.selection import Selection, span
from services.registry.charities.queries import all_charities
from services.registry.decisions.finding import finding
from services.registry.reports import queries
from services.registry.reports.queries import Filter
from services.registry.reports.sheet import BOM, HEADINGS, lines, row
from services.registry.reports.views import (
    Count,
    Counts,
    DuplicatesReport,
    Filters,
    KeyedCount,
    Method,
    MoneyCount,
    StateFilter,
)
from services.registry.zones.sight import ZoneOutOfSight, bounds, has_country, in_sight
from services.registry.zones.tree import ZoneTree
from shared.auth import Caller
from shared.db import Connection, Row

_REGIONS = 1
_LINES_TOGETHER = 200


def filter_of(selection: Selection, state: StateFilter, caller: Caller, zones: ZoneTree) -> Filter:
    """What the caller asked for, within what he may see. Raises ZoneOutOfSight."""
    if selection.zone is None:
        asked = bounds(caller)
    elif in_sight(caller, zones, selection.zone.code):
        asked = (selection.zone.code,)
    else:
        raise ZoneOutOfSight
    known = tuple(code for code in asked if code in zones) if asked is not None else None
    return Filter(
        zones=known,
        unplaced=known is None or has_country(known, zones),
        aid_type=selection.aid_type,
        first=selection.first,
        last=selection.last,
        state=None if state == "all" else state,
    )


async def report(
    connection: Connection, which: Filter, rows: Sequence[Row], how: Method, filters: Filters, catalogue: Catalogue,
    zones: ZoneTree, limit: int, now: datetime,
) -> DuplicatesReport:  # fmt: skip
    """One page of findings, with the counts over all pages."""
    zone = zones.zone(filters.zone) if filters.zone is not None else None
    level = zone.level + 1 if zone else _REGIONS
    found = await queries.counts(connection, which, level, filters.zone)
    names = await _names(connection, catalogue, zones, found["counts"])
    return DuplicatesReport(
        generated_at=now,
        filters=filters,
        method=how,
        counts=_counts(found, names),
        findings=[finding(each) for each in rows],
        next=cursor(rows[-1]["id"]) if len(rows) == limit else None,
    )


def filters_of(selection: Selection, state: StateFilter) -> Filters:
    zone = selection.zone.code if selection.zone else None
    return Filters(zone=zone, aid_type=selection.aid_type, period=span(selection), state=state)


async def sheet(connection: Connection, which: Filter, bom: bool) -> AsyncIterator[bytes]:
    """The whole report as CSV, a few hundred lines at a time."""
    yield ((BOM if bom else "") + lines([HEADINGS])).encode()
    together: list[Iterable[object]] = []
    async for each in queries.stream(connection, which):
        together.append(row(finding(each)))
        if len(together) == _LINES_TOGETHER:
            yield lines(together).encode()
            together.clear()
    if together:
        yield lines(together).encode()


def requests_of(rows: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """The requests that the findings name, each once."""
    return sorted({row[side] for row in rows for side in ("later_id", "earlier_id")})


Names = Mapping[tuple[str, str | None], tuple[str, str | None]]


async def _names(
    connection: Connection, catalogue: Catalogue, zones: ZoneTree, counted: Iterable[Mapping[str, Any]]
) -> Names:
    """(kind, key) -> Arabic and English name, for the kinds that have names."""
    names: dict[tuple[str, str | None], tuple[str, str | None]] = {
        ("charity", str(charity.id)): (charity.name_ar, charity.name_en) for charity in await all_charities(connection)
    }
    for each in catalogue.all():
        names["aid_type", each.code] = each.name_ar, each.name_en
    for count in counted:
        if count["kind"] == "zone" and count["key"] is not None:
            zone = zones.zone(count["key"])
            names["zone", zone.code] = zone.name_ar, zone.name_en
    return names


def _counts(found: Mapping[str, Sequence[Mapping[str, Any]]], names: Names) -> Counts:
    def by(kind: str) -> list[KeyedCount]:
        return [_keyed(count, names) for count in found["counts"] if count["kind"] == kind]

    total = next((_keyed(count, names) for count in found["counts"] if count["kind"] == "total"), _NONE)
    return Counts(
        total=Count(**total.model_dump(include=set(Count.model_fields))),
        by_zone=by("zone"),
        by_charity=by("charity"),
        by_aid_type=by("aid_type"),
        by_rule=by("rule"),
        by_model=by("model"),
        money=[MoneyCount(**sums) for sums in found["money"]],
    )


def _keyed(count: Mapping[str, Any], names: Names) -> KeyedCount:
    name_ar, name_en = names.get((count["kind"], count["key"]), (None, None))
    figures = {name: count[name] for name in Count.model_fields}
    return KeyedCount(key=count["key"], name_ar=name_ar, name_en=name_en, **figures)


_NONE = Count(findings=0, confirmed=0, suspected=0, open=0, closed=0)
