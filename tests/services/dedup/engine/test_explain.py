"""Why and why not: the waterfall adds up, says what either side holds, and its sentence names what decided."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.dedup.engine.compare import FIELDS, compare
from services.dedup.engine.explain import Waterfall, waterfall, why_not
from services.dedup.engine.frequencies import StaticFrequencies
from services.dedup.engine.record import Record
from services.dedup.engine.weigh import Score, weigh
from services.dedup.model import Chances, Model

Make = Callable[..., Record]
Explained = Callable[[Record, Record], Waterfall]
BORN = date(1985, 3, 14)
NAME = "محمد عبدالله أحمد الغامدي"


@pytest.fixture
def explained(model: Model, frequencies: StaticFrequencies) -> Explained:
    return lambda a, b: waterfall(model, a, b, frequencies)


def test_prior_fields_and_family_tie_add_up_to_the_total(record: Make, explained: Explained) -> None:
    found = explained(record(NAME, birth=BORN, gender="male"), record(NAME, birth=BORN, phones=("0501234567",)))
    bits = sum(step.evidence.bits for step in found.steps if step.evidence)
    assert found.prior + bits + found.tie == pytest.approx(found.total)
    assert 2**found.total / (1 + 2**found.total) == pytest.approx(found.probability)


def test_every_field_has_a_step_and_what_is_not_known_says_so(record: Make, explained: Explained) -> None:
    steps = {step.field: step for step in explained(record(NAME), record(NAME, birth=BORN)).steps}
    assert tuple(steps) == FIELDS
    assert (steps["birth"].level, steps["birth"].evidence) == ("missing", None)
    assert (steps["birth"].left, steps["birth"].right) == ("", "1985-03-14")


def test_both_sides_are_shown_as_they_were_compared(record: Make, explained: Explained) -> None:
    a = record(NAME, birth=date(1985, 1, 1), phones=("0501234567",), id_token="a1")
    b = record("محمّد  بن عبد الله بن احمد الغامدي", birth=BORN, phones=("+966501234567",), id_token="a1")
    sides = {step.field: (step.left, step.right) for step in explained(a, b).steps}
    assert sides["given"] == ("محمد", "محمد")
    assert sides["father"] == ("عبدله", "عبدله")
    assert sides["forebear"] == ("احمد", "احمد")
    assert sides["family"] == ("غامدي", "غامدي")
    assert sides["birth"] == ("1985", "1985-03-14")
    assert sides["phone"] == ("+966501234567", "+966501234567")
    assert sides["id"] == ("a1", "a1")


@pytest.mark.parametrize(("one", "other", "shown"), [
    ({"full_name": "سعد علي", "full_name_latin": "Saad Ali"}, {"full_name": "سعد علي"}, ("سعد", "سعد")),
    ({"full_name": "سعد علي", "full_name_latin": "Saad Ali"}, {"full_name_latin": "Sad Ali"}, ("saad", "sad")),
    ({"full_name": "سعد علي"}, {"full_name_latin": "Saad Ali"}, ("سعد", "saad")),
])  # fmt: skip
def test_names_are_shown_in_the_script_that_was_compared(
    one: dict[str, str], other: dict[str, str], shown: tuple[str, str], record: Make, explained: Explained
) -> None:
    step = explained(record(**one), record(**other)).steps[0]
    assert (step.left, step.right) == shown


def test_a_year_of_the_hijri_calendar_is_shown_with_both_its_years(record: Make, explained: Explained) -> None:
    born = {"birth": date(1985, 3, 22), "birth_precision": "year", "birth_calendar": "hijri"}
    step = explained(record(NAME, **born), record(NAME, **born)).steps[FIELDS.index("birth")]
    assert step.left == "1984-1985"


class _Crowded(StaticFrequencies):
    """A phone that a thousandth of all records hold."""

    def share(self, kind: str, value: str) -> float | None:
        return 0.001 if kind == "phone" else super().share(kind, value)


def test_a_default_value_is_shown_as_agreeing_and_saying_nothing(record: Make, model: Model) -> None:
    a, b = (record(NAME, phones=("0500000000",)) for _ in range(2))
    step = waterfall(model, a, b, _Crowded(model.frequencies)).steps[FIELDS.index("phone")]
    assert (step.level, step.evidence) == ("exact", None)


def test_the_share_of_a_value_stands_where_it_counted(record: Make, explained: Explained) -> None:
    steps = {step.field: step.evidence for step in explained(record(NAME, gender="male"),
                                                             record(NAME, gender="male")).steps}  # fmt: skip
    given, gender = steps["given"], steps["gender"]
    assert given is not None
    assert given.frequency == pytest.approx(0.1, rel=0.9)
    assert gender is not None
    assert gender.frequency is None


def test_why_not_names_what_differs(record: Make, explained: Explained) -> None:
    brother = record("سعد عبدالله أحمد الغامدي", birth=date(1990, 7, 9), id_token="b2")
    reason = explained(record(NAME, birth=BORN, id_token="a1"), brother).reason
    assert reason.en.startswith("Two persons: ")
    assert {"given name", "birth date"} <= set(reason.en.removeprefix("Two persons: ").split(" speak")[0].split(", "))
    assert "الاسم الأول" in reason.ar


def test_why_not_names_what_is_not_known_where_nothing_differs(
    record: Make, model: Model, frequencies: StaticFrequencies
) -> None:
    comparison = compare(record("محمد علي"), record("محمد علي", birth=BORN))
    reason = why_not(comparison, weigh(model, comparison, frequencies))
    assert reason.en == ("Two persons: what agrees does not suffice; not known of both: birth date, ID number, phone.")
    assert "تاريخ الميلاد" in reason.ar


def test_what_is_unknown_is_not_told_where_all_is_known(record: Make, explained: Explained) -> None:
    one = record(NAME, birth=BORN, id_token="a1", phones=("0501234567",))
    other = record("سعد علي سالم الحربي", birth=date(1990, 7, 9), id_token="b2", phones=("0507654321",))
    assert "not known" not in explained(one, other).reason.en


def test_a_pair_that_links_is_told_why_and_not_why_not(record: Make, explained: Explained) -> None:
    pair = [record(NAME, birth=BORN, id_token="a1") for _ in range(2)]
    assert explained(*pair).reason.en.startswith("One person: ")


def test_explaining_does_not_change_the_score(
    record: Make, score: Callable[[Record, Record], Score], explained: Explained
) -> None:
    a, b = record(NAME, birth=BORN), record("محمد عبدالله الغامدي", phones=("0501234567",))
    assert explained(a, b).probability == score(a, b).probability


def test_what_differs_is_never_told_as_agreeing_whatever_its_bits(record: Make, model: Model) -> None:
    """Where a family nearly always shares its phone, another phone speaks for one person: no reason for a reader."""
    phone = {"exact": Chances(0.5, 0.999, 1e-6), "differ": Chances(0.5, 0.001, 1.0)}
    close = replace(model, kin=0.5, levels={**model.levels, "phone": phone})
    home = {
        "birth": BORN,
        "zone_path": ("SA", "SA-02", "SA-02-02", "d"),
        "household_ref": "7",
        "charity_id": UUID(int=1),
    }
    a, b = record(NAME, phones=("0501234567",), **home), record(NAME, phones=("0507654321",), **home)
    found = waterfall(close, a, b, StaticFrequencies(model.frequencies))
    said = found.steps[FIELDS.index("phone")].evidence
    assert said is not None
    assert said.bits > 1
    assert "phone" not in found.reason.en
