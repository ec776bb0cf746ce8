"""A request's row as the API answers it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from services.registry.aid.notices import CLEARED, HELD, INFORMED, PENDING
from services.registry.aid.views import (
    AidRequestView,
    Bilingual,
    CharityName,
    MoneyView,
    OverlapView,
    PeriodView,
    PersonState,
)
from shared.calendar import hijri
from shared.errors import Text

_DECIDED = {
    "approved": Text("وافق عليه مختص.", "A person approved it."),
    "rejected": Text("رفضه مختص؛ يحق الاعتراض.", "A person rejected it; you may object."),
    "delivered": Text("سُلّمت المساعدة.", "The aid was delivered."),
    "closed": Text("أُغلق الطلب.", "The request is closed."),
    "cancelled": Text("ألغته الجمعية.", "The charity cancelled it."),
    "held": HELD,
}


def view(row: Mapping[str, Any]) -> AidRequestView:
    overlaps = [overlap(notice) for notice in orjson.loads(row["notices"])]
    pending = row["status"] == "pending"
    amount = row["amount"]
    return AidRequestView(
        id=row["id"],
        source_ref=row["source_ref"],
        status=row["status"],
        screening="pending" if pending else "final",
        person="unknown" if pending else person_state(row["known_here"], overlaps),
        aid_type=row["aid_type"],
        period=period(row["starts_on"], row["ends_on"]),
        amount=MoneyView(value=amount, currency=row["currency"]) if amount is not None else None,
        note=row["note"],
        zone=row["zone_code"],
        overlaps=overlaps,
        reason=_both(reason(row["status"], overlaps)),
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def person_state(known_here: bool, overlaps: Sequence[OverlapView]) -> PersonState:
    """No more than the charity's own registrations and the overlaps it is told of say already."""
    if any(each.certainty == "suspected" for each in overlaps):
        return "in_review"
    return "joined" if known_here or overlaps else "new"


def reason(status: str, overlaps: Sequence[OverlapView]) -> Text:
    if status == "pending":
        return PENDING
    return _DECIDED.get(status) or (INFORMED if overlaps else CLEARED)


def overlap(notice: Mapping[str, Any]) -> OverlapView:
    name = notice["charity_name_ar"]
    return OverlapView(
        aid_type=notice["aid_type"],
        period=period(_day(notice["starts_on"]), _day(notice["ends_on"])),
        zone=notice["zone_code"],
        certainty=notice["certainty"],
        rule=notice["rule"],
        own_request=notice["own_request_id"],
        charity=CharityName(ar=name, en=notice["charity_name_en"]) if name else None,
        reason=Bilingual(ar=notice["reason_ar"], en=notice["reason_en"]),
    )


def period(start: date, end: date) -> PeriodView:
    return PeriodView(start=start, end=end, start_hijri=hijri(start), end_hijri=hijri(end))


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _both(text: Text) -> Bilingual:
    return Bilingual(ar=text.ar, en=text.en)
