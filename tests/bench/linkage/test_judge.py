"""How the linkage bench judges clusters and pairs."""

from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.linkage.judge import Together, at_best, of_clusters

TRUTH = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2"}


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=8))
def test_pairs_counted_link_by_link_are_those_counted_over_all_records(links: list[tuple[str, str]]) -> None:
    together, group = Together(TRUTH), {record: record for record in TRUTH}
    for a, b in links:
        together.link(a, b)
        group = {record: group[a] if of == group[b] else of for record, of in group.items()}
    put = {pair for pair in combinations("abcde", 2) if group[pair[0]] == group[pair[1]]}
    true = {pair for pair in combinations("abcde", 2) if TRUTH[pair[0]] == TRUTH[pair[1]]}

    found = together.found()

    assert found.precision == (len(put & true) / len(put) if put else 1.0)
    assert found.recall == len(put & true) / len(true)


def test_clusters_are_read_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "clusters.csv"
    file.write_text("record_id,cluster_id\na,a\nb,a\nc,c\nd,a\ne,e\n", encoding="utf-8")

    found = of_clusters(file, TRUTH)

    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 4)


def test_the_best_threshold_is_where_a_weaker_link_would_join_two_persons(tmp_path: Path) -> None:
    pairs = pa.table(
        {"record_id_l": list("abcd"), "record_id_r": list("bcde"), "probability": [0.9, 0.8, 0.2, 0.7],
         "bits": [9.0, 8.0, 2.0, 7.0]}
    )  # fmt: skip
    pyarrow.parquet.write_table(pairs, tmp_path / "pairs.parquet")

    best = at_best(tmp_path / "pairs.parquet", TRUTH)

    assert (best.f1, best.threshold) == (1.0, 0.7)


def test_links_of_one_weight_are_taken_together(tmp_path: Path) -> None:
    pairs = pa.table(
        {"record_id_l": list("ac"), "record_id_r": list("bd"), "probability": [0.9, 0.9], "bits": [9.0, 9.0]}
    )
    pyarrow.parquet.write_table(pairs, tmp_path / "pairs.parquet")

    assert at_best(tmp_path / "pairs.parquet", {**TRUTH, "b": "3"}).f1 == 0.0


def test_no_record_is_counted_twice() -> None:
    together = Together(TRUTH)
    for link in ("ab", "ba", "ab"):
        together.link(*link)

    assert together.found().precision == 1.0
    assert together.found().recall == pytest.approx(1 / 4)
