"""Pairs worth comparing, as `batch.block` finds them: keys of ranges of records, blocks by key, pairs by left record.

Rows travel as numpy arrays, of one task for another in one piece; Spark only deals them out and spills them to disk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pyspark import RDD, SparkContext, StorageLevel

from services.dedup.batch.block import (
    LARGEST_BLOCK,
    LARGEST_WIDE,
    SAMPLED,
    Blocked,
    Found,
    _place_bits,
    _proposed,
    sampled_from,
)
from services.dedup.batch.coded import Ints, distinct
from services.dedup.batch.keys import Facts, Keyed, Keys, keyed, wide
from services.dedup.batch.records import Records
from services.dedup.batch.store import PairStore
from services.dedup.spark.ship import opened, ship

RECORDS_A_TASK = 100_000
"""Of some tens of keys each: about 100 MB in a task."""


@dataclass(frozen=True)
class Plan:
    """What tasks block by. rules: their names, the first `narrow` of them narrow; after the `own` first ones those of
    mapped columns, which may be called as one of ours is. crossed: the latter's keys.

    one_of: of so many pairs of narrow keys one is kept for training.
    """

    facts: Facts
    rules: tuple[str, ...]
    narrow: int
    own: int
    crossed: tuple[Keyed, ...]
    one_of: int
    tasks: int

    @property
    def size(self) -> int:
        return len(self.facts.records)

    @property
    def shift(self) -> np.uint64:
        """Bits of a key that `batch.block` has no room for; keys that differ in no others are one there, so here."""
        return np.uint64(_place_bits(self.size) + 1)


class Entries(NamedTuple):
    """Records under keys. rules: places in the plan's. keys: without the bits that the plan shifts out."""

    rules: npt.NDArray[np.int16]
    keys: Keys
    places: Ints


class Proposed(NamedTuple):
    """Pairs of one rule; where there are none, the blocks of a task that were too large, and stayed so."""

    rule: int
    codes: Ints
    refined: int = 0
    left_out: int = 0


class Part(NamedTuple):
    """The pairs of a range of left records in order, each once, what each rule found, and those kept for training."""

    codes: Ints
    rules: tuple[Found, ...]
    narrow: Ints


