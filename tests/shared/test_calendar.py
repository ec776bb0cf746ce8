"""Dates in both calendars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import Calendar, ImpossibleDate, hijri, parse_day


@pytest.mark.parametrize(
    ("written", "gregorian"),
    [
        ("1445-01-01", date(2023, 7, 19)),
        ("1444-09-01", date(2023, 3, 23)),
        ("1447-09-01", date(2026, 2, 18)),
        ("1343-01-01", date(1924, 8, 1)),
        ("1500-12-30", date(2077, 11, 16)),
        ("١٤٠٠-٠١-٠١", date(1979, 11, 20)),
    ],
)
def test_umm_al_qura_days_are_those_of_the_official_tables(written: str, gregorian: date) -> None:
    assert parse_day(written, Calendar.HIJRI) == gregorian


@pytest.mark.parametrize(
    "text", ["1447-02-30", "1448-13-01", "1445-00-10", "1445-1-1", "1600-01-01", "", "abc", "1279-01-01"]
)
def test_a_day_that_is_not_in_the_hijri_calendar_is_refused(text: str) -> None:
    with pytest.raises(ImpossibleDate):
        parse_day(text, Calendar.HIJRI)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "01/02/2026", "0000-01-01"])
def test_a_day_that_is_not_in_the_gregorian_calendar_is_refused(text: str) -> None:
    with pytest.raises(ImpossibleDate):
        parse_day(text, Calendar.GREGORIAN)


def test_a_year_before_the_tables_lands_within_days_of_its_true_place() -> None:
    found = parse_day("1340-01-01", Calendar.HIJRI)
    assert abs((found - date(1921, 9, 4)).days) <= 3
    assert type(found) is date


@given(st.dates(date(1924, 8, 1), date(2077, 11, 16)))
def test_to_hijri_and_back_is_the_same_day(day: date) -> None:
    written = hijri(day)
    assert written is not None
    assert parse_day(written, Calendar.HIJRI) == day


def test_outside_the_tables_there_is_no_hijri_date() -> None:
    assert hijri(date(1924, 7, 31)) is None
    assert hijri(date(2077, 11, 17)) is None
