"""Blocking keys of all records at once, as 64-bit numbers: the engine's own, and wider ones.

The engine's keys are narrow enough for an index that is asked record by record; a batch can afford to try more.
"""

from collections.abc import Iterator
from functools import reduce
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.dedup.batch.coded import NOTHING, Codes, Flags, Ints
from services.dedup.batch.mapped_keys import wide_keys
from services.dedup.batch.records import Records
from services.dedup.engine.block import DISTRICT, FEW, FOREBEARS, GOVERNORATE, MANY, PAIRS_OF_YEARS
from services.dedup.engine.commonness import FAMILY, GIVEN, NATION, OTHER_FAMILY, OTHER_GIVEN

_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
Keys = npt.NDArray[np.uint64]
RULES = 23
"""How many rules there are, narrow and wide."""


class Keyed(NamedTuple):
    """One rule's keys, and the places of the records that hold them; a record may come several times."""

    rule: str
    keys: Keys
    places: Ints


def hashed(rule: str, *facts: npt.NDArray[np.integer]) -> Keys:
    """A number for the rule and its facts; two records agree on it when they agree on all facts."""
    seed = np.uint64(int.from_bytes(rule.encode()[:8].ljust(8, b"\0"), "little"))
    start = np.full(len(facts[0]), seed, dtype=np.uint64)
    return reduce(mix, facts, start)


def mix(hashed: Keys, fact: npt.NDArray[np.integer]) -> Keys:
    hashed = (hashed ^ fact.astype(np.int64).view(np.uint64)) * _ODD
    return hashed ^ (hashed >> _SHIFT)


class Facts:
    """What keys are made of. Names by the keys of their units, NOTHING where there is none."""

    def __init__(self, records: Records) -> None:
        names, rows = records.names, records.main
        self.records = records
        self.size = np.where(rows >= 0, names.sizes[rows], 0)
        blank = np.array([not value for value in names.key_values], dtype=bool)
        units = np.where((rows >= 0)[:, None], names.rows[rows], NOTHING)
        self.units = np.where(units >= 0, names.keys[units], NOTHING)
        self.given = np.where((self.units[:, 0] >= 0) & ~blank[self.units[:, 0]], self.units[:, 0], NOTHING)
        self.family = np.where(self.size > 1, self.units[np.arange(len(rows)), np.maximum(self.size, 1) - 1], NOTHING)
        births, born = records.birth_values.columns, records.births
        self.known = _looked_up(births["known"], born, 0) > 0
        self.day = _looked_up(births["ordinal"], born, NOTHING)
        self.year = _looked_up(births["first"], born, NOTHING)
        last = _looked_up(births["last"], born, NOTHING)
        self.years = (self.year, np.where(last != self.year, last, NOTHING))
        self.month_and_day = _looked_up(births["month"] * 32 + births["day"], born, NOTHING)
        self.zones = records.zones
        self._shares = [np.array([table.get(value, other) for value in names.key_values])
                        for table, other in ((GIVEN, OTHER_GIVEN), (FAMILY, OTHER_FAMILY))]  # fmt: skip

    def sharers(self, family: Codes, *given: Codes) -> npt.NDArray[np.float64]:
        """Of a million registrations, how many may hold these given names and this family's."""
        expected = NATION * self._shares[1][family]
        for name in given:
            expected = expected * self._shares[0][name]
        return expected

    def governorate(self) -> Codes:
        """The governorate, or the deepest known above it."""
        depth = np.minimum(self.records.depth, GOVERNORATE)
        rows = np.arange(len(depth))
        return np.where(depth > 0, self.zones[rows, np.maximum(depth, 1) - 1], NOTHING)

    def narrowed(self, expected: npt.NDArray[np.float64], places: Ints) -> Codes:
        """The place that a key of names needs, so that few hold it; -3 for names rare enough, -2 where unknown."""
        zones = self.zones[places]
        place = np.where(expected <= MANY, zones[:, GOVERNORATE - 1], zones[:, DISTRICT - 1])
        return np.where(expected <= FEW, -3, np.where(place >= 0, place, -2))


def _looked_up(table: Codes, codes: Codes, missing: int) -> Codes:
    if not len(table):
        return np.full(len(codes), missing, dtype=np.int32)
    return np.where(codes >= 0, table[codes], missing)


def keyed(facts: Facts) -> Iterator[Keyed]:
    """Every key of every record, rule by rule, as `engine.block` makes them."""
    yield from _exact(facts)
    yield from _birth(facts)
    yield from _dated_names(facts)
    yield from _undated_names(facts)


def of(rule: str, held: Flags, *facts: npt.NDArray[np.integer]) -> Keyed:
    places = np.flatnonzero(held)
    return Keyed(rule, hashed(rule, *(fact[places] for fact in facts)), places)


