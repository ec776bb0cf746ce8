"""Which records are worth comparing: those that share a narrow key.

Each key joins enough facts that few people share it even in a national register; a pair of
records of one person has several chances to share one, whatever single field is wrong.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from services.dedup.engine.record import Record


class BlockingKey(NamedTuple):
    """A fact that two records may share: its 64-bit hash (signed), and the rule that made it."""

    hash: int
    rule: str


def _key(rule: str, *facts: object) -> BlockingKey:
    digest = blake2b(repr((rule, facts)).encode(), digest_size=8).digest()
    return BlockingKey(int.from_bytes(digest, "big", signed=True), rule)


def _place(record: Record) -> str | None:
    """The governorate: the third level of the zone path, or the deepest known above it."""
    return record.zone_path[:3][-1] if record.zone_path else None


def _identity_keys(record: Record) -> Iterator[BlockingKey]:
    if record.id_token:
        yield _key("id", record.id_token)


def _phone_keys(record: Record) -> Iterator[BlockingKey]:
    for phone in record.phones[:2]:
        if record.keys and record.keys[0]:
            yield _key("phone_given", phone, record.keys[0])
        if record.birth:
            yield _key("phone_year", phone, record.birth.first)


def _birth_keys(record: Record) -> Iterator[BlockingKey]:
    if record.birth is None or not record.birth.known or not record.keys:
        return
    if record.keys[0]:
        yield _key("day_given", record.birth.day, record.keys[0])
    if len(record.keys) > 1:
        yield _key("day_father", record.birth.day, record.keys[1])


def _name_keys(record: Record) -> Iterator[BlockingKey]:
    """Names with the birth year, in two overlapping pairs of years: a year off still meets."""
    keys = record.keys
    if len(keys) < 2 or not keys[0]:
        return
    given, father, family = keys[0], keys[1], keys[-1]
    place = _place(record)
    if record.birth:
        year = record.birth.first
        yield _key("given_family_even", given, family, year // 2)
        yield _key("given_family_odd", given, family, (year + 1) // 2)
        if place:
            yield _key("given_father_year", given, father, year, place)
    if len(keys) > 2:
        yield _key("given_father_family", given, father, family)
        yield _key("all_names", *sorted(keys), place)


def _household_keys(record: Record) -> Iterator[BlockingKey]:
    if record.household and record.keys:
        yield _key("household_given", record.household, record.keys[0])


def blocking_keys(record: Record) -> tuple[BlockingKey, ...]:
    """The keys under which `record` is found, each once; at most fourteen, mostly nine."""
    keys = (
        *_identity_keys(record),
        *_phone_keys(record),
        *_birth_keys(record),
        *_name_keys(record),
        *_household_keys(record),
    )
    return tuple(dict.fromkeys(keys))
