"""A full name as typed, cut into units: given name, forebears, family name.

A unit is what one person's name is: عبد الرحمن, أبو بكر and نور الدين are each one. Articles and
words of descent (بن, بنت, آل, ال) are dropped, since clerks write them or not as they please.
"""

from functools import lru_cache

from services.dedup.engine.arabic import ARABIC
from services.dedup.engine.latin import LATIN
from services.dedup.engine.script import units_of


@lru_cache(maxsize=50_000)
def arabic_units(text: str) -> tuple[str, ...]:
    """The units of a full Arabic name, given name first; "" first where a kunya stands for it."""
    return units_of(text, ARABIC)


@lru_cache(maxsize=50_000)
def latin_units(text: str) -> tuple[str, ...]:
    """The units of a full name in Latin script, in the order typed, as `arabic_units` cuts them."""
    return units_of(text, LATIN)