def _exact(facts: Facts) -> Iterator[Keyed]:
    records = facts.records
    yield of("id", records.id >= 0, records.id)
    for rule, fact in (("phone_given", facts.given), ("phone_year", facts.year)):
        for phone in records.phones.T[:2]:
            yield of(rule, (phone >= 0) & (fact >= 0), phone, fact)
    named = (records.household >= 0) & (facts.size > 0)
    yield of("household_given", named, records.household, facts.units[:, 0])


def _birth(facts: Facts) -> Iterator[Keyed]:
    known = facts.known & (facts.size > 0)
    yield of("day_given", known & (facts.given >= 0), facts.day, facts.given)
    yield of("day_family", known & (facts.size > 1), facts.day, facts.family)
    yield of("day_father", known & (facts.size > 2), facts.day, facts.units[:, 1])


def _dated_names(facts: Facts) -> Iterator[Keyed]:
    places = np.flatnonzero((facts.year >= 0) & (facts.size > 1) & (facts.given >= 0))
    given, family, year = facts.given[places], facts.family[places], facts.year[places]
    place = facts.narrowed(facts.sharers(family, given) / PAIRS_OF_YEARS, places)
    yield Keyed("given_family_even", hashed("even", given, family, year // 2, place), places)
    yield Keyed("given_family_odd", hashed("odd", given, family, (year + 1) // 2, place), places)
    zoned = np.zeros(len(facts.size), dtype=bool)
    zoned[places] = facts.zones[places, 0] >= 0
    yield of("given_father_year", zoned, facts.given, facts.units[:, 1], facts.year, facts.governorate())


def _undated_names(facts: Facts) -> Iterator[Keyed]:
    named = (facts.size > 1) & (facts.given >= 0)
    district = facts.zones[:, DISTRICT - 1]
    yield of("given_family_district", named & (district >= 0), facts.given, facts.family, district)
    for which in range(1, 1 + FOREBEARS):
        places = np.flatnonzero(named & (facts.size > which + 1))
        given, forebear, family = facts.given[places], facts.units[places, which], facts.family[places]
        place = facts.narrowed(facts.sharers(family, given, forebear), places)
        yield Keyed("given_forebear_family", hashed("forebear", given, forebear, family, place), places)
    many = named & (facts.size > 2)
    ordered = np.sort(facts.units, axis=1)
    yield of("all_names", many, *ordered.T, facts.governorate())


def lineage(facts: Facts) -> Keyed:
    """Father, grandfather and family, with the place that makes them few: brothers and sisters share it."""
    places = np.flatnonzero(facts.size > 3)
    father, forebear, family = facts.units[places, 1], facts.units[places, 2], facts.family[places]
    place = facts.narrowed(facts.sharers(family, father, forebear), places)
    return Keyed("lineage", hashed("lineage", father, forebear, family, place), places)


def wide(facts: Facts) -> Iterator[Keyed]:
    """Keys of fewer facts than an index could afford, for records that agree on little: the batch refines them.

    A given name with any other unit, in whatever order; any three units; two forebears or a forebear and the family
    in one year; any two units in one district; a given name born on one day of one month, in whatever year; a day, a
    phone, a household or an address alone; a district in one year.
    """
    records, units = facts.records, facts.units
    width = units.shape[1]
    for which in range(1, width):
        chosen = np.sort(np.column_stack([facts.given, units[:, which]]), axis=1)
        yield of("given_and_unit", chosen[:, 0] >= 0, *chosen.T)
    for one, two, three in combinations(range(width), 3):
        chosen = np.sort(units[:, [one, two, three]], axis=1)
        yield of("three_units", chosen[:, 0] >= 0, *chosen.T)
    district = facts.zones[:, DISTRICT - 1]
    for year in facts.years:
        for one, two in combinations(range(1, width), 2):
            chosen = np.sort(units[:, [one, two]], axis=1)
            yield of("two_forebears_year", (chosen[:, 0] >= 0) & (year >= 0), *chosen.T, year)
    for one, two in combinations(range(width), 2):
        chosen = np.sort(units[:, [one, two]], axis=1)
        yield of("two_units_district", (chosen[:, 0] >= 0) & (district >= 0), *chosen.T, district)
    yield of("given_day_of_year", facts.known & (facts.given >= 0), facts.given, facts.month_and_day)
    yield of("day", facts.known, facts.day)
    for phone in records.phones.T:
        yield of("phone", phone >= 0, phone)
    yield of("household", records.household >= 0, records.household)
    yield of("address", records.address >= 0, records.address)
    for year in facts.years:
        yield of("district_year", (district >= 0) & (year >= 0), district, year)
    others = {"given": facts.given, "family": facts.family, "year": facts.year}
    for rule, found in wide_keys(records.mapped, others):
        yield of(rule, np.logical_and.reduce([fact >= 0 for fact in found]), *found)
