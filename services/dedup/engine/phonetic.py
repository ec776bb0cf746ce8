"""One key for a name unit in either script, and how well an Arabic and a Latin unit agree.

Latin spellings of Arabic follow several conventions at once (passport office, press, Maghreb,
Egypt, Gulf). What they keep are the consonants, up to a few classes; what they vary are the
vowels. A unit is cut into consonants and the vowel slots between them.

After Freeman, Condon & Ackerman, "Cross Linguistic Name Matching in English and Arabic", 2006.
"""

import re
import unicodedata
from functools import lru_cache

_ARABIC = {
    "ب": "b", "ت": "t", "ث": "t", "ط": "t", "ج": "k", "ق": "k", "ك": "k", "غ": "k",
    "ح": "h", "خ": "h", "ه": "h", "د": "d", "ذ": "d", "ض": "d", "ظ": "d", "ز": "d",
    "ر": "r", "س": "s", "ش": "s", "ص": "s", "ف": "f", "ل": "l", "م": "m", "ن": "n",
    "و": "W", "ي": "Y", "ا": "A", "ع": "A",
}  # fmt: skip
_LATIN_GROUPS = (
    ("tch", "s"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("kh", "h"), ("gh", "k"), ("dj", "k"),
    ("th", "t"), ("dh", "d"), ("ph", "f"), ("ck", "k"), ("qu", "k"),
)  # fmt: skip
_LATIN = {
    "b": "b", "p": "b", "t": "t", "j": "k", "q": "k", "k": "k", "g": "k", "c": "k", "h": "h", "x": "h",
    "d": "d", "z": "d", "r": "r", "s": "s", "f": "f", "v": "f", "l": "l", "m": "m", "n": "n",
}  # fmt: skip
_SOFT_C = re.compile("c(?=[eiy])")
_W_START = re.compile("^(?:w|ou(?=[aeiouy]))")
_Y_START = re.compile("^y")
_MUTE_H = re.compile("(?<=[aeiouy])h$")
_NOT_LETTERS = re.compile("[^a-z]")
_CONSONANT = re.compile("[bdfhklmnrst]")


def plain_latin(text: str) -> str:
    """`text` in lower case, without accents, apostrophes or anything but a-z."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return _NOT_LETTERS.sub("", text.lower())


def is_arabic(unit: str) -> bool:
    return unit[:1] >= "\u0600"


def _sounds_of_arabic(unit: str) -> str:
    first = unit[0]
    if len(unit) > 2:
        unit = unit.removesuffix("ه")
    sounds = "".join([_ARABIC.get(letter, "") for letter in unit])
    if first in "وي":
        sounds = sounds[0].lower() + sounds[1:]
    return sounds


def _sounds_of_latin(unit: str) -> str:
    """Consonant classes in lower case among vowels in upper case, as for Arabic."""
    unit = _SOFT_C.sub("s", _MUTE_H.sub("", unit))
    for group, sound in _LATIN_GROUPS:
        if group in unit:
            unit = unit.replace(group, sound.upper())
    unit = _W_START.sub("1", unit)
    unit = _Y_START.sub("2", unit)
    sounds = []
    for letter in unit:
        if letter in "HSKTDF":
            sounds.append(letter.lower())
        elif letter in "12":
            sounds.append("w" if letter == "1" else "y")
        else:
            sounds.append(_LATIN.get(letter, letter.upper()))
    return "".join(sounds)


@lru_cache(maxsize=200_000)
def slots(unit: str) -> tuple[str, tuple[str, ...]]:
    """The consonants of `unit` (doubles once, a mute final h dropped) and the vowels around them.

    n consonants come with n + 1 slots: before the first, between, after the last. In Arabic
    units a slot holds the long vowels written (A, W, Y); in Latin ones the vowels as spelled.
    """
    sounds = _sounds_of_arabic(unit) if is_arabic(unit) else _sounds_of_latin(unit)
    consonants: list[str] = []
    vowels = [""]
    for sound in sounds:
        if not sound.islower():
            vowels[-1] += sound
        elif not (consonants and consonants[-1] == sound and not vowels[-1]):
            consonants.append(sound)
            vowels.append("")
    return "".join(consonants), tuple(vowels)


def _round(vowel: str) -> bool:
    """A slot that both scripts write as a long u: و, ou, oo, u."""
    return "W" in vowel or "U" in vowel or "OO" in vowel


@lru_cache(maxsize=200_000)
def key(unit: str) -> str:
    """The script-neutral key of a name unit, ASCII: محمد, Mohammed and Muhamad give one key.

    A long u before the last of three or more consonants is kept (محمود, Mahmoud), no other
    vowel is; names in y- are left out of that, as يوسف is spelled both Youssef and Yusuf. "" for "".
    """
    if not unit:
        return ""
    consonants, vowels = slots(unit)
    if not consonants:
        return "".join(vowels)[:1] or "?"
    if len(consonants) < 3 or consonants[0] == "y" or not _round(vowels[-2]):
        return consonants
    return f"{consonants[:-1]}W{consonants[-1]}"


def _slot_agrees(arabic: str, latin: str) -> bool:
    """Whether the Latin vowels can stand for the long vowels that the Arabic slot writes."""
    if "Y" in arabic and not any(letter in latin for letter in "IEY"):
        return False
    if "W" in arabic and not any(letter in latin for letter in "OUW"):
        return False
    if "Y" in arabic or "W" in arabic:
        return True
    if "A" in arabic:
        return latin not in ("EE", "OO", "OU", "U")
    return latin not in ("EE", "OO", "AY", "EY", "EI", "AI", "IE", "AA", "AW")


def agrees(arabic: str, latin: str) -> bool:
    """Whether a Latin unit spells an Arabic one: same key, and vowels that can be its.

    Slots before the first and after the last consonant are free: initial ع and final ة, ى, ي
    are spelled in too many ways.
    """
    if key(arabic) != key(latin):
        return False
    return all(map(_slot_agrees, slots(arabic)[1][1:-1], slots(latin)[1][1:-1]))
