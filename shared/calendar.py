"""Dates as people give them: Gregorian or Hijri (Umm al-Qura), known to the day, month or year.

Umm al-Qura is computed for 1 Muharram 1343 to 30 Dhu al-Hijja 1500 (1 August 1924 to
16 November 2077), the range of `hijridate`. A year before that is placed by the mean length of
the Hijri year (354.36708 days), which is right to a few days: such a date keeps year precision.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hijridate import Gregorian, Hijri

from shared.arabic import ascii_digits

FIRST_HIJRI_YEAR, LAST_HIJRI_YEAR = 1343, 1500
FIRST_DAY, LAST_DAY = date(1924, 8, 1), date(2077, 11, 16)
"""The days that have a date in Umm al-Qura."""
_MEAN_YEAR_DAYS = 354.36708
_OLDEST_HIJRI_YEAR = 1280
_WRITTEN = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    HIJRI = "hijri"


class Precision(StrEnum):
    """How much of the date is known; the rest was filled in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class ImpossibleDate(ValueError):
    """The text is no day of that calendar."""


@dataclass(frozen=True, slots=True)
class DatedBirth:
    """A birth date as typed, and the Gregorian day it stands for."""

    gregorian: date
    typed: str
    calendar: Calendar
    precision: Precision


def parse_day(text: str, calendar: Calendar) -> date:
    """The Gregorian day that `text` (YYYY-MM-DD, any digits) names in `calendar`.

    Raises ImpossibleDate; its message does not repeat the text.
    """
    written = _WRITTEN.fullmatch(ascii_digits(text).strip())
    if written is None:
        raise ImpossibleDate("a date is written YYYY-MM-DD")
    year, month, day = (int(part) for part in written.groups())
    if calendar is Calendar.HIJRI:
        return _from_hijri(year, month, day)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDate("there is no such day in the Gregorian calendar") from error


def _from_hijri(year: int, month: int, day: int) -> date:
    if not (1 <= month <= 12 and 1 <= day <= 30 and year >= _OLDEST_HIJRI_YEAR):
        raise ImpossibleDate("there is no such day in the Umm al-Qura calendar")
    if year < FIRST_HIJRI_YEAR:
        days_before = (FIRST_HIJRI_YEAR - year) * _MEAN_YEAR_DAYS - (month - 1) * 29.53 - (day - 1)
        return FIRST_DAY - timedelta(days=round(days_before))
    try:
        found = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError) as error:
        raise ImpossibleDate("there is no such day in the Umm al-Qura calendar") from error
    return date(found.year, found.month, found.day)


def hijri(day: date) -> str | None:
    """`day` in Umm al-Qura as YYYY-MM-DD, or None outside its range."""
    try:
        return str(Gregorian(day.year, day.month, day.day).to_hijri())
    except OverflowError:
        return None
