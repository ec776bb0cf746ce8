"""Pairs worth comparing, column by column: the engine's own blocking keys, as 64-bit numbers.

A key that too many records hold is not dropped but refined: its holders meet where they also share a
further fact. What even that leaves too large is left out, and counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.dedup.batch.coded import NOTHING, Codes, Flags, Ints, distinct
from services.dedup.batch.records import Records
from services.dedup.engine.block import DISTRICT, FEW, FOREBEARS, GOVERNORATE, MANY, PAIRS_OF_YEARS
from services.dedup.engine.commonness import FAMILY, GIVEN, NATION, OTHER_FAMILY, OTHER_GIVEN

LARGEST_BLOCK = 50
LARGEST_WIDE = 6
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
Keys = npt.NDArray[np.uint64]


class Keyed(NamedTuple):
    """One rule's keys, and the places of the records that hold them; a record may come several times."""

    rule: str
    keys: Keys
    places: Ints


@dataclass
class Blocked:
    """codes: left * size + right of the pairs' places, left < right, in order, each once. size: of the records.

    found: pairs by rule. refined, left_out: blocks that were too large.
    """

    codes: Ints
    size: int
    found: dict[str, int]
    refined: int
    left_out: int

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """Places of the left and of the right records."""
        return self.codes // self.size, self.codes % self.size

    def __or__(self, other: "Blocked") -> "Blocked":
        """The pairs of either."""
        codes = distinct(np.concatenate([self.codes, other.codes]))
        refined, left_out = self.refined + other.refined, self.left_out + other.left_out
        return Blocked(codes, self.size, self.found | other.found, refined, left_out)


def _mixed(rule: str, *facts: npt.NDArray[np.integer]) -> Keys:
    """A number for the rule and its facts; two records agree on it when they agree on all facts."""
    seed = np.uint64(int.from_bytes(rule.encode()[:8].ljust(8, b"\0"), "little"))
    start = np.full(len(facts[0]), seed, dtype=np.uint64)
    return reduce(_mix, facts, start)


def _mix(hashed: Keys, fact: npt.NDArray[np.integer]) -> Keys:
    hashed = (hashed ^ fact.astype(np.int64).view(np.uint64)) * _ODD
    return hashed ^ (hashed >> _SHIFT)


class Facts:
    """What keys are made of. Names by the keys of their units, NOTHING where there is none."""

    def __init__(self, records: Records) -> None:
        names, rows = records.names, records.main
        self.records = records
        size = np.where(rows >= 0, names.sizes[rows], 0)
        self.size = np.minimum(size, names.rows.shape[1])
        blank = np.array([not value for value in names.key_values], dtype=bool)
        units = np.where((rows >= 0)[:, None], names.rows[rows], NOTHING)
        self.units = np.where(units >= 0, names.keys[units], NOTHING)
        self.given = np.where((self.units[:, 0] >= 0) & ~blank[self.units[:, 0]], self.units[:, 0], NOTHING)
        self.family = np.where(self.size > 1, self.units[np.arange(len(size)), np.maximum(self.size, 1) - 1], NOTHING)
        births, born = records.birth_values.columns, records.births
        self.known = _looked_up(births["known"], born, 0) > 0
        self.day = _looked_up(births["ordinal"], born, NOTHING)
        self.year = _looked_up(births["first"], born, NOTHING)
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


def _of(rule: str, held: Flags, *facts: npt.NDArray[np.integer]) -> Keyed:
    places = np.flatnonzero(held)
    return Keyed(rule, _mixed(rule, *(fact[places] for fact in facts)), places)


def _exact(facts: Facts) -> Iterator[Keyed]:
    records = facts.records
    yield _of("id", records.id >= 0, records.id)
    for rule, fact in (("phone_given", facts.given), ("phone_year", facts.year)):
        for phone in records.phones.T[:2]:
            yield _of(rule, (phone >= 0) & (fact >= 0), phone, fact)
    named = (records.household >= 0) & (facts.size > 0)
    yield _of("household_given", named, records.household, facts.units[:, 0])


def _birth(facts: Facts) -> Iterator[Keyed]:
    known = facts.known & (facts.size > 0)
    yield _of("day_given", known & (facts.given >= 0), facts.day, facts.given)
    yield _of("day_family", known & (facts.size > 1), facts.day, facts.family)
    yield _of("day_father", known & (facts.size > 2), facts.day, facts.units[:, 1])


