"""Which facts of mapped columns bring records together: a key is a fact that few share, or two that few share both."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple, cast

import numpy as np

from services.dedup.batch.coded import NOTHING, Codes, gather
from services.dedup.batch.mapped import Mapped
from services.dedup.batch.mapped_values import Day

ALONE = 50.0
"""A fact that a record shares with more others than this, on average, is no key by itself."""
TOGETHER = 500.0
"""Nor are two facts that so many would share if they had nothing to do with one another."""
MOST_COLUMNS = 6
"""Columns that are crossed with one another and with other facts: those whose values tell most apart."""


class Fact(NamedTuple):
    """What a column says of each record, NOTHING where it says nothing. rule: facts of one rule agree with each other
    across columns of codes, as the first rare word of one text may be the second of another."""

    rule: str
    codes: Codes


class WideKey(NamedTuple):
    """Records that agree on all the facts share the key; one that lacks any of them holds none."""

    rule: str
    facts: tuple[Codes, ...]


def facts(mapped: Mapped) -> list[Fact]:
    """The value; of a text also its two rarest words that other records have too; of a date also its year."""
    found = [Fact(mapped.name, mapped.codes)]
    if mapped.kind == "text":
        first, second = _rare_words(mapped)
        found += [Fact(f"{mapped.name} word", first), Fact(f"{mapped.name} word", second)]
    elif mapped.kind == "date":
        years = np.array([date.fromordinal(day.ordinal).year for day in cast(Sequence[Day], mapped.values)], np.int32)
        found.append(Fact(f"{mapped.name} year", gather(years, mapped.codes)))
    return found


def wide_keys(columns: Sequence[Mapped], others: Mapping[str, Codes]) -> Iterator[WideKey]:
    """Keys of one fact or two; those of one rule come one after another. A rule may come with several pairs of facts.

    others: facts that are not of mapped columns, such as a given name's or a year's code, by name.
    Cost: for c columns and o other facts at most 3 c (1 + o) + 9 c (c - 1) / 2 keys a record, c at most MOST_COLUMNS.
    Blocks may be larger than ALONE says, as that is of an average: the caller refines or leaves out what is too large.
    """
    by_column = [facts(mapped) for mapped in sorted(columns, key=lambda each: (sharers(each.codes), each.name))]
    for of_column in by_column:
        yield from (WideKey(fact.rule, (fact.codes,)) for fact in of_column if 0 < sharers(fact.codes) <= ALONE)
    crossed = by_column[:MOST_COLUMNS]
    pairs = [(fact, other) for one, two in combinations(crossed, 2) for fact in one for other in two]
    pairs += [(fact, Fact(name, codes)) for column in crossed for fact in column for name, codes in others.items()]
    rules: dict[str, list[WideKey]] = {}
    for fact, other in pairs:
        expected = sharers(fact.codes) * sharers(other.codes) / max(1, len(fact.codes))
        if 0 < expected <= TOGETHER:
            rule = f"{fact.rule} + {other.rule}"
            rules.setdefault(rule, []).append(WideKey(rule, (fact.codes, other.codes)))
    for keys in rules.values():
        yield from keys


def sharers(codes: Codes) -> float:
    """With how many records, itself included, a record that has the fact shares it, on average; 0 if none has it."""
    held = np.bincount(codes[codes >= 0]).astype(np.float64)
    return float((held * held).sum() / held.sum()) if held.size else 0.0


def _rare_words(mapped: Mapped) -> tuple[Codes, Codes]:
    """The rarest word of each record's text, and the next; of equally rare ones the first in order of letters."""
    values = [sorted(set(value.split())) for value in cast(Sequence[str], mapped.values)]
    times = np.bincount(mapped.codes[mapped.codes >= 0], minlength=len(values)).tolist()
    held: Counter[str] = Counter()
    for words, records in zip(values, times, strict=True):
        for word in words:
            held[word] += records
    place = {word: code for code, word in enumerate(sorted(word for word, records in held.items() if records > 1))}
    table = np.full((len(values), 2), NOTHING, dtype=np.int32)
    for row, words in enumerate(values):
        rarest = sorted((word for word in words if word in place), key=lambda word: (held[word], word))[:2]
        table[row, : len(rarest)] = [place[word] for word in rarest]
    first, second = (gather(table[:, column], mapped.codes) for column in (0, 1))
    return first, second
