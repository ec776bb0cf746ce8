"""Dates as clerks write them, put into the API's form. Whether the day exists is for the API to say. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.cli.submit.mapping import DateStyle, Order
from shared.arabic import ascii_digits, fold
from shared.calendar import Calendar, Precision
from shared.errors import Text

_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_MARK = re.compile(r"(?<=\d)\s*(ه|هجري|م|ميلادي|ah|ad|h|g)\.?$")
_SEPARATORS = re.compile(r"[/\\\-.،,\s]+")
_GREGORIAN_FROM = 1700  # a year from here on is Gregorian, one before it Hijri
_MONTHS = {
    Calendar.GREGORIAN: (
        "jan|january|يناير|كانون الثاني", "feb|february|فبراير|شباط", "mar|march|مارس|اذار",
        "apr|april|ابريل|نيسان", "may|مايو|ايار", "jun|june|يونيو|حزيران", "jul|july|يوليو|تموز",
        "aug|august|اغسطس|اب", "sep|sept|september|سبتمبر|ايلول", "oct|october|اكتوبر|تشرين الاول",
        "nov|november|نوفمبر|تشرين الثاني", "dec|december|ديسمبر|كانون الاول",
    ),
    Calendar.HIJRI: (
        "محرم|muharram", "صفر|safar", "ربيع الاول|ربيع اول", "ربيع الثاني|ربيع الاخر|ربيع ثاني",
        "جمادى الاولى|جمادي الاول|جماد اول", "جمادى الاخرة|جمادى الثانية|جماد ثاني", "رجب|rajab", "شعبان|shaban",
        "رمضان|ramadan", "شوال|shawwal", "ذو القعدة|ذي القعدة|ذوالقعدة", "ذو الحجة|ذي الحجة|ذوالحجة",
    ),
}  # fmt: skip
_NAMED = sorted(
    (
        (fold(name), str(number), calendar)
        for calendar, months in _MONTHS.items()
        for number, names in enumerate(months, start=1)
        for name in names.split("|")
    ),
    key=lambda entry: -len(entry[0]),
)
UNREADABLE = Text(
    "لم يُفهم التاريخ؛ اكتبه سنة/شهر/يوم مثل 1448/05/21 أو 2026/11/01، والسنة بأربعة أرقام.",
    "The date was not understood; write it like 2026-11-01 or 1448-05-21, the year with four digits.",
)


class DateUnreadable(ValueError):
    """The text is not written as a date."""


@dataclass(frozen=True, slots=True)
class Written:
    """value: YYYY-MM-DD, or YYYY-MM or YYYY where no more is known."""

    value: str
    calendar: Calendar
    precision: Precision


def written(text: str, style: DateStyle) -> Written:
    """The date that `text` writes. A year's size settles the calendar, whatever the style says.

    Raises DateUnreadable.
    """
    parts, said = _parts(text)
    order: Order = "dmy" if style.order in (None, "ymd") else style.order
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) not in (1, 2, 3) or not all(part.isdigit() and len(part) in (1, 2, 4) for part in parts):
        raise DateUnreadable
    long = [len(part) == 4 for part in parts]
    if sum(long) != 1 or not (long[0] or long[-1]):
        raise DateUnreadable
    year, *rest = parts if long[0] else _year_first(parts, order)
    value = "-".join([year, *(part.zfill(2) for part in rest)])
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(rest)]
    return Written(value, said or _calendar(int(year)), precision)


def order_of(texts: Iterable[str]) -> tuple[Order, bool]:
    """The order of day and month in a column whose years come last, and whether any value shows it."""
    for text in texts:
        parts, _ = _parts(text)
        if len(parts) == 3 and all(part.isdigit() for part in parts) and len(parts[2]) == 4:
            if int(parts[0]) > 12:
                return "dmy", True
            if int(parts[1]) > 12:
                return "mdy", True
    return "dmy", False


def is_year_last(text: str) -> bool:
    parts, _ = _parts(text)
    return len(parts) == 3 and len(parts[2]) == 4


def _parts(text: str) -> tuple[list[str], Calendar | None]:
    """The numbers of the date, months by name among them, and the calendar that such a name belongs to."""
    plain = _MARK.sub("", fold(_TIME.sub("", ascii_digits(text).strip())))
    said = None
    for name, number, calendar in _NAMED:
        if re.search(rf"(?<![^\W\d]){re.escape(name)}(?![^\W\d])", plain):
            plain, said = plain.replace(name, f" {number} "), calendar
            break
    return [part for part in _SEPARATORS.split(plain) if part], said


def _year_first(parts: list[str], order: Order) -> list[str]:
    if len(parts) == 2:
        return [parts[1], parts[0]]
    first, second, year = parts
    return [year, first, second] if order == "mdy" else [year, second, first]


def _calendar(year: int) -> Calendar:
    return Calendar.GREGORIAN if year >= _GREGORIAN_FROM else Calendar.HIJRI
