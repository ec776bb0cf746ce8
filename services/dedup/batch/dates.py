"""Birth dates as files hold them: any order of the parts, either calendar, any digits, months by name.

A year of two digits is not read: of ٩٠ nobody knows whether it is 1990, 1390 or 1890, and a wrong date tells persons
apart who are one. A whole number of five digits is a day as spreadsheets count them, 1 being 1 January 1900.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from services.dedup.engine.hijri import FIRST_YEAR, LAST_YEAR, ordinal_of
from services.dedup.engine.record import Calendar, Precision
from shared import calendar
from shared.arabic import ascii_digits, fold
from shared.calendar import ImpossibleDate, parse_day

Order = Literal["dmy", "mdy"]
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_PARTS = re.compile(r"[^0-9]+")
_SEPARATORS = re.compile(r"[\s/\\\-.،,_]+")
_WHOLE = re.compile(r"(\d{4,5})\.0+")
_SERIAL = re.compile(r"[1-6]\d{4}")
_EPOCH = date(1899, 12, 30)  # spreadsheets count a 29 February 1900 that was not
_GREGORIAN_FROM = 1700  # a year from here on is Gregorian, one before it Hijri
_MARKS = frozenset({"ه", "هجري", "هجريه", "م", "ميلادي", "ميلاديه", "ah", "ad", "ce", "h", "g", "سنه", "عام", "مواليد",
                    "st", "nd", "rd", "th", "de", "of"})  # fmt: skip
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_GREGORIAN_MONTHS = (
    "jan|january|janvier|يناير|كانون الثاني|جانفي", "feb|february|fevrier|février|فبراير|شباط|فيفري",
    "mar|march|mars|مارس|اذار", "apr|april|avril|ابريل|نيسان|افريل", "may|mai|مايو|ايار|ماي",
    "jun|june|juin|يونيو|يونيه|حزيران|جوان", "jul|july|juillet|يوليو|يوليه|تموز|جويليه|يوليوز",
    "aug|august|aout|août|اغسطس|اب|اوت|غشت", "sep|sept|september|septembre|سبتمبر|ايلول|شتنبر",
    "oct|october|octobre|اكتوبر|تشرين الاول", "nov|november|novembre|نوفمبر|تشرين الثاني|نونبر",
    "dec|december|decembre|décembre|ديسمبر|كانون الاول|دجنبر",
)  # fmt: skip
_HIJRI_MONTHS = (
    "محرم|المحرم|muharram", "صفر|safar", "ربيع الاول|ربيع اول|ربيع 1", "ربيع الثاني|ربيع الاخر|ربيع ثاني|ربيع 2",
    "جمادى الاولى|جمادى الاول|جماد الاول|جماد اول|جمادى 1",
    "جمادى الاخرة|جمادى الثانية|جمادى الاخر|جمادى الثاني|جماد الثاني|جماد الاخر|جماد ثاني|جمادى 2", "رجب|rajab",
    "شعبان|shaban|sha'ban", "رمضان|ramadan", "شوال|shawwal", "ذو القعدة|ذي القعدة|ذوالقعدة|ذوالقعده",
    "ذو الحجة|ذي الحجة|ذوالحجة|ذوالحجه",
)  # fmt: skip
_MONTHS = {
    fold(name): month
    for months in (_GREGORIAN_MONTHS, _HIJRI_MONTHS)
    for month, names in enumerate(months, start=1)
    for name in names.split("|")
}


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
        parts = [part for part in _PARTS.split(_TIME.sub("", ascii_digits(text).strip())) if part]
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
    plain = _TIME.sub("", ascii_digits(text).strip())
    if whole := _WHOLE.fullmatch(plain):
        plain = whole[1]
    if _SERIAL.fullmatch(plain):
        return WrittenBirth(_EPOCH + timedelta(days=int(plain)), "gregorian", "day")
    parts = _parts(plain)
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


def _parts(plain: str) -> list[str]:
    """The numbers of a date in their order, or year, month and day if its month is named; none if it is no date."""
    parts = [part for part in _SEPARATORS.split(plain) if part]
    if all(part.isdigit() for part in parts):
        return parts
    words = [part for part in _SEPARATORS.split(_GLUED.sub(" ", fold(plain))) if part and part not in _MARKS]
    for size in (2, 1):
        for place in range(len(words) - size + 1):
            if month := _MONTHS.get(" ".join(words[place : place + size])):
                return _around(month, [*words[:place], *words[place + size :]])
    numbers = [word for word in words if word.isdigit()]
    return numbers if len(numbers) in (1, 3) or len(numbers) == len(words) else []


def _around(month: int, others: list[str]) -> list[str]:
    """Year, month and day of a date whose month is named; none if the year is not written whole."""
    numbers = sorted((word for word in others if word.isdigit()), key=len)
    if not numbers or len(numbers[-1]) != 4 or len(numbers) > 2 or len(numbers[0]) == 3:
        return []
    return [numbers[-1], str(month), *numbers[:-1]]


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
