"""What is stored of a record says in what layout it is, and keys that change say so."""

from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.dedup.engine.block import RULES, blocking_keys
from services.dedup.engine.record import LAYOUT, Record, UnknownLayout

Make = Callable[..., Record]
FULL: dict[str, Any] = {
    "id_token": "a1" * 16,
    "id_near": ("b2" * 16, "c3" * 16),
    "birth": date(1985, 3, 14),
    "gender": "male",
    "phones": ("0501234567",),
    "zone_path": ("SA", "SA-02", "SA-02-02", "SA-02-02-1"),
    "address_text": "حي المطار",
    "household_ref": "F-1",
    "household_role": "head",
}
NAMES = (
    "محمد عبدالله أحمد الغامدي",
    "نورة سعد الدوسري",
    "Mohammed Al-Ghamdi",
    "أبو بكر نور الدين",
    "منى",
    "Mohd Saleh",
)
MADE_BY = {1: "021f7bff86036cdb", 2: "fb383a4774660ce0"}
"""RULES -> a digest of the keys that they make of the records below."""


@pytest.fixture
def full(record: Make) -> Record:
    return record(NAMES[0], **FULL)


def test_a_record_is_read_as_it_was_stored(full: Record, record: Make) -> None:
    assert Record.load(full.dump()) == full
    empty = record(None)
    assert Record.load(empty.dump()) == empty


def test_a_record_from_before_layouts_had_numbers_is_read(full: Record) -> None:
    assert Record.load(orjson.dumps(orjson.loads(full.dump())[1:])) == full


@pytest.mark.parametrize("changed", [[LAYOUT + 1, "x"], [LAYOUT, "x"], ["x"]])
def test_a_layout_of_another_version_is_refused_and_never_misread(changed: list[Any]) -> None:
    with pytest.raises(UnknownLayout, match="run the newer version"):
        Record.load(orjson.dumps(changed))


@pytest.mark.parametrize("stored", [b"{}", b"[]", b"7"])
def test_what_is_no_record_is_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="no record"):
        Record.load(stored)


def test_keys_only_change_with_the_number_of_their_rules(record: Make) -> None:
    """If this fails, stored records are no longer found: raise RULES and add its digest, and indexes are rebuilt."""
    records = [record(name, charity_id=UUID(int=7), **told) for name in NAMES for told in ({}, FULL)]
    keys = [key.hash for each in records for key in blocking_keys(each)]
    assert blake2b(repr(keys).encode(), digest_size=8).hexdigest() == MADE_BY[RULES]
