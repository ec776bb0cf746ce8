"""Hard cases that registers of Arabic names are full of, and what the engine makes of each."""

from collections.abc import Callable
from datetime import date

import pytest

from services.dedup.engine.judge import Verdict
from services.dedup.engine.record import Record

Make = Callable[..., Record]
Judge = Callable[[Record, Record], Verdict]
BORN = date(1985, 3, 14)
NAME = "محمد عبدالله أحمد الغامدي"
HOME = {"phones": ("0501234567",), "zone_path": ("SA", "SA-02", "SA-02-02", "SA-02-02-1")}


def test_one_full_name_and_birth_date_are_put_before_a_person_at_least(record: Make, verdict: Judge) -> None:
    assert verdict(record(NAME, birth=BORN), record(NAME, birth=BORN)).outcome in ("probable", "possible")


@pytest.mark.parametrize("name", ["محمد محمد محمد محمد", "محمد أحمد محمد علي", "فاطمة محمد أحمد الحربي"])
def test_even_the_commonest_full_name_with_a_birth_date_is(name: str, record: Make, verdict: Judge) -> None:
    assert verdict(record(name, birth=BORN), record(name, birth=BORN)).outcome in ("probable", "possible")


def test_the_same_with_one_id_is_certain(record: Make, verdict: Judge) -> None:
    found = verdict(record(NAME, birth=BORN, id_token="a1"), record(NAME, birth=BORN, id_token="a1"))
    assert found == Verdict("certain", "national_id")


def test_an_id_alone_links_nobody(record: Make, verdict: Judge) -> None:
    assert verdict(record(None, id_token="a1"), record(None, id_token="a1")).outcome not in (
        "certain",
        "probable",
    )


def test_the_guardians_id_on_a_child_is_a_conflict(record: Make, verdict: Judge) -> None:
    father = record(NAME, birth=BORN, id_token="a1", **HOME)
    child = record("سالم محمد عبدالله الغامدي", birth=date(2012, 6, 2), id_token="a1", **HOME)
    assert verdict(father, child) == Verdict("conflict", "shared_id")


def test_brothers_stay_apart(record: Make, verdict: Judge) -> None:
    one = record(NAME, birth=BORN, gender="male", **HOME)
    other = record("سعد عبدالله أحمد الغامدي", birth=date(1988, 5, 5), gender="male", **HOME)
    assert verdict(one, other).outcome == "apart"


@pytest.mark.parametrize(("one", "other"), [("حسن", "حسين"), ("محمد", "سعد"), ("محمد", "محمود"), ("سعد", "سعيد")])
def test_twins_are_never_joined_by_the_machine(one: str, other: str, record: Make, verdict: Judge) -> None:
    line = "عبدالله أحمد الغامدي"
    a = record(f"{one} {line}", birth=BORN, gender="male", **HOME)
    b = record(f"{other} {line}", birth=BORN, gender="male", **HOME)
    assert verdict(a, b).outcome in ("apart", "possible")


def test_father_and_son_of_one_name_stay_apart(record: Make, verdict: Judge) -> None:
    father = record("محمد سالم محمد الغامدي", birth=date(1955, 2, 3), **HOME)
    son = record("محمد محمد سالم الغامدي", birth=BORN, **HOME)
    assert verdict(father, son).outcome not in ("certain", "probable")


def test_a_grandson_named_after_his_grandfather_is_not_joined_to_him(record: Make, verdict: Judge) -> None:
    old = record("صالح محمد علي العتيبي", birth=date(1950, 1, 1), **HOME)
    young = record("صالح أحمد صالح العتيبي", birth=date(2008, 9, 9), **HOME)
    assert verdict(old, young).outcome == "apart"


def test_husband_and_wife_stay_apart(record: Make, verdict: Judge) -> None:
    husband = record(NAME, birth=BORN, gender="male", household_role="head", **HOME)
    wife = record("نورة سعد علي القحطاني", birth=date(1987, 4, 4), gender="female", household_role="spouse", **HOME)
    assert verdict(husband, wife).outcome == "apart"


def test_default_birth_days_do_not_join_namesakes(record: Make, verdict: Judge) -> None:
    one = record("محمد أحمد الحربي", birth=date(1970, 1, 1))
    other = record("محمد أحمد الحربي", birth=date(1970, 1, 1))
    assert verdict(one, other).outcome not in ("certain", "probable")


def test_a_latin_twin_is_found(record: Make, verdict: Judge) -> None:
    one = record("عبد الرحمن محمد سعيد الزهراني", birth=BORN, **HOME)
    other = record(full_name_latin="Abdulrahman Mohamed Saeed Al-Zahrani", birth=BORN, **HOME)
    assert verdict(one, other).outcome == "probable"


@pytest.mark.parametrize("typed", ["فهد ناصر سعيد الدوسري", "فهد تاصر سعيد الدوسري", "قهد ناصر سعيد الدوسري"])
def test_wrong_dots_do_not_hide_a_person(typed: str, record: Make, verdict: Judge) -> None:
    one = record("فهد ناصر سعيد الدوسري", birth=BORN, **HOME)
    assert verdict(one, record(typed, birth=BORN, **HOME)).outcome == "probable"


def test_a_forebear_left_out_does_not_hide_a_person(record: Make, verdict: Judge) -> None:
    one = record(NAME, birth=BORN, **HOME)
    assert verdict(one, record("محمد أحمد الغامدي", birth=BORN, **HOME)).outcome == "probable"


def test_names_in_another_order_do_not_hide_a_person(record: Make, verdict: Judge) -> None:
    one = record(NAME, birth=BORN, **HOME)
    assert verdict(one, record("الغامدي محمد عبدالله أحمد", birth=BORN, **HOME)).outcome in (
        "probable",
        "possible",
    )


def test_strangers_stay_apart(record: Make, verdict: Judge) -> None:
    one = record("محمد عبدالله أحمد الغامدي", birth=BORN, phones=("0501234567",))
    other = record("محمد سعيد علي الحربي", birth=date(1991, 7, 7), phones=("0559999999",))
    assert verdict(one, other).outcome == "apart"
