"""Which records are worth comparing: those that share a narrow key.

Each key joins enough facts that few people share it even in a national register; a pair of
records of one person has several chances to share one, whatever single field is wrong.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from services.dedup.engine.commonness import sharers
from services.dedup.engine.record import Record

RULES = 2
"""The version of these keys, `sharers` and the names' keys: raise it with any change, and the index is rebuilt."""
GOVERNORATE, DISTRICT = 3, 4
FOREBEARS = 3
# Births spread over some thirty pairs of years. A key that more than FEW of a million records
# would hold takes the governorate in, one that more than MANY would hold the district.
PAIRS_OF_YEARS = 30
FEW, MANY = 3.0, 60.0


class BlockingKey(NamedTuple):
    """A fact that two records may share: its 64-bit hash (signed), and the rule that made it."""

    hash: int
    rule: str


def _key(rule: str, *facts: object) -> BlockingKey:
    digest = blake2b(repr((rule, facts)).encode(), digest_size=8).digest()
    return BlockingKey(int.from_bytes(digest, "big", signed=True), rule)


def _governorate(record: Record) -> str | None:
    """The governorate, or the deepest known above it."""
    return record.zone_path[:GOVERNORATE][-1] if record.zone_path else None


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
    day, keys = record.birth.day, record.keys
    if keys[0]:
        yield _key("day_given", day, keys[0])
    if len(keys) > 1:
        yield _key("day_family", day, keys[-1])
    if len(keys) > 2:
        yield _key("day_father", day, keys[1])


def _narrowed(record: Record, expected: float) -> str | None:
    """The place that a key of names needs, so that few hold it; None for names rare enough."""
    if expected <= FEW:
        return None
    depth = GOVERNORATE if expected <= MANY else DISTRICT
    return record.zone_path[depth - 1] if len(record.zone_path) >= depth else "?"


def _dated_name_keys(record: Record) -> Iterator[BlockingKey]:
    """Names with the birth year, in two overlapping pairs of years: a year off still meets."""
    keys, year = record.keys, record.birth.first if record.birth else None
    if year is None or len(keys) < 2 or not keys[0]:
        return
    place = _narrowed(record, sharers(keys[:1], keys[-1]) / PAIRS_OF_YEARS)
    yield _key("given_family_even", keys[0], keys[-1], year // 2, place)
    yield _key("given_family_odd", keys[0], keys[-1], (year + 1) // 2, place)
    if record.zone_path:
        yield _key("given_father_year", keys[0], keys[1], year, _governorate(record))


def _undated_name_keys(record: Record) -> Iterator[BlockingKey]:
    """Names for where no birth date was typed; any one forebear may be missing on either side."""
    keys = record.keys
    if len(keys) < 2 or not keys[0]:
        return
    if len(record.zone_path) >= DISTRICT:
        yield _key("given_family_district", keys[0], keys[-1], record.zone_path[DISTRICT - 1])
    for forebear in keys[1:-1][:FOREBEARS]:
        place = _narrowed(record, sharers((keys[0], forebear), keys[-1]))
        yield _key("given_forebear_family", keys[0], forebear, keys[-1], place)
    if len(keys) > 2:
        yield _key("all_names", *sorted(keys), _governorate(record))


def _household_keys(record: Record) -> Iterator[BlockingKey]:
    if record.household and record.keys:
        yield _key("household_given", record.household, record.keys[0])


def blocking_keys(record: Record) -> tuple[BlockingKey, ...]:
    """The keys under which `record` is found, each once; at most eighteen, mostly ten or eleven."""
    keys = (
        *_identity_keys(record),
        *_phone_keys(record),
        *_birth_keys(record),
        *_dated_name_keys(record),
        *_undated_name_keys(record),
        *_household_keys(record),
    )
    return tuple(dict.fromkeys(keys))
