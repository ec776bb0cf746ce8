"""Birth dates as files hold them: any order of the parts, either calendar, any digits."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from services.dedup.engine.hijri import FIRST_YEAR, LAST_YEAR, ordinal_of
from services.dedup.engine.record import Calendar, Precision
from shared import calendar
from shared.arabic import ascii_digits
from shared.calendar import ImpossibleDate, parse_day

Order = Literal["dmy", "mdy"]
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_PARTS = re.compile(r"[^0-9]+")
_GREGORIAN_FROM = 1700  # a year from here on is Gregorian, one before it Hijri


class WrittenBirth(NamedTuple):
    """A Gregorian day, with the calendar it was written in and what of it was written."""

    day: date
    calendar: Calendar
    precision: Precision


def order_of(texts: Iterable[str]) -> Order:
    """Whether days or months come first where years come last: days, unless a value shows otherwise."""
    for text in texts:
        if _ISO.fullmatch(text):
            continue
        parts = _parts(text)
        if len(parts) == 3 and len(parts[2]) == 4:
            if int(parts[0]) > 12:
                return "dmy"
            if int(parts[1]) > 12:
                return "mdy"
    return "dmy"


def written_birth(text: str, order: Order = "dmy") -> WrittenBirth | None:
    """The day that `text` writes, None where it writes none.

    A date in the Gregorian calendar that only another order of day and month makes possible is read so.
    """
    if iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
        return _birth(year, month, day, "day") or _birth(year, day, month, "day")
    parts = _parts(text)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) > 1 and len(parts[-1]) == 4:
        parts = [parts[-1], *(parts[:-1] if order == "mdy" else reversed(parts[:-1]))]
    if not parts or len(parts) > 3 or len(parts[0]) != 4:
        return None
    year, month, day = (int(part) for part in (*parts, "1", "1")[:3])
    precision: Precision = "day" if len(parts) == 3 else "month" if len(parts) == 2 else "year"
    if year < _GREGORIAN_FROM and precision == "year":
        month = 7  # the registries' default in that calendar
    return _birth(year, month, day, precision) or _birth(year, day, month, precision)


def _parts(text: str) -> list[str]:
    return [part for part in _PARTS.split(_TIME.sub("", ascii_digits(text).strip())) if part]


def _birth(year: int, month: int, day: int, precision: Precision) -> WrittenBirth | None:
    hijri = year < _GREGORIAN_FROM
    try:
        if not hijri:
            return WrittenBirth(date(year, month, day), "gregorian", precision)
        if FIRST_YEAR <= year <= LAST_YEAR:
            ordinal = ordinal_of(year, month, day)
            return WrittenBirth(date.fromordinal(ordinal), "hijri", precision) if ordinal else None
        return WrittenBirth(parse_day(f"{year:04d}-{month:02d}-{day:02d}", calendar.Calendar.HIJRI), "hijri", precision)
    except (ValueError, ImpossibleDate):
        return None