def block(context: SparkContext, records: Records, folder: Path) -> tuple[RDD[Part], Blocked]:
    """Parts of the pairs in order, held on the executors' disks; and what `batch.block` says of them."""
    made = plan(records, max(context.defaultParallelism, -(-len(records) // RECORDS_A_TASK)))
    name = ship(context, folder, made)
    ranges = list(pairwise(len(records) * task // made.tasks for task in range(made.tasks + 1)))
    entries = context.parallelize(ranges, made.tasks).flatMap(partial(_entries, name)).partitionBy(made.tasks)
    pairs = entries.mapPartitions(partial(_pairs, name)).partitionBy(made.tasks)
    parts = pairs.mapPartitions(partial(_part, name)).persist(StorageLevel.DISK_ONLY)
    told = parts.map(_told).collect()
    found = (
        Found(*map(sum, zip(*of_rule, strict=True))) for of_rule in zip(*(rules for rules, _ in told), strict=True)
    )
    narrow = np.concatenate([codes for _, codes in told])
    return parts, Blocked(PairStore(len(records), None), dict(zip(made.rules, found, strict=True)), narrow, made.one_of)


def plan(records: Records, tasks: int) -> Plan:
    facts = Facts(replace(records, mapped=()))
    nobody = Facts(_rows(facts.records, 0, 0))
    narrow, others = list(keyed(nobody)), list(wide(nobody))
    own = list(dict.fromkeys(each.rule for each in (*narrow, *others)))
    crossed = tuple(islice(wide(Facts(records)), len(others), None)) if records.mapped else ()
    rules = (*own, *dict.fromkeys(each.rule for each in crossed))
    one_of = max(1, 12 * len(records) // SAMPLED)
    return Plan(facts, rules, len({each.rule for each in narrow}), len(own), crossed, one_of, tasks)


def _rows(records: Records, start: int, end: int) -> Records:
    """The records from `start` up to `end`, their codes as they are. Whatever is an array is of one row a record."""
    columns = ((field.name, getattr(records, field.name)) for field in fields(records))
    cut: dict[str, Any] = {name: column[start:end] for name, column in columns if isinstance(column, np.ndarray)}
    return replace(records, ids=records.ids[start:end], **cut)


def _entries(name: str, records: tuple[int, int]) -> Iterator[tuple[int, Entries]]:
    """What the records hold, for the tasks that their keys fall to."""
    made: Plan = opened(name)
    rules, keys, places = [], [], []
    for number, each in _keys(made, *records):
        rules.append(np.full(len(each.keys), number, dtype=np.int16))
        keys.append(each.keys >> made.shift)
        places.append(each.places)
    found = Entries(np.concatenate(rules), np.concatenate(keys), np.concatenate(places))
    task = (found.keys % np.uint64(made.tasks)).astype(np.int64)
    order = np.argsort(task, kind="stable")
    ends = np.cumsum(np.bincount(task, minlength=made.tasks))[:-1]
    for target, which in enumerate(np.split(order, ends)):
        if len(which):
            yield target, Entries(found.rules[which], found.keys[which], found.places[which])


def _keys(made: Plan, start: int, end: int) -> Iterator[tuple[int, Keyed]]:
    """Each with its rule's place in the plan."""
    facts = Facts(_rows(made.facts.records, start, end))
    for each in chain(keyed(facts), wide(facts)):
        yield made.rules.index(each.rule), each._replace(places=each.places + start)
    for each in made.crossed:
        low, high = np.searchsorted(each.places, (start, end))  # they are in order
        rule = made.rules.index(each.rule, made.own)
        yield rule, Keyed(each.rule, each.keys[low:high], each.places[low:high])


def _pairs(name: str, dealt: Iterable[tuple[int, Entries]]) -> Iterator[tuple[int, Proposed]]:
    """The pairs of a task's blocks, for the tasks that their left records fall to."""
    made: Plan = opened(name)
    chunks = [entries for _, entries in dealt]
    if not chunks:
        return
    found = Entries(*(np.concatenate(columns) for columns in zip(*chunks, strict=True)))
    edges = np.array([made.size * task // made.tasks for task in range(1, made.tasks)], dtype=np.int64) * made.size
    for number in distinct(found.rules).tolist():
        which = found.rules == number
        rule = Keyed(made.rules[number], found.keys[which] << made.shift, found.places[which])
        codes, of_rule = _proposed(rule, made.facts, LARGEST_BLOCK if number < made.narrow else LARGEST_WIDE)
        yield 0, Proposed(number, codes[:0], of_rule.refined, of_rule.left_out)
        for target, part in enumerate(np.split(codes, np.searchsorted(codes, edges))):
            if len(part):
                yield target, Proposed(number, part)


def _part(name: str, dealt: Iterable[tuple[int, Proposed]]) -> Iterator[Part]:
    made: Plan = opened(name)
    by_rule: list[list[Proposed]] = [
        [Proposed(number, np.zeros(0, dtype=np.int64))] for number in range(len(made.rules))
    ]
    for _, proposed in dealt:
        by_rule[proposed.rule].append(proposed)
    codes = [distinct(np.concatenate([each.codes for each in rule])) for rule in by_rule]
    found = (Found(len(of_rule), sum(each.refined for each in rule), sum(each.left_out for each in rule))
             for of_rule, rule in zip(codes, by_rule, strict=True))  # fmt: skip
    narrow = sampled_from(distinct(np.concatenate(codes[: made.narrow])), made.one_of)
    yield Part(distinct(np.concatenate(codes)), tuple(found), narrow)


def _told(part: Part) -> tuple[tuple[Found, ...], Ints]:
    return part.rules, part.narrow
