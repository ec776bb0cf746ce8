"""Hard cases that registers of Arabic names are full of, what the engine must make of each, and why.

A case that it does not get right yet is marked so, with what it would take; the mark falls when the engine does.
"""

from collections.abc import Callable
from datetime import date

import pytest

from services.dedup.engine.compare import compare
from services.dedup.engine.frequencies import StaticFrequencies
from services.dedup.engine.judge import Verdict, judge
from services.dedup.engine.record import Record
from services.dedup.engine.weigh import weigh
from services.dedup.model import Model

Make = Callable[..., Record]
Judge = Callable[[Record, Record], Verdict]
BORN = date(1985, 3, 14)
NAME = "محمد عبدالله أحمد الغامدي"
LINKED = ("certain", "probable")
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


# Wives


def test_a_wife_under_her_husbands_family_name_is_found_again(record: Make, verdict: Judge) -> None:
    """Her given name, birth date and home are hers; a family name changes at marriage, in clerks' sheets at least."""
    own = record("نورة سعد علي القحطاني", birth=date(1987, 4, 4), gender="female", **HOME)
    husbands = record("نورة الغامدي", birth=date(1987, 4, 4), gender="female", **HOME)
    assert verdict(own, husbands).outcome in LINKED


def test_a_wife_known_only_as_someones_wife_is_put_before_a_person(record: Make, verdict: Judge) -> None:
    """No given name of hers was typed, so a machine must not link; the birth date is too much to pass over."""
    own = record("نورة سعد علي القحطاني", birth=date(1987, 4, 4), gender="female", **HOME)
    wife = record("زوجة محمد عبدالله الغامدي", birth=date(1987, 4, 4), gender="female", **HOME)
    assert verdict(own, wife).outcome == "possible"


def test_a_wife_typed_under_her_husbands_name_is_not_her_husband(record: Make, verdict: Judge) -> None:
    """The name after «wife of» is his; her gender and birth date are not."""
    husband = record(NAME, birth=BORN, gender="male", **HOME)
    wife = record("زوجة محمد عبدالله الغامدي", birth=date(1987, 4, 4), gender="female", **HOME)
    assert verdict(husband, wife).outcome == "apart"


# Default days, calendars


def test_the_first_of_rajab_joins_no_namesakes(record: Make, verdict: Judge) -> None:
    """A tenth of all citizens have it for want of a known day: it tells the year only."""
    born = {"birth": date(1965, 10, 25), "birth_calendar": "hijri"}
    one, other = record("محمد أحمد الحربي", **born), record("محمد أحمد الحربي", **born)
    assert one.birth is not None
    assert not one.birth.known
    assert verdict(one, other).outcome not in LINKED


def test_a_default_day_does_not_contradict_the_true_one(record: Make, verdict: Judge) -> None:
    """1 Rajab 1385 and a day in December 1965 are one year of birth, told with two precisions."""
    one = record(NAME, birth=date(1965, 10, 25), birth_calendar="hijri", **HOME)
    assert verdict(one, record(NAME, birth=date(1965, 12, 20), **HOME)).outcome in LINKED


def test_a_day_off_by_the_calendars_is_the_same_day(record: Make, verdict: Judge) -> None:
    """Hijri days begin at sunset, and tables differ by one: conversion moves births by a day."""
    one = record(NAME, birth=date(1985, 3, 14), birth_calendar="hijri")
    assert verdict(one, record(NAME, birth=date(1985, 3, 15))).outcome in LINKED


def test_a_day_and_a_month_that_changed_places_are_one_date(record: Make, verdict: Judge) -> None:
    """Sheets of two countries write 3/4 and 4/3; both parts agree, only their order does not."""
    assert verdict(record(NAME, birth=date(1985, 3, 4)), record(NAME, birth=date(1985, 4, 3))).outcome in LINKED


# Names of servants of God, kunyas, generations, order


@pytest.mark.parametrize(("one", "other"), [
    ("عبد الرحمن محمد سعيد الزهراني", "عبدالرحمن محمد سعيد الزهراني"),
    ("عبد الله بن عبد العزيز الشهري", "عبدالله عبدالعزيز شهري"),
    ("محمد عبد الله نور الدين", "محمد عبدالله نورالدين"),
])  # fmt: skip
def test_compound_names_are_one_however_they_are_joined(one: str, other: str, record: Make, verdict: Judge) -> None:
    """عبد and what follows it are one name; a space is a matter of taste."""
    assert verdict(record(one, birth=BORN, **HOME), record(other, birth=BORN, **HOME)).outcome in LINKED


