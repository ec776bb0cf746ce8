"""Records of one person share a key, whatever one thing is wrong."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.block import blocking_keys
from services.dedup.engine.record import Record

Make = Callable[..., Record]
FULL: dict[str, Any] = {
    "full_name": "محمد عبدالله أحمد الغامدي",
    "id_token": "a1",
    "birth": date(1985, 3, 14),
    "phones": ("0501234567",),
    "zone_path": ("SA", "SA-02", "SA-02-02", "SA-02-02-1"),
}
NAMES = st.lists(
    st.sampled_from(["محمد", "سعد", "علي", "فاطمة", "نورة", "خالد", "الحربي", "الغامدي", "صالح"]),
    min_size=2,
    max_size=5,
)


def shared(a: Record, b: Record) -> set[str]:
    theirs = {key.hash for key in blocking_keys(b)}
    return {key.rule for key in blocking_keys(a) if key.hash in theirs}


@given(NAMES, st.none() | st.dates(date(1930, 1, 1), date(2025, 1, 1)))
def test_records_typed_alike_share_every_key(record: Make, names: list[str], born: date | None) -> None:
    a, b = (record(" ".join(names), birth=born, zone_path=FULL["zone_path"]) for _ in range(2))
    assert blocking_keys(a) == blocking_keys(b)
    assert blocking_keys(a)


@pytest.mark.parametrize(
    "changed",
    [
        {"id_token": None},
        {"id_token": None, "birth": None},
        {"id_token": None, "phones": ()},
        {"id_token": None, "phones": (), "birth": date(1985, 1, 1)},
        {"id_token": None, "phones": (), "birth": date(1986, 3, 14)},
        {"id_token": None, "phones": (), "birth": None, "zone_path": ("SA", "SA-02", "SA-02-02")},
        {"id_token": None, "phones": (), "birth": None, "full_name": "محمد أحمد الغامدي"},
        {"id_token": None, "phones": (), "full_name": "حمودي عبدالله أحمد الغامدي"},
        {"id_token": None, "phones": (), "full_name": "الغامدي محمد عبدالله أحمد"},
        {"id_token": None, "full_name": None, "full_name_latin": "Mohamed Abdallah Al-Ghamdi"},
        {"phones": (), "birth": None, "full_name": "أبو سعد", "zone_path": ()},
    ],
)
def test_a_person_is_met_again_when_something_is_missing_or_wrong(changed: dict[str, Any], record: Make) -> None:
    assert shared(record(**FULL), record(**{**FULL, **changed}))


def test_a_rare_name_is_met_by_nothing_but_the_name(record: Make) -> None:
    name = "غطفان مرزوق شليويح الخنيني"
    assert "given_forebear_family" in shared(record(**{**FULL, "full_name": name}), record(name))


def test_a_common_name_is_narrowed_by_the_place(record: Make) -> None:
    here, there = ("SA", "SA-02", "SA-02-02", "SA-02-02-1"), ("SA", "SA-04", "SA-04-01", "SA-04-01-1")
    name = "محمد أحمد محمد علي"
    assert shared(record(name, zone_path=here), record(name, zone_path=here))
    assert not shared(record(name, zone_path=here), record(name, zone_path=there))


def test_an_id_and_a_phone_are_no_ones_name(record: Make) -> None:
    assert not shared(record("محمد سعد", id_token="a1"), record("محمد سعد علي", id_token="b2", birth=date(1999, 9, 9)))


def test_a_record_has_few_keys_of_64_bits(record: Make) -> None:
    keys = blocking_keys(record(**{**FULL, "phones": ("0501234567", "0551234567"), "household_ref": "9"}))
    assert len(keys) <= 18
    assert all(-(2**63) <= key.hash < 2**63 for key in keys)
