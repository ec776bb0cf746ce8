"""Two records compared, as `engine.compare` does it."""

from typing import NamedTuple

from services.dedup.batch.coded import Bytes, Codes, Ints
from services.dedup.batch.kernel.compiled import compiled, inlined
from services.dedup.batch.kernel.lines import LINE, line_up
from services.dedup.batch.kernel.units import (
    ABOUT,
    CLOSE,
    DIFFER,
    KNOWN_AS,
    LOOKALIKE,
    MISSING,
    OTHER,
    SCRIPT_DIFFER,
    SWAPPED,
    unit_level,
)

GIVEN, FATHER, FOREBEAR, FAMILY, BIRTH, ID, PHONE, PLACE, GENDER, ROLE, HOUSEHOLD = range(11)
FIELDS = 11
SAME, NOT_SAME = 1, 2
ON_DAY, DAYS_OFF, TURNED, PART_OFF, IN_YEAR, SAME_YEAR, YEAR_OFF, BIRTH_DIFFERS = range(1, 9)
ID_EXACT, ID_NEAR, ID_DIFFERS = range(1, 4)
ADDRESS, DISTRICT, GOVERNORATE, REGION, ELSEWHERE = range(1, 6)

ARABIC_NAME, LATIN_NAME, BORN, ID_OF, PHONES = 0, 1, 2, 3, 4
MOST_PHONES = 3
ZONES, ADDRESS_OF, GENDER_OF, ROLE_OF, HOUSEHOLD_OF, CHARITY_OF = 7, 11, 12, 13, 14, 15
RECORD_WIDTH = 16
"""Columns of a record: 64 bytes, what a processor reads at once."""
NAME_SIZE = LINE + 1
ORDINAL, FIRST, LAST, KNOWN_DAY, YEAR, MONTH, DAY = range(7)
NEAR_ID = 13
"""Letters of the longest identifier that has near forms; of longer ones the engine keeps none."""


class Facts(NamedTuple):
    """n records in few tables; codes are those of `batch.records.Records`.

    records: n x RECORD_WIDTH codes. names: rows of unit codes, the last column says how many. births: one row a
    distinct birth, columns ORDINAL … DAY. ids: one row an identifier, letters and then the length, 0 for those too
    long. words: the sorted words of address a are words[word_from[a] : word_from[a + 1]].
    units, letters: as `kernel.units` says.
    """

    records: Codes
    names: Codes
    births: Codes
    ids: Bytes
    word_from: Ints
    words: Codes
    units: Ints
    letters: Bytes


@inlined
def compare_rest(
    records: Codes, births: Codes, ids: Bytes, word_from: Ints, words: Codes, i: int, j: int, levels: Bytes
) -> int:
    """Levels of all but the names, and the least phone shared."""
    levels[BIRTH] = _birth(births, records[i, BORN], records[j, BORN])
    levels[ID] = _id(ids, records[i, ID_OF], records[j, ID_OF])
    phone = _phone(records, i, j)
    none = records[i, PHONES] < 0 or records[j, PHONES] < 0
    levels[PHONE] = MISSING if none else SAME if phone >= 0 else NOT_SAME
    levels[PLACE] = _place(records, word_from, words, i, j)
    levels[GENDER] = _same(records[i, GENDER_OF], records[j, GENDER_OF])
    levels[ROLE] = _same(records[i, ROLE_OF], records[j, ROLE_OF])
    one_source = records[i, CHARITY_OF] == records[j, CHARITY_OF]
    levels[HOUSEHOLD] = _same(records[i, HOUSEHOLD_OF], records[j, HOUSEHOLD_OF]) if one_source else MISSING
    return phone


@inlined
def _same(a: int, b: int) -> int:
    return MISSING if a < 0 or b < 0 else SAME if a == b else NOT_SAME


@inlined
def _row(records: Codes, i: int, j: int) -> int:
    """The name of record i to compare with j's, -1 for none: one script if both have it, Arabic first."""
    latin: int = records[i, LATIN_NAME]
    mixed = latin >= 0 and records[j, LATIN_NAME] >= 0 and records[j, ARABIC_NAME] < 0
    arabic: int = records[i, ARABIC_NAME]
    return latin if mixed or arabic < 0 else arabic


@inlined
def compare_given(
    records: Codes, names: Codes, units: Ints, letters: Bytes, i: int, j: int, levels: Bytes, shown: Codes
) -> int:
    """The level of the given names; 1 or 2 where that side's name is to be read with its first unit last, 3 where no
    line of forebears is left to compare, else 0."""
    levels[GIVEN], shown[0, GIVEN], shown[1, GIVEN] = MISSING, -1, -1
    one, two = _row(records, i, j), _row(records, j, i)
    if one < 0 or two < 0:
        return 0
    a, b = names[one, 0], names[two, 0]
    level, turned = unit_level(units, letters, a, b), 0
    if level in (DIFFER, SCRIPT_DIFFER):
        m, n = names[one, NAME_SIZE], names[two, NAME_SIZE]
        if m == 2 and n == 2:
            if _family_first(names, units, letters, one, two):
                level, turned = ABOUT, 3
        elif m > 1 and n > 2 and _family_first(names, units, letters, one, two):
            a, level, turned = names[one, 1], SWAPPED, 1
        elif m > 2 and n > 1 and _family_first(names, units, letters, two, one):
            b, level, turned = names[two, 1], SWAPPED, 2
    if level != MISSING:
        levels[GIVEN], shown[0, GIVEN], shown[1, GIVEN] = _true_level(units, GIVEN, level, a, b), a, b
    return turned


