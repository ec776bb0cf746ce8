"""One name in two scripts, and two names that look alike in either."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.known import KNOWN
from services.dedup.engine.likeness import likeness
from services.dedup.engine.weigh import WELL_KNOWN
from services.dedup.model import load_model

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


@pytest.mark.parametrize(("one", "other"), [
    ("محمود علي", "محمد علي"),
    ("حمد علي", "محمد علي"),
    ("سعد علي", "سعيد علي"),
    ("حسن علي", "حسين علي"),
    ("Hassan Ali", "حسين علي"),
    ("Hussein Ali", "حسن علي"),
    ("Saad Ali", "سعيد علي"),
    ("Saeed Ali", "سعد علي"),
    ("Salem Ali", "سليم علي"),
    ("Hassan Ali", "Hussein Ali"),
    ("Mohamed Ali", "Mahmoud Ali"),
])  # fmt: skip
def test_two_well_known_names_are_two_though_they_look_alike(one: str, other: str) -> None:
    found = likeness(one, other)
    assert found.score < 0.1
    assert found.en == "a part is another well-known name, though it looks alike"


@pytest.mark.parametrize(("arabic", "latin"), [
    ("حسن علي", "Hassan Ali"),
    ("حسين علي", "Hussein Ali"),
    ("سعيد علي", "Said Ali"),
    ("سلمى علوي", "Salma Alaoui"),
    ("سعاد شوقي", "Souad Chaouki"),
    ("عوض الناشري", "Awad Al-Nashri"),
    ("عمرو سلامة", "Amr Salama"),
    ("إسلام ناصر", "Islam Nasser"),
])  # fmt: skip
def test_a_well_known_name_is_itself_though_another_looks_like_it(arabic: str, latin: str) -> None:
    assert likeness(arabic, latin).score > 0.5


def test_a_slip_of_the_pen_is_called_one() -> None:
    found = likeness("محمد الغامدي", "محمد العامدي")
    assert found.score > 0.5
    assert found.en == "the parts agree but for what may be a slip of the pen"


@pytest.mark.parametrize(("short", "long"), [
    ("Mohd Ali", "محمد علي"),
    ("Muhd Ali", "محمد علي"),
    ("Ali Mhd Hassan", "علي محمد حسن"),
    ("Md Abdul Karim", "محمد عبد الكريم"),
    ("Md. Abdul Karim", "Mohammad Abdul Karim"),
])  # fmt: skip
def test_mohammed_is_read_where_it_is_shortened(short: str, long: str) -> None:
    assert likeness(short, long).score > 0.9


def test_the_well_known_names_are_those_of_the_model() -> None:
    shares = load_model().frequencies
    common = {name for kind in ("given", "family") for name, share in shares[kind].items() if share >= WELL_KNOWN}
    assert common - {"عبدله"} == KNOWN


@given(st.sampled_from(NAMES) | st.text(max_size=12), st.sampled_from(NAMES) | st.text(max_size=12))
def test_a_score_is_a_probability_and_the_same_from_either_side(a: str, b: str) -> None:
    there, back = likeness(a, b), likeness(b, a)
    assert 0.0 <= there.score <= 1.0
    assert there.score == pytest.approx(back.score)


def test_what_is_no_name_is_like_nothing() -> None:
    assert likeness("123", "محمد").score == 0.0
