"""Which requests a coordinator or an auditor asks about: a zone, an aid type, a span of days. From the query string."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, Field

from services.registry.aid.errors import NO_AID_TYPE, NO_ZONE
from services.registry.aid.policy import Catalogue
from services.registry.aid.schemas import AidTypeCode, Day, Form, ZoneCode
from services.registry.zones.tree import Zone, ZoneTree
from shared.calendar import Calendar, ImpossibleDate, hijri, parse_day
from shared.errors import Flaw, Text
from shared.problems import InvalidInput


class SelectionQuery(Form):
    """Days are YYYY-MM-DD in `calendar`, the last one included; left out, the span is open on that side."""

    zone: ZoneCode | None = None
    aid_type: AidTypeCode | None = None
    first: Day | None = Field(default=None, alias="from", examples=["2026-10-01"])
    last: Day | None = Field(default=None, alias="to", examples=["2026-12-31"])
    calendar: Calendar = Calendar.GREGORIAN


@dataclass(frozen=True, slots=True)
class Selection:
    """Requests within `zone`, of `aid_type`, whose benefit period shares a day with [first, last]; None is any."""

    zone: Zone | None
    aid_type: str | None
    first: date | None
    last: date | None


class SpanView(BaseModel):
    """Gregorian days with the same in Umm al-Qura; null is open."""

    first: date | None
    last: date | None
    first_hijri: str | None
    last_hijri: str | None


def selected(query: SelectionQuery, zones: ZoneTree, catalogue: Catalogue) -> Selection:
    """Raises InvalidInput with all that is wrong: unknown zone or aid type, impossible date, end before start."""
    flaws = []
    if query.zone is not None and query.zone not in zones:
        flaws.append(Flaw("#/query/zone", "unknown_zone", NO_ZONE))
    if query.aid_type is not None and query.aid_type not in catalogue:
        flaws.append(Flaw("#/query/aid_type", "unknown_aid_type", NO_AID_TYPE))
    first = _day(query.first, query.calendar, "#/query/from", flaws)
    last = _day(query.last, query.calendar, "#/query/to", flaws)
    if first is not None and last is not None and last < first:
        flaws.append(Flaw("#/query/to", "end_before_start", _BACKWARDS))
    if flaws:
        raise InvalidInput(flaws=tuple(flaws))
    zone = zones.zone(query.zone) if query.zone is not None else None
    return Selection(zone, query.aid_type, first, last)


def span(selection: Selection) -> SpanView:
    first, last = selection.first, selection.last
    return SpanView(
        first=first, last=last, first_hijri=hijri(first) if first else None, last_hijri=hijri(last) if last else None
    )


def _day(text: str | None, calendar: Calendar, pointer: str, flaws: list[Flaw]) -> date | None:
    if text is None:
        return None
    try:
        return parse_day(text, calendar)
    except ImpossibleDate as error:
        flaws.append(
            Flaw(pointer, "impossible_date", Text("لا يوجد يوم كهذا في هذا التقويم.", f"Not a date: {error}."))
        )
        return None


_BACKWARDS = Text("نهاية الفترة قبل بدايتها.", "The period ends before it starts.")
