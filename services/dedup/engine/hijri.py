"""The Umm al-Qura calendar as one table of months: a file holds tens of thousands of days to turn."""

from bisect import bisect_right
from functools import lru_cache

from hijridate import Hijri

FIRST_YEAR, LAST_YEAR = 1343, 1500
_MONTHS = 12


@lru_cache(maxsize=1)
def _starts() -> tuple[int, ...]:
    """The ordinal of the first day of every month from FIRST_YEAR on, and of the day after the last."""
    firsts = [_first(year, month) for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, _MONTHS + 1)]
    return (*firsts, firsts[-1] + Hijri(LAST_YEAR, _MONTHS, 1).month_length())


def _first(year: int, month: int) -> int:
    return Hijri(year, month, 1).to_gregorian().toordinal()


def hijri_of(day: int) -> tuple[int, int, int] | None:
    """Year, month and day of a proleptic Gregorian ordinal; None outside the table."""
    starts = _starts()
    month = bisect_right(starts, day) - 1
    if not 0 <= month < len(starts) - 1:
        return None
    return FIRST_YEAR + month // _MONTHS, month % _MONTHS + 1, day - starts[month] + 1


def ordinal_of(year: int, month: int, day: int) -> int | None:
    """The ordinal of that day; None where the month has no such day. The year must be in the table."""
    if not (1 <= month <= _MONTHS and day >= 1):
        return None
    starts, place = _starts(), (year - FIRST_YEAR) * _MONTHS + month - 1
    ordinal = starts[place] + day - 1
    return ordinal if ordinal < starts[place + 1] else None
