"""Files of a linkage, whatever the record ids are kept in and however many parts they are written in."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from services.cli.link import write
from services.dedup.batch.link import Linked
from services.dedup.batch.records import Records

IDS = [f"r{n}" for n in range(7)]
ARROW = {
    "list": IDS,
    "array": pa.array(IDS),
    "large": pa.array(IDS, pa.large_string()),
    "chunks": pa.chunked_array([IDS]),
}


def found(pairs: int) -> Linked:
    rng = np.random.default_rng(4)
    places = rng.integers(0, 7, (2, pairs))
    bits = rng.random((pairs, len(write.EVIDENCE))).astype(np.float32)
    scored = SimpleNamespace(left=places[0], right=places[1], probability=rng.random(pairs), evidence=bits)
    return cast(Linked, SimpleNamespace(pairs=scored, clusters=np.array([0, 0, 2, 2, 0, 5, 2])))


@pytest.mark.parametrize("kept_in", ARROW)
def test_clusters_bear_the_id_of_their_first_record(
    kept_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "_AT_A_TIME", 3)
    records = cast(Records, SimpleNamespace(ids=cast(Any, ARROW[kept_in]), mapped=(), rows=np.asarray))
    write.write_clusters(tmp_path / "clusters.csv", records, found(0))
    table = pyarrow.csv.read_csv(tmp_path / "clusters.csv").to_pydict()
    assert table == {"record_id": IDS, "cluster_id": ["r0", "r0", "r2", "r2", "r0", "r5", "r2"]}


@pytest.mark.parametrize("kept_in", ARROW)
def test_pairs_come_with_their_evidence_the_likeliest_first(
    kept_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "_AT_A_TIME", 3)
    records, linked = (
        cast(Records, SimpleNamespace(ids=cast(Any, ARROW[kept_in]), mapped=(), rows=np.asarray)),
        found(8),
    )
    write.write_pairs(tmp_path / "pairs.parquet", records, linked)
    rows = pyarrow.parquet.read_table(tmp_path / "pairs.parquet").to_pylist()
    expected = sorted(zip(linked.pairs.probability, linked.pairs.left, linked.pairs.right, strict=True), reverse=True)
    assert [(row["probability"], row["record_id_l"], row["record_id_r"]) for row in rows] == [
        (p, IDS[a], IDS[b]) for p, a, b in expected
    ]
    likeliest = linked.pairs.evidence[np.argmax(linked.pairs.probability)]
    assert [rows[0][f"bits_{name}"] for name in write.EVIDENCE] == likeliest.tolist()


def test_no_pairs_make_a_file_with_headings(tmp_path: Path) -> None:
    records = cast(Records, SimpleNamespace(ids=IDS, mapped=(), rows=np.asarray))
    write.write_pairs(tmp_path / "pairs.parquet", records, found(0))
    assert pyarrow.parquet.read_table(tmp_path / "pairs.parquet").num_rows == 0