def _dated_names(facts: Facts) -> Iterator[Keyed]:
    places = np.flatnonzero((facts.year >= 0) & (facts.size > 1) & (facts.given >= 0))
    given, family, year = facts.given[places], facts.family[places], facts.year[places]
    place = facts.narrowed(facts.sharers(family, given) / PAIRS_OF_YEARS, places)
    yield Keyed("given_family_even", _mixed("even", given, family, year // 2, place), places)
    yield Keyed("given_family_odd", _mixed("odd", given, family, (year + 1) // 2, place), places)
    zoned = np.zeros(len(facts.size), dtype=bool)
    zoned[places] = facts.zones[places, 0] >= 0
    yield _of("given_father_year", zoned, facts.given, facts.units[:, 1], facts.year, facts.governorate())


def _undated_names(facts: Facts) -> Iterator[Keyed]:
    named = (facts.size > 1) & (facts.given >= 0)
    district = facts.zones[:, DISTRICT - 1]
    yield _of("given_family_district", named & (district >= 0), facts.given, facts.family, district)
    for which in range(1, 1 + FOREBEARS):
        places = np.flatnonzero(named & (facts.size > which + 1))
        given, forebear, family = facts.given[places], facts.units[places, which], facts.family[places]
        place = facts.narrowed(facts.sharers(family, given, forebear), places)
        yield Keyed("given_forebear_family", _mixed("forebear", given, forebear, family, place), places)
    many = named & (facts.size > 2)
    ordered = np.sort(facts.units, axis=1)
    yield _of("all_names", many, *ordered.T, facts.governorate())


def wide(facts: Facts) -> Iterator[Keyed]:
    """Keys of fewer facts than an index could afford, for records that agree on little: the batch refines them.

    A given name with any other unit; any three units, in whatever order; two forebears or a forebear and the
    family in one year; a day, a phone, a household or an address alone; a district in one year.
    """
    records, units, year = facts.records, facts.units, facts.year
    named, width = facts.given >= 0, units.shape[1]
    for which in range(1, width):
        yield _of("given_and_unit", named & (units[:, which] >= 0), facts.given, units[:, which])
    for one, two, three in combinations(range(width), 3):
        chosen = np.sort(units[:, [one, two, three]], axis=1)
        yield _of("three_units", chosen[:, 0] >= 0, *chosen.T)
    for one, two in combinations(range(1, width), 2):
        chosen = np.sort(units[:, [one, two]], axis=1)
        yield _of("two_forebears_year", (chosen[:, 0] >= 0) & (year >= 0), *chosen.T, year)
    yield _of("day", facts.known, facts.day)
    for phone in records.phones.T:
        yield _of("phone", phone >= 0, phone)
    yield _of("household", records.household >= 0, records.household)
    yield _of("address", records.address >= 0, records.address)
    district = facts.zones[:, DISTRICT - 1]
    yield _of("district_year", (district >= 0) & (year >= 0), district, year)


def narrowly(records: Records, largest: int = LARGEST_BLOCK) -> Blocked:
    """The pairs that share one of the engine's own keys: what the online match would compare, and training learns from.

    largest: records that a block may hold before it is refined. At most largest x keys / 2 pairs a record, whatever
    the data. Memory: eight bytes a pair and rule.
    """
    facts = Facts(records)
    return _blocked(facts, keyed(facts), largest)


def widely(records: Records, largest: int = LARGEST_WIDE) -> Blocked:
    """The pairs that share a wide key; bounds as for `narrowly`."""
    facts = Facts(records)
    return _blocked(facts, wide(facts), largest)


def _blocked(facts: Facts, rules: Iterator[Keyed], most: int) -> Blocked:
    size, found = len(facts.records), dict[str, int]()
    codes, refined, left_out = [np.zeros(0, dtype=np.int64)], 0, 0
    for rule in _joined(rules):
        small, large = _split(rule, most)
        pairs = [_pairs(small, size)]
        for finer in _refined(large, facts):
            kept, rest = _split(finer, most)
            pairs.append(_pairs(kept, size))
            left_out += len(distinct(rest.keys))
        refined += len(distinct(large.keys))
        found[rule.rule] = sum(map(len, pairs))
        codes.extend(pairs)
    return Blocked(distinct(np.concatenate(codes)), size, found, refined, left_out)


def _joined(several: Iterator[Keyed]) -> Iterator[Keyed]:
    """One Keyed a rule; a rule's keys come one after another."""
    for rule, group in groupby(several, key=lambda keyed: keyed.rule):
        keys, places = zip(*((keyed.keys, keyed.places) for keyed in group), strict=True)
        yield Keyed(rule, np.concatenate(keys), np.concatenate(places))


def _split(keyed: Keyed, largest: int) -> tuple[Keyed, Keyed]:
    """Those whose key a few records hold, sorted by key; those whose key too many do. Keys held once are gone."""
    order = np.argsort(keyed.keys)
    keys, places = keyed.keys[order], keyed.places[order]
    starts = (
        np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, dtype=np.int64)
    )
    sizes = np.diff(np.append(starts, len(keys)))
    of_each = np.repeat(sizes, sizes)
    small, large = (of_each > 1) & (of_each <= largest), of_each > largest
    return Keyed(keyed.rule, keys[small], places[small]), Keyed(keyed.rule, keys[large], places[large])


def _refined(large: Keyed, facts: Facts) -> Iterator[Keyed]:
    """The same records under the same keys, each time with one more fact: place, year, or any unit of the name."""
    further = [facts.zones[:, DISTRICT - 1], facts.year, *facts.units.T]
    for place, fact in enumerate(further):
        held = fact[large.places] >= 0
        places = large.places[held]
        if len(places):
            yield Keyed(large.rule, _mix(large.keys[held], fact[places].astype(np.int64) * 4 + min(place, 2)), places)


def _pairs(blocks: Keyed, size: int) -> Ints:
    """left * size + right of every two different records of a block, left < right, each once."""
    keys, places = blocks.keys, blocks.places
    codes = []
    step = 1
    while True:
        same = np.flatnonzero(keys[step:] == keys[:-step]) if step < len(keys) else np.zeros(0, dtype=np.int64)
        if not len(same):
            break
        a, b = places[same], places[same + step]
        codes.append((np.minimum(a, b) * size + np.maximum(a, b))[a != b])
        step += 1
    return distinct(np.concatenate(codes)) if codes else np.zeros(0, dtype=np.int64)


def together(records: Records, largest: int = 40) -> Ints:
    """left * records + right of every pair that shares a phone or a household; larger groups are left out."""
    facts = [*records.phones.T, records.household]
    groups = [_of(str(min(place, 1)), fact >= 0, fact) for place, fact in enumerate(facts)]
    return distinct(np.concatenate([_pairs(_split(group, largest)[0], len(records)) for group in groups]))
