"""What happens to an Arabic name between a person's mouth and a clerk's screen."""

import re
from random import Random
from typing import NamedTuple

from services.cli.simulate.draws import pick

BARE_ALEF = str.maketrans("أإآٱ", "اااا")
OTHER_ALEF = {"ا": "أ", "أ": "إ", "إ": "أ", "آ": "أ"}
SEATS = str.maketrans({"ؤ": "و", "ئ": "ي", "ء": ""})
SAME_SKELETON = ("بتثن", "يب", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق")
"""Letters that differ by dots alone."""
DOTTED = {letter: group.replace(letter, "") for group in SAME_SKELETON for letter in group if letter != "ي"} | {
    "ي": "ب"
}
KEYBOARD = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرلاىةوزظ")
"""The three letter rows of the Arabic keyboard (Arabic 101), from its left edge."""
NEIGHBOUR = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in KEYBOARD
    for place, letter in enumerate(row)
}
TATWEEL, SHADDA, FATHA = "\u0640", "\u0651", "\u064e"
INVISIBLE = ("\u200f", "\u200e", "\u200b", "\u200c", "\u202b")
LETTER = re.compile("[ء-ي]")


class SpellingNoise(NamedTuple):
    """How often each thing happens to one name as typed (probabilities)."""

    bare_alef: float
    other_alef: float
    ta_marbuta: float
    alef_maqsura: float
    hamza_seat: float
    abd_joined: float
    article: float
    tatweel: float
    diacritics: float
    double_space: float
    invisible: float
    dots: float
    keyboard: float
    letter_lost: float


def misspelt(name: str, noise: SpellingNoise, rng: Random) -> str:
    """`name` as a clerk would type it: first his ways of spelling, then his slips.

    The number of random draws does not depend on what is in the name's letters for the ways of spelling,
    so that two people of one seed meet the same clerk.
    """
    return _slipped(_spelt(name, noise, rng), noise, rng)


def _spelt(name: str, noise: SpellingNoise, rng: Random) -> str:
    chance = rng.random
    if chance() < noise.bare_alef:
        name = name.translate(BARE_ALEF)
    if chance() < noise.ta_marbuta:
        name = name.replace("ة", "ه")
    if chance() < noise.alef_maqsura:
        name = re.sub("[ىي](?= |$)", lambda end: "ي" if end[0] == "ى" else "ى", name)
    if chance() < noise.hamza_seat:
        name = name.translate(SEATS)
    if chance() < noise.abd_joined:
        name = name.replace("عبد ال", "عبدال")
    if chance() < noise.article:
        name = re.sub(r"(?<= )ال(?=\w{3,}$)", "", name)
    return name


def _slipped(name: str, noise: SpellingNoise, rng: Random) -> str:
    chance = rng.random
    if chance() < noise.other_alef:
        name = _changed(name, OTHER_ALEF, rng)
    if chance() < noise.dots:
        name = _changed(name, DOTTED, rng)
    if chance() < noise.keyboard:
        name = _changed(name, NEIGHBOUR, rng)
    if chance() < noise.letter_lost:
        name = _lost_or_swapped(name, rng)
    if chance() < noise.tatweel:
        name = _inserted(name, TATWEEL, rng)
    if chance() < noise.diacritics:
        name = _inserted(name, pick(rng, (SHADDA, FATHA)), rng)
    if chance() < noise.double_space:
        name = name.replace(" ", "  ", 1) if chance() < 0.7 else f" {name} "
    if chance() < noise.invisible:
        name = _inserted(name, pick(rng, INVISIBLE), rng)
    return name


def _changed(name: str, others: dict[str, str], rng: Random) -> str:
    """`name` with one letter replaced by one of its `others`; unchanged if no letter has any."""
    places = [place for place, letter in enumerate(name) if others.get(letter)]
    if not places:
        return name
    place = pick(rng, places)
    return name[:place] + pick(rng, list(others[name[place]])) + name[place + 1 :]


def _inserted(name: str, mark: str, rng: Random) -> str:
    """`name` with `mark` after one of its letters."""
    places = [found.end() for found in LETTER.finditer(name)]
    place = pick(rng, places)
    return name[:place] + mark + name[place:]


def _lost_or_swapped(name: str, rng: Random) -> str:
    """`name` without one letter, or with two neighbours swapped; the first letter stays."""
    if len(name) < 5:
        return name
    place = 1 + int(rng.random() * (len(name) - 3))
    if rng.random() < 0.5:
        return name[:place] + name[place + 1 :]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
