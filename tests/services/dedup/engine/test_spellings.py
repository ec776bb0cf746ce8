"""However a clerk spells what is one and the same, the score stays exactly what it was."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.record import Record
from services.dedup.engine.weigh import Score

Make = Callable[..., Record]
Weigh = Callable[[Record, Record], Score]
BORN = date(1985, 3, 4)
NAMES = ["أحمد محمد الحربي", "فاطمة عبد الله إبراهيم الغامدي", "مصطفى عبد الرحمن آل سعيد", "هدى بنت مؤمن القحطاني",
         "عبد العزيز بن سعد بن علي الدوسري", "نور الدين أبو بكر التازي"]  # fmt: skip
LATIN = ["Mohamed bin Abdullah Al-Harbi", "Nour Eddine Abu Bakr Tazi", "Abdul Rahman Al Ghamdi"]
ARABIC_VARIANTS = [
    (" الحربي", " حربي"), (" الغامدي", " غامدي"), (" القحطاني", " قحطاني"), (" الدوسري", " دوسري"),
    (" التازي", " تازي"), (" بن ", " "), (" بنت ", " "), (" آل ", " "), ("عبد ", "عبد"), ("نور الدين", "نورالدين"),
    ("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ة", "ه"), ("ى", "ي"), ("ؤ", "و"), (" ", "  "), (" ", "\u00a0"),
    ("م", "م\u0640"), ("ح", "ح\u064e"), ("د", "د\u0651"), (" ", "\u200f "), (" ", " \u200b"),
]  # fmt: skip
LATIN_VARIANTS = [("Al-", "al "), ("Al-", "Al"), (" bin ", " "), ("Abdul Rahman", "Abdulrahman"),
                  ("Nour Eddine", "Noureddine"), ("o", "ó"), (" ", "  "), ("Abu Bakr", "AbuBakr")]  # fmt: skip
PHONES = ["0501234567", "501234567", "+966501234567", "00966501234567", "050 123 4567", "٠٥٠١٢٣٤٥٦٧", "(050) 123-4567"]


def respelled(text: str, variants: list[tuple[str, str]], rng: Random) -> str:
    for was, now in variants:
        text = text.replace(was, now) if rng.random() < 0.5 else text
    return text


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_spellings_of_an_arabic_name_weigh_the_same(record: Make, score: Weigh, one: str, other: str, rng: Any) -> None:
    against = record(other, birth=BORN)
    typed = respelled(one, ARABIC_VARIANTS, rng)
    assert score(record(typed, birth=BORN), against) == score(record(one, birth=BORN), against), typed


@given(st.sampled_from(LATIN), st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_spellings_of_a_latin_name_weigh_the_same(record: Make, score: Weigh, one: str, other: str, rng: Any) -> None:
    against = record(other, birth=BORN)
    typed = respelled(one, LATIN_VARIANTS, rng)
    plain, again = (record(full_name_latin=name, birth=BORN) for name in (one, rng.choice((typed, typed.upper()))))
    assert score(again, against) == score(plain, against), typed


@given(st.sampled_from(PHONES), st.sampled_from(PHONES))
def test_a_phone_weighs_the_same_in_every_form(record: Make, score: Weigh, one: str, other: str) -> None:
    a, b = record(NAMES[0], phones=(one,)), record(NAMES[0], phones=(other,))
    said = score(a, b).of("phone")
    assert said is not None
    assert said.level == "exact"


@pytest.mark.parametrize("order", [("0501234567", "0559876543"), ("0559876543", "0501234567")])
def test_the_order_of_phones_does_not_matter(order: tuple[str, str], record: Make, score: Weigh) -> None:
    plain = record(NAMES[0], phones=("0501234567", "0559876543"))
    assert score(record(NAMES[0], phones=order), plain) == score(plain, plain)