@inlined
def compare_lineage(
    records: Codes, names: Codes, units: Ints, letters: Bytes, i: int, j: int, turned: int,
    levels: Bytes, shown: Codes, room: Ints,
) -> None:  # fmt: skip
    levels[FATHER:LINE] = MISSING
    shown[:, FATHER:] = -1
    one, two = _row(records, i, j), _row(records, j, i)
    if one < 0 or two < 0 or turned == 3:
        return
    row, other = names[one], names[two]
    row = _turned(row) if turned == 1 else row
    other = _turned(other) if turned == 2 else other
    line_up(units, letters, row[1:], row[NAME_SIZE] - 1, other[1:], other[NAME_SIZE] - 1, levels, shown, room)
    for field in range(FATHER, LINE):
        if levels[field] == CLOSE:
            levels[field] = _true_level(units, field, CLOSE, shown[0, field], shown[1, field])


@compiled
def _family_first(names: Codes, units: Ints, letters: Bytes, one: int, two: int) -> bool:
    """Whether a name begins with the name of the other's family, and the other's given name follows."""
    family = unit_level(units, letters, names[one, 0], names[two, names[two, NAME_SIZE] - 1])
    if family in (MISSING, DIFFER, SCRIPT_DIFFER):
        return False
    given = unit_level(units, letters, names[one, 1], names[two, 0])
    return given not in (MISSING, DIFFER, SCRIPT_DIFFER)


@compiled
def _turned(row: Codes) -> Codes:
    turned, size = row.copy(), row[NAME_SIZE]
    for place in range(size):
        turned[place] = row[place + 1] if place < size - 1 else row[0]
    return turned


@inlined
def _true_level(units: Ints, field: int, level: int, a: int, b: int) -> int:
    """Close but well-known names are look-alikes; two given names that people bear are no slip of the pen."""
    both = units[a, KNOWN_AS] & units[b, KNOWN_AS]
    if level == CLOSE and both & (1 << kind_of(field)):
        return LOOKALIKE
    return OTHER if field == GIVEN and level == DIFFER and both & 8 else level


@inlined
def kind_of(field: int) -> int:
    """Of a name's field: given 0, forebear 1, family 2."""
    return 0 if field == GIVEN else 2 if field == FAMILY else 1


@inlined
def _birth(births: Codes, a: int, b: int) -> int:
    if a < 0 or b < 0:
        return MISSING
    if not (births[a, KNOWN_DAY] and births[b, KNOWN_DAY]):
        gap = max(births[a, FIRST], births[b, FIRST]) - min(births[a, LAST], births[b, LAST])
        return IN_YEAR if gap <= 0 else YEAR_OFF if gap == 1 else BIRTH_DIFFERS
    days = abs(births[a, ORDINAL] - births[b, ORDINAL])
    if days <= 2:
        return ON_DAY if days == 0 else DAYS_OFF
    years = abs(births[a, YEAR] - births[b, YEAR])
    month, day = births[a, MONTH] == births[b, MONTH], births[a, DAY] == births[b, DAY]
    if years == 0:
        turned = births[a, MONTH] == births[b, DAY] and births[a, DAY] == births[b, MONTH]
        return TURNED if turned else PART_OFF if month or day else SAME_YEAR
    if month and day and years in (1, 2, 10):
        return PART_OFF
    return YEAR_OFF if years == 1 else BIRTH_DIFFERS


@inlined
def _id(ids: Bytes, a: int, b: int) -> int:
    if a < 0 or b < 0:
        return MISSING
    if a == b:
        return ID_EXACT
    if ids[a, NEAR_ID] == 0 or ids[a, NEAR_ID] != ids[b, NEAR_ID]:
        return ID_DIFFERS
    first, last = 0, NEAR_ID - 1
    while ids[a, first] == ids[b, first]:
        first += 1
    while ids[a, last] == ids[b, last]:
        last -= 1
    left = right = True
    for place in range(first, last):
        left &= ids[a, place] == ids[b, place + 1]
        right &= ids[a, place + 1] == ids[b, place]
    return ID_NEAR if left or right else ID_DIFFERS


@inlined
def _phone(records: Codes, i: int, j: int) -> int:
    least = -1
    for a in range(PHONES, PHONES + MOST_PHONES):
        phone = records[i, a]
        if phone < 0:
            break
        for b in range(PHONES, PHONES + MOST_PHONES):
            if phone == records[j, b] and (least < 0 or phone < least):
                least = phone
    return least


@inlined
def _place(records: Codes, word_from: Ints, words: Codes, i: int, j: int) -> int:
    if records[i, ZONES] < 0 or records[j, ZONES] < 0:
        return MISSING
    depth = 0
    while depth < 4 and records[i, ZONES + depth] >= 0 and records[i, ZONES + depth] == records[j, ZONES + depth]:
        depth += 1
    a, b = records[i, ADDRESS_OF], records[j, ADDRESS_OF]
    if depth >= 3 and a >= 0 and b >= 0 and _addresses(word_from, words, a, b):
        return ADDRESS
    return DISTRICT if depth == 4 else GOVERNORATE if depth == 3 else REGION if depth == 2 else ELSEWHERE


@compiled
def _addresses(word_from: Ints, words: Codes, a: int, b: int) -> bool:
    """Whether most words of the shorter address, and two at least, are in the other."""
    i, j, end, stop = word_from[a], word_from[b], word_from[a + 1], word_from[b + 1]
    least, shared = min(end - i, stop - j), 0
    while i < end and j < stop:
        ours, theirs = words[i], words[j]
        if ours == theirs:
            shared += 1
        if ours <= theirs:
            i += 1
        if theirs <= ours:
            j += 1
    return least > 1 and shared >= 2 and shared >= 0.6 * least