def test_two_servants_of_two_names_of_god_are_two(record: Make, verdict: Judge) -> None:
    """عبد الرحمن and عبد الرحيم share most letters, and are two brothers' names; here of twins."""
    line = "محمد سعيد الزهراني"
    one, other = record(f"عبد الرحمن {line}", birth=BORN, **HOME), record(f"عبد الرحيم {line}", birth=BORN, **HOME)
    assert verdict(one, other).outcome not in LINKED


def test_a_kunya_is_no_given_name(record: Make, verdict: Judge) -> None:
    """أبو عبدالله may be Muhammad: with his birth date and home a person decides; with another's date he is another."""
    one = record(NAME, birth=BORN, **HOME)
    assert verdict(one, record("أبو عبدالله الغامدي", birth=BORN, **HOME)).outcome == "possible"
    assert verdict(one, record("أبو عبدالله الغامدي", birth=date(1950, 5, 5), **HOME)).outcome == "apart"


def test_a_dropped_grandfather_is_no_contradiction(record: Make, verdict: Judge) -> None:
    """Two clerks write three parts and four; what is there agrees in order."""
    assert verdict(record(NAME, birth=BORN), record("محمد عبدالله الغامدي", birth=BORN)).outcome in LINKED


def test_a_son_named_after_his_father_is_not_joined_to_him(record: Make, verdict: Judge) -> None:
    """محمد محمد is a son of a Muhammad: the same words, thirty years apart."""
    father = record("محمد محمد الغامدي", birth=date(1955, 2, 3), **HOME)
    assert verdict(father, record("محمد محمد الغامدي", birth=BORN, **HOME)).outcome not in LINKED


@pytest.mark.xfail(strict=True, reason="a line that is the other's, moved by a generation, is held for forebears in "
                   "common; it should speak for father and son (lineage)")  # fmt: skip
def test_father_and_son_of_one_name_stay_apart_without_birth_dates_as_well(record: Make, verdict: Judge) -> None:
    """محمد محمد سالم is, word for word, the son of محمد سالم."""
    father, son = record("محمد سالم محمد الغامدي", **HOME), record("محمد محمد سالم الغامدي", **HOME)
    assert verdict(father, son).outcome not in LINKED


@pytest.mark.xfail(strict=True, reason="only a family name that comes first is turned back; given and father's name "
                   "that changed places on one birth date should be a level of their own (compare)")  # fmt: skip
def test_given_and_fathers_name_that_changed_places_are_seen_by_a_person(record: Make, verdict: Judge) -> None:
    """Father and son are not born on one day: here a clerk mixed the cells up."""
    one, other = (record(f"{name} الغامدي", birth=BORN, **HOME) for name in ("محمد عبدالله", "عبدالله محمد"))
    assert verdict(one, other).outcome != "apart"


# What many share by default


class _Crowded(StaticFrequencies):
    """A phone and an ID that a thousandth of all records hold."""

    def share(self, kind: str, value: str) -> float | None:
        return 0.001 if kind in ("phone", "id") else super().share(kind, value)


@pytest.fixture(scope="module")
def crowded(model: Model) -> Judge:
    """Verdicts where the phone is the charity's, and the ID is one typed for want of another."""

    def decide(a: Record, b: Record) -> Verdict:
        comparison = compare(a, b)
        return judge(model, comparison, weigh(model, comparison, _Crowded(model.frequencies)))

    return decide


@pytest.mark.parametrize("default", [{"phones": ("0500000000",)}, {"id_token": "d"}])
def test_a_charitys_phone_or_a_dummy_id_joins_no_namesakes(
    default: dict[str, str], record: Make, crowded: Judge
) -> None:
    """A thousand people in a million hold it: it is a default and says nothing."""
    one, other = (record("محمد أحمد الحربي", **default) for _ in range(2))
    assert crowded(one, other).outcome not in LINKED


def test_a_dummy_id_on_two_persons_is_no_conflict_to_be_looked_at(record: Make, crowded: Judge) -> None:
    """Else reviewers would see every pair of the thousand who hold it."""
    one = record("محمد أحمد الحربي", id_token="d", birth=BORN)
    assert crowded(one, record("سعد علي العتيبي", id_token="d", birth=date(1990, 1, 2))).outcome == "apart"


def test_the_mothers_id_on_her_child_is_a_conflict(record: Make, verdict: Judge) -> None:
    """The guardian may be of another family name and gender; the ID is what a person must look at."""
    mother = record("نورة سعد القحطاني", gender="female", birth=date(1987, 4, 4), id_token="a1", **HOME)
    child = record("سالم محمد الغامدي", gender="male", birth=date(2012, 6, 2), id_token="a1", **HOME)
    assert verdict(mother, child) == Verdict("conflict", "shared_id")
