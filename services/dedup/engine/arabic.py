"""Names in Arabic letters: their tokens, what kinds of words these are, and the form of a unit."""

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from services.dedup.engine.script import LONGEST_UNIT, Part, Parts, Script, limited
from shared.arabic import fold

_DESCENT = frozenset({"بن", "ابن", "بنت", "ابنه", "ال", "ولد"})
_OF_HUSBAND = frozenset({"زوجه", "حرم", "ارمله"})
_TITLES = frozenset({"الشيخ", "الحاج", "الحاجه", "حاج", "الدكتور", "دكتور", "د", "ا", "م", "الاستاذ", "استاذ",
                     "السيده", "المرحوم"})  # fmt: skip
_JOINED_TO_NEXT = frozenset({"عبد", "ابي", "ابا", "امه", "ذو"})
_KUNYA = frozenset({"ابو", "ام"})
_JOINED_TO_LAST = frozenset({"الدين", "الله"})
_TRUE_NAMES = frozenset({"ابوبكر", "امكلثوم", "امهاني", "امامه"})
_NO_ARTICLE = frozenset({"الهام", "الياس", "الماس", "اليان", "اليسار"})
_NOT_ARABIC = re.compile("[^\u0621-\u064a ]")


class Arabic(IntEnum):
    """What a token of an Arabic name is. 0 stands for no token."""

    PLAIN = 1
    DESCENT = 2
    TITLE = 3
    HUSBAND = 4
    JOINED = 5
    KUNYA = 6
    TAIL = 7


_KINDS = {
    token: kind
    for kind, tokens in {
        Arabic.DESCENT: _DESCENT, Arabic.TITLE: _TITLES, Arabic.HUSBAND: _OF_HUSBAND,
        Arabic.JOINED: _JOINED_TO_NEXT, Arabic.KUNYA: _KUNYA, Arabic.TAIL: _JOINED_TO_LAST,
    }.items()
    for token in tokens
}  # fmt: skip


def _tokens(text: str) -> list[str]:
    return _NOT_ARABIC.sub(" ", fold(text)).split()


def _kind(token: str) -> int:
    return _KINDS.get(token, Arabic.PLAIN)


@lru_cache(maxsize=50_000)
def _parts(kinds: Sequence[int]) -> Parts:
    """Compounds are one: عبد + X, أبو + X, X + الدين, X + الله. A wife under her husband's name has no unit."""
    first = 0
    while len(kinds) - first > 2 and kinds[first] == Arabic.TITLE:
        first += 1
    if kinds and kinds[first] == Arabic.HUSBAND:
        return Parts((), False)
    units: list[tuple[Part, ...]] = []
    prefix: tuple[Part, ...] = ()
    for place in range(first, len(kinds)):
        kind = kinds[place]
        if not prefix and kind in (Arabic.JOINED, Arabic.KUNYA):
            prefix = (place,)
        elif not prefix and units and kind == Arabic.TAIL:
            units[-1] += (place,)
        elif prefix or kind != Arabic.DESCENT:
            units.append((*prefix, place))
            prefix = ()
    if prefix:
        units.append(prefix)
    return limited(units, bool(units) and kinds[first] == Arabic.KUNYA)


def _without_article(token: str) -> str:
    has_article = token.startswith("ال") and len(token) >= 5 and token not in _NO_ARTICLE
    return token[2:] if has_article else token


@lru_cache(maxsize=100_000)
def _unit(token: str) -> str:
    return _form(token)[:LONGEST_UNIT]


def _form(token: str) -> str:
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


ARABIC = Script(_tokens, _kind, _parts, _unit, _TRUE_NAMES.__contains__)
