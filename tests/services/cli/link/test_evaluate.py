"""`sijill evaluate`: what it counts, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.dedup.batch.link import THRESHOLD

# Three people; the first is found but for one record, the second is taken for the third once.
TRUTH = {"a1": "A", "a2": "A", "a3": "A", "b1": "B", "b2": "B", "c1": "C"}
CLUSTERS = {"a1": "1", "a2": "1", "a3": "2", "b1": "3", "b2": "3", "c1": "3"}
PAIRS = [("a1", "a2", 0.99), ("a3", "a1", 0.4), ("b1", "b2", 0.95), ("b2", "c1", 0.9), ("c1", "b1", 0.1)]
RECORDS = """record_id,full_name,full_name_latin,gender,national_id
a1,محمد الحربي,,ذكر,1000000008
a2,,Mohammed Al-Harbi,male,٢٠٠٠٠٠٠٠٠٦
a3,محمد الحربي,Mohammed,M,0000000000
b1,نورة سعد,,أنثى,
b2,,Noura Saad,female,لا يوجد
c1,,,,AB123456
"""


def sheet(path: Path, headings: str, rows: list[tuple[Any, ...]]) -> str:
    lines = [headings, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    return {
        "truth": sheet(tmp_path / "truth.csv", "record_id,person_id", list(TRUTH.items())),
        "clusters": sheet(tmp_path / "clusters.csv", "record_id,cluster_id", list(CLUSTERS.items())),
        "pairs": sheet(tmp_path / "pairs.csv", "record_id_l,record_id_r,probability", PAIRS),
        "records": str(tmp_path / "records.csv"),
        "json": str(tmp_path / "verdict.json"),
    }


def run(files: dict[str, str], *names: str, status: int = 0, more: tuple[str, ...] = ()) -> str:
    words = [word for name in ("truth", *names) for word in (f"--{name}", files[name])]
    result = CliRunner().invoke(app, ["evaluate", *words, *more])
    assert result.exit_code == status, result.output
    return result.output


def verdict(files: dict[str, str], *names: str, more: tuple[str, ...] = ()) -> Any:
    run(files, *names, "json", more=more)
    return json.loads(Path(files["json"]).read_bytes())


def test_clusters_are_judged_by_pairs_and_by_records(files: dict[str, str]) -> None:
    found = verdict(files, "clusters")
    assert (found["pairwise"]["found"], found["pairwise"]["true"]) == (4, 4)
    assert (found["pairwise"]["precision"], found["pairwise"]["recall"]) == (0.5, 0.5)
    assert found["b_cubed"]["precision"] == pytest.approx((1 + 1 + 1 + 2 / 3 + 2 / 3 + 1 / 3) / 6)
    assert found["pairs"] is None


def test_pairs_are_judged_for_completeness_calibration_and_precision(files: dict[str, str]) -> None:
    found = verdict(files, "pairs", more=("--above", "0.9", "--above", "0.99"))["pairs"]
    assert found["completeness"] == 0.75
    gaps = 0.3 + abs(0.99 + 0.95 + 0.9 - 2) / 3 * 3 + 0.6 - 0.2
    assert found["calibration_error"] == pytest.approx(gaps / 5)
    assert [(each["pairs"], each["right"]) for each in found["above"]] == [(3, 2), (1, 1)]
    assert found["above"][1]["precision_low"] == pytest.approx(1 / (1 + 1.96**2), rel=1e-3)


def test_pairs_alone_are_judged_by_what_they_join(files: dict[str, str]) -> None:
    found = verdict(files, "pairs", more=("--threshold", "0.9"))
    assert found["pairwise"]["found"] == 4  # a1 a2, and the three that b2 brings together
    assert found["pairs"]["linked"]["precision"] == pytest.approx(2 / 3)


def test_clusters_and_pairs_may_be_given_together(files: dict[str, str]) -> None:
    found = verdict(files, "clusters", "pairs")
    assert found["judged"] == "clusters"
    assert found["pairs"]["count"] == 5


def test_errors_are_told_by_group(files: dict[str, str]) -> None:
    groups = verdict(files, "clusters", "records")["subgroups"]
    assert {name: group["records"] for name, group in groups.items()} == {
        "women": 2, "men": 3, "citizens": 1, "residents": 1, "with ID": 3, "without ID": 3, "Arabic": 3,
        "Latin only": 2,
    }  # fmt: skip
    assert groups["women"]["false_link_rate"] == pytest.approx(2 / 4)
    assert groups["men"]["false_link_rate"] == 0.0
    assert groups["men"]["missed_rate"] == pytest.approx(4 / 6)
    assert groups["men"]["missed_ratio"] == pytest.approx((4 / 6) / (4 / 8))


def test_a_rate_of_nothing_is_undefined_and_not_zero(files: dict[str, str]) -> None:
    sheet(Path(files["clusters"]), "record_id,cluster_id", [(record, record) for record in TRUTH])
    found = verdict(files, "clusters", "records")
    assert found["average"]["false_link_rate"] is None
    assert found["subgroups"]["women"]["false_link_ratio"] is None
    assert "–" in run(files, "clusters", "records")


def test_parquet_is_read_like_csv_whichever_side_comes_first(files: dict[str, str], tmp_path: Path) -> None:
    table = pa.table({
        "record_id_r": [a for a, _, _ in PAIRS], "probability": [p for *_, p in PAIRS],
        "record_id_l": [b for _, b, _ in PAIRS], "bits_given": [0.0] * len(PAIRS),
    })  # fmt: skip
    pyarrow.parquet.write_table(table, tmp_path / "pairs.parquet")
    expected = verdict(files, "pairs")
    assert verdict({**files, "pairs": str(tmp_path / "pairs.parquet")}, "pairs") == expected


def test_a_pair_listed_twice_counts_once(files: dict[str, str]) -> None:
    expected = verdict(files, "pairs")
    again = [*PAIRS, ("a2", "a1", 0.2), ("a1", "a1", 1.0)]
    sheet(Path(files["pairs"]), "record_id_l,record_id_r,probability", again)
    assert verdict(files, "pairs") == expected


def test_pairs_of_records_that_the_truth_does_not_know_are_left_out_and_counted(files: dict[str, str]) -> None:
    sheet(Path(files["pairs"]), "record_id_l,record_id_r,probability", [*PAIRS, ("a1", "nobody", 0.9)])
    assert verdict(files, "pairs")["pairs"]["of_unknown_records"] == 1


def test_a_truth_of_some_of_the_records_judges_those(files: dict[str, str]) -> None:
    sheet(Path(files["truth"]), "record_id,person_id", [("b1", "B"), ("b2", "B")])
    assert verdict(files, "clusters")["pairwise"]["f1"] == 1.0
    assert "judged on 2 of 6 records" in run(files, "clusters")


def test_what_nothing_was_counted_of_is_not_called_perfect(files: dict[str, str]) -> None:
    sheet(Path(files["truth"]), "record_id,person_id", [("a1", "A"), ("b1", "B")])
    assert "precision –  recall –  F1 –" in run(files, "clusters")
    assert verdict(files, "clusters")["pairwise"]["precision"] is None


def test_pairs_count_as_linked_from_where_a_linkage_links_them(files: dict[str, str]) -> None:
    assert verdict(files, "pairs")["pairs"]["threshold"] == THRESHOLD


def test_a_verdict_that_cannot_be_written_is_told_plainly(files: dict[str, str], tmp_path: Path) -> None:
    under_a_file = Path(files["truth"]) / "verdict.json"
    assert "name another file" in run({**files, "json": str(under_a_file)}, "clusters", "json", status=1)


@pytest.mark.parametrize(("name", "text", "said"), [
    ("truth", "record_id\na1\n", "it needs two columns"),
    ("truth", "record_id,person_id\na1,A\na1,B\n", "1 rows repeat a record id"),
    ("truth", "record_id,person_id\na1,\na2,A\n", "1 cells are empty"),
    ("truth", "record_id,person_id\nz,A\n", "1 records of the truth are not among the 6 linked ones"),
    ("pairs", "record_id_l,record_id_r\na1,a2\n", "no column probability"),
    ("pairs", "record_id_l,record_id_r,probability\na1,a2,high\n", "a probability is no number"),
    ("pairs", "record_id_l,record_id_r,probability\na1,a2,1.5\n", "outside 0 to 1"),
    ("pairs", "record_id_l,record_id_r,probability\nx,y,0.5\n", "none of its 1 pairs"),
    ("records", "record_id,gender\nz,male\n", "it holds none of the 6 records"),
    ("records", "record_id,colour\na1,red\n", "no column of gender, ID or name"),
])  # fmt: skip
def test_what_cannot_be_judged_is_told_plainly(files: dict[str, str], name: str, text: str, said: str) -> None:
    Path(files[name]).write_text(text, encoding="utf-8")
    assert said in run(files, "clusters", "pairs", "records", status=1)


def test_there_must_be_something_to_judge(files: dict[str, str]) -> None:
    assert "give --clusters, --pairs or both" in run(files, status=2)
