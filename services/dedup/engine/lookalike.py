"""Two well-known names that look like one: محمد and محمود, or Hassan and حسين."""

from functools import lru_cache

from services.dedup.engine.known import KNOWN
from services.dedup.engine.phonetic import agrees, is_arabic, slots
from services.dedup.engine.romanised import romanised
from services.dedup.engine.units import unit_level

CLEARLY = 3.0
"""Bits by which a Latin spelling is one name's rather than another's."""


def lookalike(a: str, b: str) -> bool:
    """Whether two units are two names that many people bear; symmetric."""
    if is_arabic(a) and is_arabic(b):
        return a != b and a in KNOWN and b in KNOWN
    if is_arabic(a):
        return _of_a_rival(a, b)
    return _of_a_rival(b, a) if is_arabic(b) else _two_names(a, b)


@lru_cache(maxsize=100_000)
def _of_a_rival(arabic: str, latin: str) -> bool:
    return any(_rather(rival, arabic, latin) for rival in _rivals(arabic))


def _two_names(a: str, b: str) -> bool:
    ours, theirs = _read(a), _read(b)
    if ours is None or theirs is None or ours == theirs:
        return False
    return _rather(ours, theirs, a) and _rather(theirs, ours, b)


def _rather(name: str, other: str, latin: str) -> bool:
    """Whether `latin` clearly spells `name` and not `other`.

    Clerks write short vowels, a final ى and the و of عمرو as they please: bits alone do not tell. Either the sounds
    of `latin` are not those of `other`, or a long i within the name is what tells the two apart.
    """
    (_, ours), (_, theirs) = slots(name), slots(other)
    if ours[-1] != theirs[-1] or not agrees(name, latin):
        return False
    if agrees(other, latin) and _long_i(ours) == _long_i(theirs):
        return False
    return romanised(name, latin) >= romanised(other, latin) + CLEARLY


def _long_i(vowels: tuple[str, ...]) -> bool:
    return any("Y" in vowel for vowel in vowels[1:-1])


@lru_cache(maxsize=1_000)
def _rivals(arabic: str) -> tuple[str, ...]:
    """Known names that a slip of the pen or a vowel tells from `arabic`, itself a known one."""
    if arabic not in KNOWN:
        return ()
    sounds = slots(arabic)[0]
    alike = (name for name in KNOWN if slots(name)[0] == sounds or unit_level(name, arabic) == "close")
    return tuple(sorted(name for name in alike if name != arabic))


@lru_cache(maxsize=100_000)
def _read(latin: str) -> str | None:
    """The known name of the same consonants that `latin` most likely spells; None if there is none."""
    sounds = slots(latin)[0]
    return max(_by_sounds().get(sounds, ()), key=lambda name: romanised(name, latin), default=None)


@lru_cache(maxsize=1)
def _by_sounds() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name in sorted(KNOWN):
        names.setdefault(slots(name)[0], []).append(name)
    return names
