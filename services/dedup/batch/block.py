"""Pairs worth comparing: records that share a key.

A key that too many records hold is not dropped but refined: its holders meet where they also share a
further fact. What even that leaves too large is left out, and counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from services.dedup.batch.coded import Ints, distinct
from services.dedup.batch.keys import Facts, Keyed, keyed, mix, of, wide
from services.dedup.batch.records import Records
from services.dedup.engine.block import DISTRICT

LARGEST_BLOCK = 50
LARGEST_WIDE = 6


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
            yield Keyed(large.rule, mix(large.keys[held], fact[places].astype(np.int64) * 4 + min(place, 2)), places)


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
    groups = [of(str(min(place, 1)), fact >= 0, fact) for place, fact in enumerate(facts)]
    return distinct(np.concatenate([_pairs(_split(group, largest)[0], len(records)) for group in groups]))
