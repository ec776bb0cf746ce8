"""Arabic text made neutral to how it was spelled and typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arabic import ascii_digits, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إبراهيم", "ابراهيم"),
        ("آمنة", "امنه"),
        ("مصطفى", "مصطفي"),
        ("فائزة", "فايزه"),
        ("مؤمن", "مومن"),
        ("علاء", "علا"),
        ("محـــمد", "محمد"),
        ("مُحَمَّد", "محمد"),
        ("محمد   علي", "محمد علي"),
        (" محمد\u00a0علي ", "محمد علي"),
        ("محمد\u200f علي\u202c", "محمد علي"),
        ("عبد\u200cالله", "عبدالله"),
        ("کریم", "كريم"),
        ("ﻣﺤﻤﺪ", "محمد"),
    ],
)
def test_spellings_of_one_word_fold_to_one_text(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("محمد", "محمود"), ("حسن", "حسين"), ("سعد", "سعيد"), ("زيد", "زياد")])
def test_two_names_stay_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x6FF)))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_arabic_indic_and_persian_digits_become_ascii() -> None:
    assert ascii_digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 5") == "0123456789 0123456789 5"
