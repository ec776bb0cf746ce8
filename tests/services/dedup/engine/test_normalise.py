"""What was typed becomes what is compared."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import phonenumbers
import pytest
from hijridate import Gregorian, Hijri
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.hijri import hijri_of, ordinal_of
from services.dedup.engine.normalise import identifier, known_birth, normalise
from services.dedup.engine.record import Birth, Record, Typed

Make = Callable[..., Record]


@pytest.mark.parametrize(
    "typed", ["0501234567", "+966501234567", "00966501234567", "٠٥٠١٢٣٤٥٦٧", "501234567", "050 123 4567"]
)
def test_phones_in_any_form_are_one_number(typed: str, record: Make) -> None:
    assert record(phones=(typed,)).phones == ("+966501234567",)


@given(st.from_regex(r"(\+966|00966|966|0)?5[0-9]{8}", fullmatch=True))
def test_the_quick_way_reads_a_saudi_mobile_as_the_library_does(typed: str) -> None:
    by_library = phonenumbers.parse(typed, "SA")
    read = normalise(Typed(UUID(int=1), UUID(int=2), phones=(typed,), zone_path=("SA",))).phones

    assert read == (f"+{by_library.country_code}{by_library.national_number}",)
    assert phonenumbers.is_possible_number(by_library)


def test_a_phone_is_read_by_the_country_of_its_zone(record: Make) -> None:
    assert record(phones=("0612345678",), zone_path=("MA", "MA-06")).phones == ("+212612345678",)


def test_what_is_no_phone_is_left_out(record: Make) -> None:
    assert record(phones=("لا يوجد", "", "12")).phones == ()


def test_the_first_of_january_tells_the_year_only(record: Make) -> None:
    assert record(birth=date(1970, 1, 1), birth_precision="day").birth == Birth(719163, 1970, 1970, False)


def test_the_first_of_rajab_tells_a_hijri_year_only(record: Make) -> None:
    born = Hijri(1390, 7, 1).to_gregorian()
    birth = record(birth=date(born.year, born.month, born.day), birth_calendar="hijri").birth
    assert birth is not None
    assert (birth.first, birth.last, birth.known) == (1970, 1971, False)


def test_any_other_day_is_known(record: Make) -> None:
    birth = record(birth=date(1985, 3, 14)).birth
    assert birth is not None
    assert birth.known


def test_a_birth_before_the_hijri_tables_is_kept(record: Make) -> None:
    birth = record(birth=date(1899, 5, 6), birth_calendar="hijri", birth_precision="year").birth
    assert birth is not None
    assert (birth.first, birth.known) == (1899, False)


def test_a_latin_name_in_the_arabic_field_is_read_as_latin(record: Make) -> None:
    assert record("Mohamed Salem").latin == ("mohamed", "salem")


@given(st.text(max_size=40), st.text(max_size=40), st.lists(st.text(max_size=15), max_size=3), st.dates())
def test_anything_typed_is_normalised_stored_and_read_back(
    record: Make, name: str, latin: str, phones: list[str], born: date
) -> None:
    made = record(
        name, full_name_latin=latin, phones=tuple(phones), birth=born, id_token="ab", id_near=("c" * 32,),
        zone_path=("SA",), address_text=name, household_ref="7", household_role="head", gender="male",
    )  # fmt: skip
    assert Record.load(made.dump()) == made


@given(st.dates(date(1924, 8, 1), date(2077, 11, 16)))
def test_the_table_of_months_turns_days_as_the_library_does(day: date) -> None:
    hijri = Gregorian.fromdate(day).to_hijri()
    assert hijri_of(day.toordinal()) == (hijri.year, hijri.month, hijri.day)
    assert ordinal_of(hijri.year, hijri.month, hijri.day) == day.toordinal()


@pytest.mark.parametrize("day", [date(1924, 7, 31), date(2077, 11, 17)])
def test_days_outside_the_table_have_no_hijri_date(day: date) -> None:
    assert hijri_of(day.toordinal()) is None


def test_a_month_has_no_day_beyond_its_last() -> None:
    assert ordinal_of(1445, 10, 30) is None
    assert ordinal_of(1445, 13, 1) is None


def test_an_identifier_is_its_letters_and_digits_in_capitals() -> None:
    assert identifier(" ab-١٢ 34/۵") == "AB12345"
    assert identifier("0000") is None
    assert identifier("a1") is None


@pytest.mark.parametrize("year", range(1343, 1501))
def test_every_hijri_year_of_the_tables_has_its_gregorian_years(year: int) -> None:
    born = Hijri(year, 7, 1).to_gregorian()
    birth = known_birth(date(*born.datetuple()), "year", "hijri")
    assert birth.first <= born.year <= birth.last <= birth.first + 1
