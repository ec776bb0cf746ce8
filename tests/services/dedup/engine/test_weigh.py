"""Evidence in bits: symmetric, neutral to spelling, counted once, and by frequency."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.compare import FIELDS, compare
from services.dedup.engine.explain import explain
from services.dedup.engine.frequencies import StaticFrequencies, counted_values
from services.dedup.engine.judge import Verdict
from services.dedup.engine.record import Record
from services.dedup.engine.weigh import Score, weigh
from services.dedup.model import Model

Make = Callable[..., Record]
Weigh = Callable[[Record, Record], Score]
Judge = Callable[[Record, Record], Verdict]
UNITS = ["محمد", "محمود", "حسن", "حسين", "سعد", "سعيد", "عبدالله", "نورة", "الحربي", "الغامدي", "قهد", "فهد"]
LATIN = ["Mohamed", "Mahmoud", "Hassan", "Hussein", "Saad", "Abdullah", "Noura", "al-Harbi"]
BIRTHS = [None, date(1985, 3, 4), date(1985, 4, 3), date(1985, 1, 1), date(1995, 3, 4)]
TYPED = st.fixed_dictionaries({
    "full_name": st.none() | st.lists(st.sampled_from(UNITS), max_size=5).map(" ".join),
    "full_name_latin": st.none() | st.lists(st.sampled_from(LATIN), max_size=4).map(" ".join),
    "birth": st.sampled_from(BIRTHS),
    "id_token": st.none() | st.sampled_from(["a" * 32, "b" * 32]),
    "id_near": st.sampled_from([(), ("x" * 32,)]),
    "gender": st.sampled_from([None, "female", "male"]),
    "phones": st.lists(st.sampled_from(["0501234567", "0509999999"]), max_size=2).map(tuple),
    "zone_path": st.sampled_from([(), ("SA", "SA-02"), ("SA", "SA-02", "SA-02-02", "d")]),
    "address_text": st.sampled_from([None, "حي السلامة قرب المسجد الكبير"]),
    "household_ref": st.sampled_from([None, "1", "2"]),
    "charity_id": st.sampled_from([UUID(int=1), UUID(int=2)]),
})  # fmt: skip


@given(TYPED, TYPED)
def test_the_score_is_the_same_from_either_side(record: Make, score: Weigh, one: Any, other: Any) -> None:
    a, b = record(**one), record(**other)
    there, back = compare(a, b), compare(b, a)
    assert [finding.level for finding in there.findings] == [finding.level for finding in back.findings]
    assert score(a, b).bits == pytest.approx(score(b, a).bits)


@given(TYPED, TYPED)
def test_the_bits_of_the_evidence_add_up_to_the_score(record: Make, score: Weigh, one: Any, other: Any) -> None:
    found = score(record(**one), record(**other))
    assert sum(evidence.bits for evidence in found.evidence) == pytest.approx(found.bits)
    assert 0.0 <= found.probability <= 1.0


SPELLED = ["أحمد", "فاطمة", "عبد الله", "مصطفى", "إبراهيم", "الحربي", "آمنة"]


@given(st.lists(st.sampled_from(SPELLED), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_spellings_that_folding_equates_do_not_change_the_score(
    record: Make, score: Weigh, names: list[str], rng: Any
) -> None:
    plain = record("أحمد فاطمة عبد الله الحربي", birth=date(1985, 3, 4))
    typed = " ".join(names)
    other = typed
    for was, now in (
        ("أ", "ا"),
        ("ة", "ه"),
        ("ى", "ي"),
        ("عبد الله", "عبدالله"),
        (" ", "  "),
        ("م", "مـ"),
        ("ح", "حَ"),
    ):
        other = other.replace(was, now) if rng.random() < 0.5 else other
    assert score(plain, record(typed, birth=date(1985, 3, 4))) == score(plain, record(other, birth=date(1985, 3, 4)))


def test_a_rare_name_says_more_than_a_common_one(record: Make, score: Weigh) -> None:
    common, rare = "محمد علي", "غطفان علي"
    assert score(record(rare), record(rare)).bits > score(record(common), record(common)).bits + 3


def test_two_well_known_names_a_letter_apart_are_not_a_slip(record: Make, score: Weigh) -> None:
    names = score(record("محمد علي سعد الحربي"), record("محمود علي سعد الحربي")).of("given")
    slip = score(record("محمد علي سعد الحربي"), record("محممد علي سعد الحربي")).of("given")
    assert names is not None
    assert slip is not None
    assert (names.level, slip.level) == ("lookalike", "close")
    assert names.bits < 0 < slip.bits


def test_household_evidence_is_counted_once(record: Make, score: Weigh) -> None:
    near = {
        "phones": ("0501234567",),
        "zone_path": ("SA", "SA-02", "SA-02-02", "d"),
        "address_text": "شارع فلسطين عمارة الورد",
    }
    line = "عبدالله أحمد الغامدي"
    less = score(record(f"محمد {line}"), record(f"سعد {line}")).bits
    more = score(record(f"محمد {line}", **near), record(f"سعد {line}", **near)).bits
    assert more - less < 5


class _Crowded(StaticFrequencies):
    """A phone and an ID that a thousandth of all records hold."""

    def share(self, kind: str, value: str) -> float | None:
        return 0.001 if kind in ("phone", "id") else super().share(kind, value)


def test_a_value_that_very_many_share_is_a_default_and_says_nothing(record: Make, model: Model) -> None:
    a, b = (record("محمد سعد", phones=("0501234567",), id_token="a1") for _ in range(2))
    found = weigh(model, compare(a, b), _Crowded(model.frequencies))
    assert found.of("phone") is None
    assert found.of("id") is None


def test_what_weighing_asks_for_is_what_is_counted(record: Make) -> None:
    values = counted_values(record("محمد عبدالله أحمد الغامدي", phones=("0501234567",), id_token="a1"))
    assert {("given", "محمد"), ("given", "mhmd"), ("forebear", "احمد"), ("family", "غامدي"), ("id", "a1"),
            ("phone", "+966501234567")} <= set(values)  # fmt: skip


def test_every_field_is_compared_in_one_order(record: Make) -> None:
    assert tuple(f.field for f in compare(record("محمد علي"), record()).findings) == FIELDS


@given(TYPED, TYPED)
def test_a_reason_tells_no_ones_data(record: Make, score: Weigh, verdict: Judge, one: Any, other: Any) -> None:
    a, b = record(**one), record(**other)
    reason = explain(score(a, b), verdict(a, b))
    words = set(reason.ar.replace("،", " ").replace(".", " ").split()) | set(reason.en.split())
    values = {*a.arabic, *a.latin, *b.arabic, *b.latin, *a.phones, "1985"} - {""}
    assert not words & values
    assert not any(mark.isdigit() for mark in reason.ar + reason.en)


def test_a_reason_names_what_decided(record: Make, score: Weigh, verdict: Judge) -> None:
    a = record("محمد عبدالله أحمد الغامدي", birth=date(1985, 3, 4), phones=("0501234567",))
    b = record("سعد عبدالله أحمد الغامدي", birth=date(1990, 3, 9), phones=("0501234567",))
    reason = explain(score(a, b), verdict(a, b))
    assert reason.en.startswith("Two persons")
    assert "given name" in reason.en
    assert "الاسم الأول" in reason.ar
