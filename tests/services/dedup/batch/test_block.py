"""Blocks that are too large are refined, and none becomes a square of the file."""

import numpy as np
import pyarrow as pa

from services.dedup.batch.block import narrowly, widely
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.records import Records


def records_of(size: int, **typed: list[str | None]) -> Records:
    columns = {field: pa.chunked_array([pa.array(values, pa.string())]) for field, values in typed.items()}
    return normalise_columns(columns, np.zeros(size, dtype=np.int32))


def test_one_name_repeated_is_no_quadratic_block() -> None:
    size = 20_000
    found = narrowly(records_of(size, full_name=["محمد أحمد علي"] * size))
    assert len(found.codes) == 0
    assert found.left_out > 0


def test_holders_of_a_hot_key_meet_where_they_share_a_further_fact() -> None:
    size = 400
    phones = [f"05{place // 2:08d}" for place in range(size)]
    found = widely(records_of(size, full_name=["محمد علي"] * size, phone=phones))
    assert found.refined > 0
    assert set(zip(*(side.tolist() for side in found.pairs), strict=True)) >= {(p, p + 1) for p in range(0, size, 2)}


def test_records_with_nothing_typed_meet_nobody() -> None:
    found = narrowly(records_of(500, full_name=[None] * 500)) | widely(records_of(500, full_name=[None] * 500))
    assert len(found.codes) == 0


def test_a_pair_that_shares_many_keys_is_proposed_once(records: Records) -> None:
    found = narrowly(records)
    left, right = found.pairs
    assert len(np.unique(found.codes)) == len(found.codes)
    assert (left < right).all()
