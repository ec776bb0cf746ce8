"""How a full name is cut, in whatever script: into tokens, these into units.

Three steps, which a whole file can take for each of its distinct words and patterns once: text to tokens, each of a
kind; the kinds alone to parts, which say what tokens make one unit; a unit's tokens, written as one, to the form that
its spellings share.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

LONGEST_NAME = 300
"""Letters of a text that are read."""
MOST_TOKENS = 20
MOST_UNITS = 5
"""Of a longer name the first four units count, and the last."""
LONGEST_UNIT = 24

Part = int | str
"""The place of a token, or a fixed word that stands for one."""


class Parts(NamedTuple):
    """What each unit of a name is made of, given name first; kunya: one that may stand for the given name."""

    units: tuple[tuple[Part, ...], ...]
    kunya: bool


class Script(NamedTuple):
    """How names of a script are cut.

    tokens: the words of a text; the text's are those of what its spaces part, one after the other.
    kind:   of one token. parts: what the kinds of a name's tokens make of it.
    unit:   a unit's tokens, joined, in the form that its spellings share.
    named:  whether a unit is a name, though it looks like a kunya.
    """

    tokens: Callable[[str], list[str]]
    kind: Callable[[str], int]
    parts: Callable[[Sequence[int]], Parts]
    unit: Callable[[str], str]
    named: Callable[[str], bool]


def limited(units: list[tuple[Part, ...]], kunya: bool) -> Parts:
    """The parts of a name without the units that are one too many."""
    kept = units if len(units) <= MOST_UNITS else [*units[: MOST_UNITS - 1], units[-1]]
    return Parts(tuple(kept), kunya)


def units_of(text: str, script: Script) -> tuple[str, ...]:
    """The units of a full name; "" first where a kunya stands for the given name."""
    tokens = script.tokens(text[:LONGEST_NAME])[:MOST_TOKENS]
    parts, kunya = script.parts(tuple(map(script.kind, tokens)))
    units = [script.unit("".join([part if isinstance(part, str) else tokens[part] for part in unit])) for unit in parts]
    if kunya and not script.named(units[0]):
        units[0] = ""
    return tuple(units)
