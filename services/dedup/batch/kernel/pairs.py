"""Pairs of records weighed, as `engine.weigh` does it."""

from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Bytes, Floats, Ints
from services.dedup.batch.kernel.compiled import compiled, inlined
from services.dedup.batch.kernel.lines import LINE, SCRATCH
from services.dedup.batch.kernel.records import (
    BIRTH,
    FAMILY,
    FATHER,
    FIELDS,
    FOREBEAR,
    GENDER,
    GIVEN,
    HOUSEHOLD,
    ID,
    ID_EXACT,
    ID_OF,
    PHONE,
    PLACE,
    ROLE,
    SAME,
    Facts,
    compare_given,
    compare_lineage,
    compare_rest,
    kind_of,
)
from services.dedup.batch.kernel.units import EXACT, KEY, MISSING, SCRIPT

_IN_TURN = (GIVEN, BIRTH, ID, PHONE, PLACE, GENDER, ROLE, HOUSEHOLD, FATHER, FOREBEAR, FAMILY)
"""Forebears last: they cost most, and are only looked at if the rest leaves hope."""
_BEFORE_LINEAGE = 8


class Weights(NamedTuple):
    """A model in bits. logs: FIELDS x levels x (m, k, u); two: of one family, and strangers.

    unit: 3 kinds of name (given, forebear, family) x units, u in bits of agreement on that unit; key: the same by key.
    phone, id: the same by code; nan where so many share the value that it is a default.
    """

    logs: Floats
    two: Floats
    unit: Floats
    key: Floats
    phone: Floats
    id: Floats


@inlined
def two_persons(family: float, strangers: float) -> float:
    """log2(2 ** family + 2 ** strangers)."""
    high, low = max(family, strangers), min(family, strangers)
    return float(high + np.log2(1.0 + np.exp2(low - high)))


@compiled
def weigh(
    of: Facts, weights: Weights, left: Ints, right: Ints, mapped: Floats, least: float,
    bits: Floats, levels: Bytes, logs: Floats,
) -> None:  # fmt: skip
    """Bits of pairs, the prior left out; -inf for pairs that cannot reach `least`.

    mapped: pairs x (m, k, u) in bits of what no kernel compares; or no rows. levels: pairs x FIELDS; logs: pairs x
    FIELDS x (m, k, u), what each field says; or no rows of either. A pair is given up where even agreement on all
    forebears would not do: two persons are at least as likely as two of one family, who share them.
    """
    records, names, units, letters = of.records, of.names, of.units, of.letters
    tables, by_unit, by_key = weights.logs, weights.unit, weights.key
    found, said = np.empty(FIELDS, dtype=np.uint8), np.zeros(3)
    shown, room = np.empty((2, LINE), dtype=np.int32), np.zeros(SCRATCH, dtype=np.int64)
    hope = _most_of_lineage(weights.logs)
    for pair in range(len(left)):
        i, j = left[pair], right[pair]
        phone = compare_rest(records, of.births, of.ids, of.word_from, of.words, i, j, found)
        turned = compare_given(records, names, units, letters, i, j, found, shown)
        one, family, strangers = 0.0, weights.two[0], weights.two[1]
        if len(mapped):
            one, family, strangers = one + mapped[pair, 0], family + mapped[pair, 1], strangers + mapped[pair, 2]
        hopeless = False
        for turn in range(FIELDS):
            if turn == _BEFORE_LINEAGE:
                hopeless = one - family + hope < least
                if hopeless:
                    break
                compare_lineage(records, names, units, letters, i, j, turned, found, shown, room)
            field = _IN_TURN[turn]
            level = found[field]
            u = tables[field, level, 2]
            if field < LINE and level == EXACT:
                u = by_unit[kind_of(field), shown[0, field]]
            elif field < LINE and level == SCRIPT:
                u = by_key[kind_of(field), units[shown[0, field], KEY]]
            elif field == PHONE and level == SAME:
                u = weights.phone[phone]
            elif field == ID and level == ID_EXACT:
                u = weights.id[records[i, ID_OF]]
            if level == MISSING or np.isnan(u):
                said[:] = 0.0
            else:
                said[0], said[1], said[2] = tables[field, level, 0], tables[field, level, 1], u
            one, family, strangers = one + said[0], family + said[1], strangers + said[2]
            if len(levels):
                levels[pair, field] = found[field]
            if len(logs):
                logs[pair, field, 0], logs[pair, field, 1], logs[pair, field, 2] = said[0], said[1], said[2]
        bits[pair] = -np.inf if hopeless else one - two_persons(family, strangers)


@compiled
def _most_of_lineage(tables: Floats) -> float:
    """The most that forebears and the family's name can say for one person against two of one family."""
    most = 0.0
    for field in range(FATHER, LINE):
        most += (tables[field, :, 0] - tables[field, :, 1]).max()
    return most
