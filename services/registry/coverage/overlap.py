"""Who is helped in a zone, by whom, and how much of it twice: the figures by child zone, and their total.

A request counts where its zone is; a person or household in every zone it has a request in, and once in the total.
A request that names no zone counts in the country that its charity works in, in the row without a zone; so does
one that names a larger zone than the rows are made for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry.aid.selection import Selection, span
from services.registry.charities.queries import Charity, all_charities
from services.registry.coverage import queries
from services.registry.coverage.views import (
    ByCertainty,
    CharityRef,
    CoverageRow,
    CoverageView,
    Helped,
    Money,
    MoneyByCertainty,
    PairView,
    Requests,
    ZoneName,
)
from services.registry.zones.tree import LEVELS, Zone, ZoneTree
from shared.db import Connection
from shared.errors import Flaw, Text
from shared.problems import InvalidInput

DEEPEST = len(LEVELS) - 1
Cell = tuple[bool, str | None]
_TOTAL: Cell = (True, None)


def level_below(zone: Zone, asked: int | None) -> int:
    """The level of the rows: `asked`, else the next one down. Raises InvalidInput."""
    if asked is None:
        return min(zone.level + 1, DEEPEST)
    if not zone.level <= asked <= DEEPEST:
        raise InvalidInput(flaws=(Flaw("#/query/level", "no_such_level", _NO_LEVEL),))
    return asked


async def coverage(
    connection: Connection, zones: ZoneTree, zone: Zone, level: int, selection: Selection, empty: bool, now: datetime
) -> CoverageView:
    """The coverage of `zone`, a row a zone of `level`; with `empty`, also of those where nobody is helped."""
    unplaced = _unplaced(await all_charities(connection), zone, zones)
    found = await queries.overlap(
        connection, zone.code, zone.level, level, selection.aid_type, selection.first, selection.last,
        unplaced,
    )  # fmt: skip
    names: dict[UUID, CharityRef] = {charity.id: _ref(charity) for charity in await all_charities(connection)}
    rows = _rows(found, names, zones)
    if empty:
        for code in await queries.zones_below(connection, zone.code, zone.level, level):
            rows.setdefault((False, code), _nobody(zones.zone(code)))
    total = rows.pop(_TOTAL)
    return CoverageView(
        zone=_name(zone),
        level=level,
        aid_type=selection.aid_type,
        period=span(selection),
        generated_at=now,
        rows=[rows[cell] for cell in sorted(rows, key=lambda cell: (cell[1] is None, cell[1]))],
        total=total,
    )


def _unplaced(charities: Iterable[Charity], zone: Zone, zones: ZoneTree) -> list[UUID]:
    """Charities whose requests without a zone count in `zone`: none unless it is a country they work in.

    One that has not said where it works counts in every country.
    """
    if zone.level > 0:
        return []
    return [
        charity.id
        for charity in charities
        if not charity.zones or any(zones.within(code, (zone.code,)) for code in charity.zones)
    ]


def _rows(
    found: Mapping[str, Sequence[Mapping[str, Any]]], charities: Mapping[UUID, CharityRef], zones: ZoneTree
) -> dict[Cell, CoverageRow]:
    money, pairs = _by_cell(found["money"]), _by_cell(found["pairs"])
    people, households = _by_cell(found["people"]), _by_cell(found["households"])
    rows = {}
    for figures in found["figures"]:
        cell = _cell(figures)
        rows[cell] = CoverageRow(
            zone=_name(zones.zone(cell[1])) if cell[1] is not None else None,
            charities=figures["charities"],
            people=_helped(people[cell]),
            households=_helped(households[cell]),
            requests=Requests(total=figures["requests"], in_overlap=_by_certainty(figures)),
            money=[_money(sums) for sums in money[cell]],
            overlaps=[_pair(pair, charities) for pair in pairs[cell]],
        )
    return rows


def _by_cell(rows: Iterable[Mapping[str, Any]]) -> dict[Cell, list[Mapping[str, Any]]]:
    by_cell: dict[Cell, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_cell[_cell(row)].append(row)
    return by_cell


def _cell(row: Mapping[str, Any]) -> Cell:
    return row["total"], row["cell"]


def _helped(rows: Sequence[Mapping[str, Any]]) -> Helped:
    (row,) = rows
    return Helped(helped=row["helped"], by_two_or_more=row["by_two_or_more"])


def _by_certainty(row: Mapping[str, Any]) -> ByCertainty:
    return ByCertainty(confirmed=row["confirmed"], suspected=row["suspected"])


def _money(sums: Mapping[str, Any]) -> Money:
    return Money(
        currency=sums["currency"],
        total=sums["asked"],
        in_overlap=MoneyByCertainty(confirmed=sums["confirmed"], suspected=sums["suspected"]),
        later=sums["later"],
    )


def _pair(pair: Mapping[str, Any], charities: Mapping[UUID, CharityRef]) -> PairView:
    both = charities[UUID(pair["low"])], charities[UUID(pair["high"])]
    return PairView(charities=both, overlaps=_by_certainty(pair), people=pair["people"])


def _nobody(zone: Zone) -> CoverageRow:
    none = Helped(helped=0, by_two_or_more=0)
    requests = Requests(total=0, in_overlap=ByCertainty(confirmed=0, suspected=0))
    return CoverageRow(
        zone=_name(zone), charities=0, people=none, households=none, requests=requests, money=[], overlaps=[]
    )


def _name(zone: Zone) -> ZoneName:
    return ZoneName(code=zone.code, level=zone.level, name_ar=zone.name_ar, name_en=zone.name_en)


def _ref(charity: Charity) -> CharityRef:
    return CharityRef(id=charity.id, name_ar=charity.name_ar, name_en=charity.name_en)


_NO_LEVEL = Text(f"المستوى بين مستوى النطاق و{DEEPEST}.", f"A level is a number from the zone's own up to {DEEPEST}.")
