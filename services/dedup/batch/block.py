"""Pairs worth comparing: records that share a key.

A key that too many records hold is not dropped but refined: its holders meet where they also share a
further fact. What even that leaves too large is left out, and counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Ints, distinct
from services.dedup.batch.kernel import blocks as kernel
from services.dedup.batch.keys import RULES, Facts, Keyed, Keys, hashed, keyed, lineage, mix, of, wide
from services.dedup.batch.records import Records
from services.dedup.batch.store import PairStore
from services.dedup.batch.threads import each
from services.dedup.engine.block import DISTRICT

LARGEST_BLOCK = 50
LARGEST_WIDE = 6
LARGEST_FAMILY = 40
SAMPLED = 4_000_000
"""About so many pairs of narrow keys are kept for training, chosen by a hash of the pair."""


class Found(NamedTuple):
    """Of one rule: pairs; blocks that were too large at first, and those that stayed so."""

    pairs: int
    refined: int
    left_out: int


@dataclass(frozen=True)
class Blocked:
    """pairs: of all rules. rules: what each found.

    narrow: codes of pairs of narrow keys, of which one of `one_of`.
    """

    pairs: PairStore
    rules: dict[str, Found]
    narrow: Ints
    one_of: int

    @property
    def refined(self) -> int:
        return sum(found.refined for found in self.rules.values())

    @property
    def left_out(self) -> int:
        return sum(found.left_out for found in self.rules.values())

    def mark(self) -> bytes:
        """The same for the same pairs, and hardly for others."""
        found = repr((self.pairs.size, sorted(self.rules.items())))
        return found.encode() + sha256(self.narrow.tobytes()).digest()


def _untold(done: float) -> None:
    pass


def block(
    records: Records, folder: Path | None = None, tell: Callable[[float], None] = _untold,
    largest: int = LARGEST_BLOCK, largest_wide: int = LARGEST_WIDE,
) -> Blocked:  # fmt: skip
    """Every pair that shares a narrow or a wide key.

    folder: for what memory does not hold. largest, largest_wide: records that a block may have before it is refined;
    0 to leave these keys out. At most largest x keys / 2 pairs a record, whatever the data.
    """
    facts, store = Facts(records), PairStore(len(records), folder)
    one_of = max(1, 12 * len(records) // SAMPLED)
    narrow = [np.zeros(0, dtype=np.int64)]

    def propose(job: tuple[Keyed, int, bool]) -> tuple[str, Found]:
        rule, most, is_narrow = job
        codes, found = _proposed(rule, facts, most)
        store.add(codes)
        if is_narrow:
            narrow.append(sampled_from(codes, one_of))
        return rule.rule, found

    rules: dict[str, Found] = {}
    jobs = ((rule, largest, True) for rule in _joined(keyed(facts)) if largest)
    wider = ((rule, largest_wide, False) for rule in _joined(wide(facts)) if largest_wide)
    for rules_jobs in (jobs, wider):
        for rule, found in each(propose, rules_jobs):
            rules[rule] = found
            tell(min(1.0, len(rules) / RULES))
    return Blocked(store, rules, distinct(np.concatenate(narrow)), one_of)


def sampled_from(codes: Ints, one_of: int) -> Ints:
    """One of so many codes, always the same ones."""
    return codes if one_of == 1 else codes[hashed("sample", codes) % np.uint64(one_of) == 0]


def _joined(several: Iterator[Keyed]) -> Iterator[Keyed]:
    """One Keyed a rule; a rule's keys come one after another."""
    for rule, group in groupby(several, key=lambda keyed: keyed.rule):
        keys, places = zip(*((keyed.keys, keyed.places) for keyed in group), strict=True)
        yield (
            Keyed(rule, np.concatenate(keys), np.concatenate(places))
            if len(keys) > 1
            else Keyed(rule, keys[0], places[0])
        )


def _proposed(rule: Keyed, facts: Facts, most: int) -> tuple[Ints, Found]:
    """The codes of a rule's pairs in order, each once."""
    size = len(facts.records)
    pairs, large, refined = _blocks(rule.keys, rule.places, size, most)
    found, left_out = [pairs], 0
    if len(large):
        bits = _place_bits(size)
        keys, places = (large >> bits).astype(np.uint64), large & ((1 << bits) - 1)
        for finer in _refined(keys, places, facts):
            pairs, _, rest = _blocks(*finer, size, most)
            found.append(pairs)
            left_out += rest
    codes = distinct(np.concatenate(found))
    return codes, Found(len(codes), refined, left_out)


def _place_bits(size: int) -> int:
    return max(1, (size - 1).bit_length())


def _blocks(keys: Keys, places: Ints, size: int, most: int) -> tuple[Ints, Ints, int]:
    """Pairs of the small blocks, entries of the large ones, and how many large ones there are.

    A key and its place share 63 bits: among ten million records two keys in 10 ** 11 are taken for one, which costs a
    comparison and no more.
    """
    bits = _place_bits(size)
    packed = (keys >> np.uint64(bits + 1)).astype(np.int64)
    packed <<= bits
    packed |= places
    packed.sort()
    count, entries, blocks = kernel.measure(packed, bits, most)
    pairs, large = np.empty(count, dtype=np.int64), np.empty(entries, dtype=np.int64)
    return pairs[: kernel.propose(packed, bits, most, size, pairs, large)], large, blocks


def _refined(keys: Keys, places: Ints, facts: Facts) -> Iterator[tuple[Keys, Ints]]:
    """The same records under the same keys, each time with one more fact: place, year, or any unit of the name."""
    for which, fact in enumerate((facts.zones[:, DISTRICT - 1], facts.year, *facts.units.T)):
        known = fact[places]
        held = known >= 0
        if held.any():
            yield mix(keys[held], known[held].astype(np.int64) * 4 + min(which, 2)), places[held]


def together(records: Records, largest: int = LARGEST_FAMILY) -> Ints:
    """left * records + right of pairs mostly of one family: they share a phone or a household, or in a file of neither
    a line of forebears rare enough in its place. Larger groups are left out."""
    facts, size = Facts(records), len(records)
    groups = [of("phone", phone >= 0, phone) for phone in records.phones.T]
    groups.append(of("household", records.household >= 0, records.household))
    if not any(len(group.places) for group in groups):
        groups = [lineage(facts)]
    return distinct(np.concatenate([_blocks(group.keys, group.places, size, largest)[0] for group in groups]))
