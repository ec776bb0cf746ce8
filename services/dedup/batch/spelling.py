"""What the kernels know of a file's name units: made once a unit by the engine's own functions."""

from collections.abc import Callable, Sequence

import numpy as np

from services.dedup.batch.coded import Bytes, Ints
from services.dedup.batch.kernel.units import ARABIC, BLANK, LATIN, LONGEST
from services.dedup.engine.phonetic import is_arabic, key, slots
from services.dedup.engine.units import DOTLESS

_MASK_BITS = 32
_AFTER_A = ("EE", "OO", "OU", "U")
_AFTER_NOTHING = ("EE", "OO", "AY", "EY", "EI", "AI", "IE", "AA", "AW")


def spelling(units: Sequence[str]) -> tuple[Ints, Bytes]:
    """The tables of distinct units that `kernel.units` describes; letters beyond LONGEST are not compared."""
    cut = [slots(unit) if unit else ("", ("",)) for unit in units]
    bones = [consonants for consonants, _ in cut]
    letters, bone_letters = _letters(units), _letters(bones)
    vowels = np.zeros((len(units), LONGEST), dtype=np.uint8)
    for row, (_, between) in enumerate(cut):
        bits = [_bits(slot, units[row]) for slot in between[1:-1]][:LONGEST]
        vowels[row, : len(bits)] = bits
    table = np.column_stack([
        [ARABIC if is_arabic(unit) else LATIN if unit else BLANK for unit in units], _lengths(units), _rank(units),
        _masks(letters), _codes(units, lambda unit: unit.translate(DOTLESS)), _codes(units, key),
        _codes(bones, str), _lengths(bones), _masks(bone_letters), np.zeros(len(units)),
    ]).astype(np.int64)  # fmt: skip
    return table, np.ascontiguousarray(np.hstack([letters, bone_letters, vowels]))


def _letters(words: Sequence[str]) -> Bytes:
    """Low bytes of the letters, 0 beyond the last; within one script they tell letters apart."""
    table = np.zeros((len(words), LONGEST), dtype=np.uint8)
    for row, word in enumerate(words):
        kept = word[:LONGEST]
        table[row, : len(kept)] = np.frombuffer(kept.encode("utf-16-le")[::2], dtype=np.uint8)
    return table


def _lengths(words: Sequence[str]) -> Ints:
    return np.array([min(len(word), LONGEST) for word in words], dtype=np.int64)


def _masks(letters: Bytes) -> Ints:
    """The set of each word's letters, a bit for one letter or a few."""
    masks = np.zeros(len(letters), dtype=np.int64)
    for column in letters.T:
        masks |= np.where(column > 0, np.int64(1) << (column.astype(np.int64) % _MASK_BITS), 0)
    return masks


def _rank(units: Sequence[str]) -> Ints:
    """The place of each unit in the order of text."""
    rank = np.empty(len(units), dtype=np.int64)
    rank[np.array(sorted(range(len(units)), key=units.__getitem__), dtype=np.int64)] = np.arange(len(units))
    return rank


def _codes(words: Sequence[str], of: Callable[[str], str]) -> Ints:
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(of(word), len(codes)) for word in words], dtype=np.int64)


def _bits(slot: str, unit: str) -> int:
    """Arabic: the long vowels written, A 1, W 2, Y 4. Latin: what they can stand for, as `phonetic.agrees` has it."""
    if is_arabic(unit):
        return ("A" in slot) | ("W" in slot) << 1 | ("Y" in slot) << 2
    return (
        any(letter in slot for letter in "OUW") << 1
        | any(letter in slot for letter in "IEY") << 2
        | (slot in _AFTER_A) << 4
        | (slot in _AFTER_NOTHING) << 5
    )
