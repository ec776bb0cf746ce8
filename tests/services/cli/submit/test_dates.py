import pytest

from services.cli.submit.dates import DateUnreadable, order_of, written
from services.cli.submit.mapping import DateStyle


@pytest.mark.parametrize(
    ("text", "value", "calendar", "precision"),
    [
        ("2026-10-01", "2026-10-01", "gregorian", "day"),
        ("١٤٤٨/٠٥/٢١", "1448-05-21", "hijri", "day"),
        ("١٤٤٨/٠٥/٢١ هـ", "1448-05-21", "hijri", "day"),
        ("2026/10/01م", "2026-10-01", "gregorian", "day"),
        ("31/12/2026", "2026-12-31", "gregorian", "day"),
        ("1.2.2026", "2026-02-01", "gregorian", "day"),
        ("5 رجب 1448", "1448-07-05", "hijri", "day"),
        ("15 ذو الحجة 1447هـ", "1447-12-15", "hijri", "day"),
        ("1 محرم 1448", "1448-01-01", "hijri", "day"),
        ("01-Oct-2026", "2026-10-01", "gregorian", "day"),
        ("٣ أكتوبر ٢٠٢٦", "2026-10-03", "gregorian", "day"),
        ("2026-10-01 00:00:00", "2026-10-01", "gregorian", "day"),
        ("20261001", "2026-10-01", "gregorian", "day"),
        ("ربيع الأول 1448", "1448-03", "hijri", "month"),
        ("1372", "1372", "hijri", "year"),
        ("1405/13/01", "1405-13-01", "hijri", "day"),
    ],
)
def test_a_date_is_understood_as_clerks_write_it(text: str, value: str, calendar: str, precision: str) -> None:
    found = written(text, DateStyle())

    assert (found.value, found.calendar, found.precision) == (value, calendar, precision)


@pytest.mark.parametrize("text", ["1/2/26", "45992", "غدا", "12/2026/10", "2026-10-01-05", "2026 2027"])
def test_what_could_be_several_days_or_none_is_not_guessed(text: str) -> None:
    with pytest.raises(DateUnreadable):
        written(text, DateStyle())


def test_a_day_above_twelve_tells_the_order_of_the_whole_column() -> None:
    assert order_of(["03/04/2026", "03/25/2026"]) == ("mdy", True)
    assert order_of(["03/04/2026", "25/03/2026"]) == ("dmy", True)
    assert order_of(["03/04/2026", ""]) == ("dmy", False)
    assert written("03/04/2026", DateStyle(order="mdy")).value == "2026-03-04"
