"""One name in two scripts, and two names that look alike in either."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.likeness import likeness

NAMES = ["محمد الغامدي", "Mohamed Al-Ghamdi", "عبد الرحمن صالح", "Abderrahmane Saleh", "فاطمة", "", "Fatima Zahra 7"]


@pytest.mark.parametrize(("arabic", "latin"), [
    ("محمد عبد الله الغامدي", "Mohammed Abdullah Al-Ghamdi"),
    ("محمد الحربي", "Muhammad El Harbi"),
    ("عبد الرحمن يوسف", "Abderrahmane Youssef"),
    ("شيماء القحطاني", "Chaimae Kahtani"),
    ("جمال خليفة", "Djamel Khelifa"),
    ("نورة سعد الدوسري", "Norah Al-Dosari"),
])  # fmt: skip
def test_one_name_in_two_scripts_is_one(arabic: str, latin: str) -> None:
    assert likeness(arabic, latin).score > 0.5


@pytest.mark.parametrize(("arabic", "latin"), [
    ("محمد الحربي", "Mahmoud Al-Harbi"),
    ("محمد الحربي", "Mohammed Al-Ghamdi"),
    ("سعيد الحربي", "Fahd Al-Harbi"),
    ("نورة القحطاني", "Khalid Al-Shehri"),
])  # fmt: skip
def test_two_names_are_two(arabic: str, latin: str) -> None:
    assert likeness(arabic, latin).score < 0.5


@pytest.mark.parametrize(("one", "other"), [("أحمد علي", "احمد على"), ("Mohamed Salah", "Muhammad Saleh")])
def test_one_name_in_one_script_is_one(one: str, other: str) -> None:
    assert likeness(one, other).score > 0.5


@given(st.sampled_from(NAMES) | st.text(max_size=12), st.sampled_from(NAMES) | st.text(max_size=12))
def test_a_score_is_a_probability_and_the_same_from_either_side(a: str, b: str) -> None:
    there, back = likeness(a, b), likeness(b, a)
    assert 0.0 <= there.score <= 1.0
    assert there.score == pytest.approx(back.score)


def test_what_is_no_name_is_like_nothing() -> None:
    assert likeness("123", "محمد").score == 0.0
