"""How two name units agree, as `engine.units.unit_level` finds it.

Of units kernels get two tables. units: n x UNIT_WIDTH integers, columns SCRIPT … BONES_MASK. letters: n x 3 * LONGEST
bytes, what is written, then the consonants (bones), then what stands between them as bits.
"""

from services.dedup.batch.coded import Bytes, Ints
from services.dedup.batch.kernel.compiled import compiled, inlined
from services.dedup.batch.kernel.letters import jaro_winkler, may_be_within, within

NAME_LEVELS = ("missing", "exact", "script", "close", "script_close", "differ", "script_differ",
               "lookalike", "other", "swapped", "skipped", "turned", "unrelated", "script_unrelated")  # fmt: skip
MISSING, EXACT, SCRIPT, CLOSE, SCRIPT_CLOSE, DIFFER, SCRIPT_DIFFER, LOOKALIKE, OTHER, SWAPPED, SKIPPED = range(11)
ABOUT, UNRELATED, SCRIPT_UNRELATED = range(11, 14)
BLANK, ARABIC, LATIN = range(3)
SCRIPT_OF, LENGTH, RANK, MASK, DOTLESS, KEY, SKELETON, BONES_LENGTH, BONES_MASK, KNOWN_AS = range(10)
UNIT_WIDTH = 10
LONGEST = 24
"""Letters of a unit that are compared."""
BONES, VOWELS = LONGEST, 2 * LONGEST


@inlined
def unit_level(units: Ints, letters: Bytes, a: int, b: int) -> int:
    """The level of units a and b; MISSING where either is none or blank."""
    level = MISSING
    if a >= 0 and b >= 0:
        ours, theirs = units[a, SCRIPT_OF], units[b, SCRIPT_OF]
        if ours == BLANK or theirs == BLANK:
            level = MISSING
        elif a == b:
            level = EXACT if ours == ARABIC else SCRIPT
        elif ours == ARABIC and theirs == ARABIC:
            level = _arabic(units, letters, a, b) if _may_be_close(units, a, b) else DIFFER
        elif ours == theirs:
            level = _latin(units, letters, a, b)
        else:
            level = _across(units, letters, a, b) if ours == ARABIC else _across(units, letters, b, a)
    return level


@inlined
def _may_be_close(units: Ints, a: int, b: int) -> bool:
    """False for most units that differ, by their lengths and the sets of their letters."""
    m, n = units[a, LENGTH], units[b, LENGTH]
    most = 2 if max(m, n) >= 8 else 1
    return units[a, DOTLESS] == units[b, DOTLESS] or (
        abs(m - n) <= most and may_be_within(units[a, MASK], units[b, MASK], most)
    )


@compiled
def _arabic(units: Ints, letters: Bytes, a: int, b: int) -> int:
    m, n = units[a, LENGTH], units[b, LENGTH]
    longest = max(m, n)
    if longest >= 3 and units[a, DOTLESS] == units[b, DOTLESS]:
        return CLOSE
    most = 2 if longest >= 8 else 1 if longest >= 4 else 0
    return CLOSE if within(letters[a], m, letters[b], n, most) else DIFFER


@compiled
def _latin(units: Ints, letters: Bytes, a: int, b: int) -> int:
    if units[a, RANK] > units[b, RANK]:
        a, b = b, a
    m, n = units[a, LENGTH], units[b, LENGTH]
    if units[a, KEY] == units[b, KEY]:
        return SCRIPT if jaro_winkler(letters[a], m, letters[b], n) >= 0.8 else SCRIPT_CLOSE
    if max(m, n) < 4 or not may_be_within(units[a, MASK], units[b, MASK], 1):
        return SCRIPT_DIFFER
    return SCRIPT_CLOSE if within(letters[a], m, letters[b], n, 1) else SCRIPT_DIFFER


@compiled
def _across(units: Ints, letters: Bytes, arabic: int, latin: int) -> int:
    if units[arabic, KEY] == units[latin, KEY] and _vowels_agree(units, letters, arabic, latin):
        return SCRIPT
    m, n = units[arabic, BONES_LENGTH], units[latin, BONES_LENGTH]
    if units[arabic, SKELETON] == units[latin, SKELETON]:
        return SCRIPT_CLOSE if m > 2 else SCRIPT_DIFFER
    if max(m, n) < 4 or not may_be_within(units[arabic, BONES_MASK], units[latin, BONES_MASK], 1):
        return SCRIPT_DIFFER
    return SCRIPT_CLOSE if within(letters[arabic, BONES:], m, letters[latin, BONES:], n, 1) else SCRIPT_DIFFER


@compiled
def _vowels_agree(units: Ints, letters: Bytes, arabic: int, latin: int) -> bool:
    """Every slot between consonants: bits 1, 2, 4 of the Arabic side ask for bits that the Latin side has."""
    for slot in range(VOWELS, VOWELS + units[arabic, BONES_LENGTH] - 1):
        written, spelled = letters[arabic, slot], letters[latin, slot]
        if (written & 4 and not spelled & 4) or (written & 2 and not spelled & 2):
            return False
        if not written & 6 and spelled & (16 if written & 1 else 32):
            return False
    return True
