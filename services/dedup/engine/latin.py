"""Names in Latin letters: their tokens, what kinds of words these are, and the form of a unit."""

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from services.dedup.engine.phonetic import plain_latin
from services.dedup.engine.script import LONGEST_UNIT, Part, Parts, Script, limited

_DESCENT = frozenset({"bin", "ben", "ibn", "bint", "bent", "al", "el", "ad", "ar", "as", "ash", "az", "an",
                        "at", "ed", "er", "es", "ech", "ez", "en", "et", "ul", "ould", "wuld"})  # fmt: skip
_SERVANT = re.compile("^[ae]bd(?:[aeiou]{1,2}[lrsndtz])?$")
_SERVANT_OF = re.compile("^[ae]bd(?:[aeiou]{1,2}l?|l)(?=[a-z]{2})")
_FATHER_OF = frozenset({"abu", "abou", "abo", "aboo"})
_MOTHER_OF = frozenset({"um", "umm", "oum", "om", "omm"})
_FAITH = re.compile("(?:[aeou]l?)?d?d(?:i|ee|ie|y)ne?$")
_FAITH_WORDS = frozenset({"din", "deen", "dine", "eddine", "eddin", "uddin", "aldin", "eldin", "eldeen",
                            "aldeen", "ddine", "eddeen", "edine"})  # fmt: skip
_ARTICLE = re.compile("^(?:al|el)(?=[a-z]{4})")
_TWO_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxz].*[bcdfghjklmnpqrstvwxz]")
_GOD = frozenset({"allah", "ullah", "llah"})
_MOHAMMED = frozenset({"mohd", "muhd", "mhd", "md"})
"""How Mohammed is shortened in papers of Malaysia, Bangladesh, India and the Gulf."""
_SPLIT = re.compile(r"[\s\-‐-―.,]+")


class Latin(IntEnum):
    """What a token of a Latin name is. 0 stands for no token."""

    PLAIN = 1
    DESCENT = 2
    SERVANT = 3
    FATHER = 4
    MOTHER = 5
    FAITH = 6
    GOD = 7


def _tokens(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return [plain for token in _SPLIT.split(text) if (plain := plain_latin(token))]


def _kind(token: str) -> int:
    """Words of descent come first: after a prefix they are left out."""
    for kind, tokens in _KINDS:
        if token in tokens:
            return kind
    return Latin.SERVANT if _SERVANT.match(token) else Latin.PLAIN


_PREFIXES = {Latin.SERVANT: "abdul", Latin.FATHER: "abu", Latin.MOTHER: "um"}
_TAILS = {Latin.FAITH: "eddin", Latin.GOD: "ullah"}
_KINDS = (
    (Latin.DESCENT, _DESCENT), (Latin.FATHER, _FATHER_OF), (Latin.MOTHER, _MOTHER_OF),
    (Latin.FAITH, _FAITH_WORDS), (Latin.GOD, _GOD),
)  # fmt: skip


@lru_cache(maxsize=50_000)
def _parts(kinds: Sequence[int]) -> Parts:
    units: list[tuple[Part, ...]] = []
    prefix = ""
    for place, kind in enumerate(kinds):
        if prefix and kind == Latin.DESCENT:
            continue
        if not prefix and kind in _PREFIXES:
            prefix = _PREFIXES[Latin(kind)]
        elif not prefix and units and kind in _TAILS:
            units[-1] += (_TAILS[Latin(kind)],)
        elif prefix or kind != Latin.DESCENT:
            units.append((prefix, place) if prefix else (place,))
            prefix = ""
    if prefix:
        units.append((prefix.removesuffix("ul"),))
    return limited(units, bool(units) and kinds[0] in (Latin.FATHER, Latin.MOTHER))


@lru_cache(maxsize=100_000)
def _unit(token: str) -> str:
    return _form(token)[:LONGEST_UNIT]


def _form(token: str) -> str:
    if token in _MOHAMMED:
        return "mohammed"
    if match := _SERVANT_OF.match(token):
        return "abd" + token[match.end() :]
    if len(token) > 6 and (match := _FAITH.search(token)):
        return token[: match.start()] + "din"
    if (match := _ARTICLE.match(token)) and _TWO_CONSONANTS.search(token[2:]):
        return token[2:]
    return token


def _abu_bakr(unit: str) -> bool:
    return unit[:5] == "abuba"


LATIN = Script(_tokens, _kind, _parts, _unit, _abu_bakr)
