"""Blocks that are too large are refined, and none becomes a square of the file."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from services.dedup.batch import store
from services.dedup.batch.block import Blocked, block
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.records import Records


def records_of(size: int, **typed: list[str | None]) -> Records:
    columns = {field: pa.chunked_array([pa.array(values, pa.string())]) for field, values in typed.items()}
    return normalise_columns(columns, np.zeros(size, dtype=np.int32))


def pairs_of(found: Blocked) -> set[tuple[int, int]]:
    codes = np.concatenate([found.pairs.part(part) for part in range(found.pairs.parts)])
    return set(zip(*(side.tolist() for side in np.divmod(codes, found.pairs.size)), strict=True))


def test_one_name_repeated_is_no_quadratic_block() -> None:
    size = 20_000
    found = block(records_of(size, full_name=["محمد أحمد علي"] * size))
    assert not pairs_of(found)
    assert found.left_out > 0


def test_holders_of_a_hot_key_meet_where_they_share_a_further_fact() -> None:
    size = 400
    phones = [f"05{place // 2:08d}" for place in range(size)]
    found = block(records_of(size, full_name=["محمد علي"] * size, phone=phones), largest=0)
    assert found.refined > 0
    assert pairs_of(found) >= {(p, p + 1) for p in range(0, size, 2)}


def test_records_with_nothing_typed_meet_nobody() -> None:
    assert not pairs_of(block(records_of(500, full_name=[None] * 500)))


def test_a_pair_that_shares_many_keys_is_proposed_once(records: Records) -> None:
    codes = block(records).pairs.part(0)
    left, right = np.divmod(codes, len(records))
    assert len(np.unique(codes)) == len(codes)
    assert (left < right).all()


def test_pairs_that_memory_does_not_hold_go_to_disk_and_come_back(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(store, "RECORDS_A_PART", 100)
    codes = [np.sort(np.random.default_rng(seed).integers(0, 1_000 * 1_000, 5_000)) for seed in range(4)]
    held, spilled = store.PairStore(1_000, None), store.PairStore(1_000, tmp_path, in_memory=6_000)
    for each in codes:
        held.add(each)
        spilled.add(each)
    assert list(tmp_path.iterdir())
    assert held.parts == spilled.parts == 10
    for part in range(10):
        assert (held.part(part) == spilled.part(part)).all()
    assert sum(len(held.part(part)) for part in range(10)) == len(np.unique(np.concatenate(codes)))
    spilled.clear()
    assert not list(tmp_path.iterdir())
