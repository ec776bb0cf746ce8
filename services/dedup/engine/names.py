"""A full name as typed, cut into units: given name, forebears, family name.

A unit is what one person's name is: عبد الرحمن, أبو بكر and نور الدين are each one. Articles and
words of descent (بن, بنت, آل, ال) are dropped, since clerks write them or not as they please.
"""

import re
import unicodedata
from functools import lru_cache

from services.dedup.engine.phonetic import plain_latin
from shared.arabic import fold

_DESCENT = frozenset({"بن", "ابن", "بنت", "ابنه", "ال", "ولد"})
_OF_HUSBAND = frozenset({"زوجه", "حرم", "ارمله"})
_TITLES = frozenset({"الشيخ", "الحاج", "الحاجه", "حاج", "الدكتور", "دكتور", "د", "ا", "م", "الاستاذ", "استاذ",
                     "السيده", "المرحوم"})  # fmt: skip
_JOINED_TO_NEXT = frozenset({"عبد", "ابو", "ابي", "ابا", "ام", "امه", "ذو"})
_TRUE_NAMES = frozenset({"ابوبكر", "امكلثوم", "امهاني", "امامه"})
_NO_ARTICLE = frozenset({"الهام", "الياس", "الماس", "اليان", "اليسار"})
_NOT_ARABIC = re.compile("[^\u0621-\u064a ]")

_L_DESCENT = frozenset({"bin", "ben", "ibn", "bint", "bent", "al", "el", "ad", "ar", "as", "ash", "az", "an",
                        "at", "ed", "er", "es", "ech", "ez", "en", "et", "ul", "ould", "wuld"})  # fmt: skip
_L_SERVANT = re.compile("^[ae]bd(?:[aeiou]{1,2}[lrsndtz])?$")
_L_SERVANT_OF = re.compile("^[ae]bd(?:[aeiou]{1,2}l?|l)(?=[a-z]{2})")
_L_FATHER_OF = frozenset({"abu", "abou", "abo", "aboo"})
_L_MOTHER_OF = frozenset({"um", "umm", "oum", "om", "omm"})
_L_FAITH = re.compile("(?:[aeou]l?)?d?d(?:i|ee|ie|y)ne?$")
_L_FAITH_WORDS = frozenset({"din", "deen", "dine", "eddine", "eddin", "uddin", "aldin", "eldin", "eldeen",
                            "aldeen", "ddine", "eddeen", "edine"})  # fmt: skip
_L_ARTICLE = re.compile("^(?:al|el)(?=[a-z]{4})")
_L_TWO_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxz].*[bcdfghjklmnpqrstvwxz]")
_L_GOD = frozenset({"allah", "ullah", "llah"})
_L_SPLIT = re.compile(r"[\s\-‐-―.,]+")


def _without_article(token: str) -> str:
    has_article = token.startswith("ال") and len(token) >= 5 and token not in _NO_ARTICLE
    return token[2:] if has_article else token


@lru_cache(maxsize=100_000)
def _arabic_unit(token: str) -> str:
    """One joined token in the form that its spellings share."""
    if token.startswith("عبد") and len(token) > 4:
        rest = token[3:]
        if rest in ("الله", "لله", "اللة", "لاه", "اللاه"):
            return "عبدله"
        return "عبد" + (rest[2:] if rest.startswith("ال") and len(rest) > 3 else rest)
    if token.startswith("ابو") and len(token) > 5:
        return "ابو" + _without_article(token[3:])
    if token.endswith("الدين") and len(token) > 6:
        return token[:-5] + "دين"
    if token.endswith("الله") and len(token) > 5:
        return token[:-4] + "له"
    return _without_article(token)


def _joined(tokens: list[str]) -> list[str]:
    """Tokens with compounds made one: عبد + X, أبو + X, X + الدين, X + الله."""
    joined: list[str] = []
    prefix = ""
    for token in tokens:
        if token in _JOINED_TO_NEXT and not prefix:
            prefix = token
        elif not prefix and joined and token in ("الدين", "الله"):
            joined[-1] += token
        elif token in _DESCENT and not prefix:
            continue
        else:
            joined.append(prefix + token)
            prefix = ""
    return [*joined, prefix] if prefix else joined


@lru_cache(maxsize=50_000)
def arabic_units(text: str) -> tuple[str, ...]:
    """The units of a full Arabic name, given name first; "" first where a kunya stands for it."""
    tokens = _NOT_ARABIC.sub(" ", fold(text)).split()
    while len(tokens) > 2 and tokens[0] in _TITLES:
        tokens = tokens[1:]
    if tokens and tokens[0] in _OF_HUSBAND:
        return ()
    units = [_arabic_unit(token) for token in _joined(tokens)]
    if units and tokens[0] in ("ابو", "ام") and units[0] not in _TRUE_NAMES:
        units[0] = ""
    return tuple(units)


@lru_cache(maxsize=100_000)
def _latin_unit(token: str) -> str:
    if match := _L_SERVANT_OF.match(token):
        return "abd" + token[match.end() :]
    if len(token) > 6 and (match := _L_FAITH.search(token)):
        return token[: match.start()] + "din"
    if (match := _L_ARTICLE.match(token)) and _L_TWO_CONSONANTS.search(token[2:]):
        return token[2:]
    return token


def _joined_latin(tokens: list[str]) -> list[str]:
    joined: list[str] = []
    prefix = ""
    for token in tokens:
        if prefix and token in _L_DESCENT:
            continue
        if not prefix and _L_SERVANT.match(token):
            prefix = "abdul"
        elif not prefix and (token in _L_FATHER_OF or token in _L_MOTHER_OF):
            prefix = "abu" if token in _L_FATHER_OF else "um"
        elif not prefix and joined and token in _L_FAITH_WORDS:
            joined[-1] += "eddin"
        elif not prefix and joined and token in _L_GOD:
            joined[-1] += "ullah"
        elif prefix or token not in _L_DESCENT:
            joined.append(prefix + token)
            prefix = ""
    return [*joined, prefix.removesuffix("ul")] if prefix else joined


@lru_cache(maxsize=50_000)
def latin_units(text: str) -> tuple[str, ...]:
    """The units of a full name in Latin script, in the order typed, as `arabic_units` cuts them."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    tokens = [plain for token in _L_SPLIT.split(text) if (plain := plain_latin(token))]
    units = [_latin_unit(token) for token in _joined_latin(tokens)]
    if units and tokens[0] in _L_MOTHER_OF | _L_FATHER_OF and units[0][:5] != "abuba":
        units[0] = ""
    return tuple(units)
