"""`sijill explain` as a person at a terminal uses it."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pyarrow.parquet
import pytest
from rich.console import Console
from typer.testing import CliRunner

from services.cli.explain.run import Refused, Step, Told
from services.cli.explain.run import _Rows as Rows
from services.cli.explain.run import _told as told
from services.cli.explain.told import show_cluster
from services.cli.main import app
from services.dedup.engine.history import how


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 1,500 registrations typed carelessly (people.csv), and what a linkage found of them."""
    folder = tmp_path_factory.mktemp("linked")
    run("simulate", "--records", "1500", "--out", str(folder / "people.csv"), "--seed", "3", "--noise", "heavy")
    run("link", str(folder / "people.csv"), "--out", str(folder))
    return folder


def strongest(folder: Path) -> dict[str, str]:
    found: dict[str, str] = pyarrow.parquet.read_table(folder / "pairs.parquet").to_pylist()[0]
    return found


def clusters(folder: Path) -> dict[str, str]:
    with (folder / "clusters.csv").open(encoding="utf-8", newline="") as file:
        return {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}


def asked(folder: Path) -> Iterator[str]:
    """The options that explain a pair as the linkage weighed it."""
    yield from ("--records", str(folder / "people.csv"), "--model", str(folder / "model.json"))


def test_a_pair_is_explained_with_the_probability_that_the_linkage_gave_it(linked: Path) -> None:
    pair = strongest(linked)
    found = json.loads(run("explain", pair["record_id_l"], pair["record_id_r"], *asked(linked), "--json"))
    assert found["probability"] == pytest.approx(pair["probability"])
    bits = sum(field["bits"] for field in found["fields"])
    assert found["prior_bits"] + bits + found["family_tie_bits"] == pytest.approx(found["total_bits"])
    assert found["reason_en"]
    assert found["reason_ar"]


def test_the_table_shows_levels_and_both_sides_and_ends_with_a_sentence_in_two_languages(linked: Path) -> None:
    pair = strongest(linked)
    said = run("explain", pair["record_id_l"], pair["record_id_r"], *asked(linked))
    assert "prior" in said
    assert "family tie" in said
    assert "speak for it" in said
    assert "شخص واحد" in said


def test_a_cluster_is_told_link_by_link_with_its_weakest(linked: Path) -> None:
    pair = strongest(linked)
    label = clusters(linked)[pair["record_id_l"]]
    found = json.loads(run("explain", "--cluster", label, "--out", str(linked), "--json"))
    assert len(found["joins"]) == len(found["records"]) - 1
    assert [join["weakest"] for join in found["joins"]] == [False] * (len(found["joins"]) - 1) + [True]
    assert "the weakest link" in run("explain", "--cluster", label, "--out", str(linked))


def test_a_link_left_out_is_shown_with_the_records_that_contradict(linked: Path, tmp_path: Path) -> None:
    """Two records of a strong pair, put into two clusters beside records that cannot be one person."""
    where = clusters(linked)
    rows = pyarrow.parquet.read_table(linked / "pairs.parquet").to_pylist()
    out = next((row for row in rows if row["probability"] >= 0.85 and where[row["record_id_l"]]
                != where[row["record_id_r"]]), None)  # fmt: skip
    assert out is not None, "the simulation holds no such pair; take another seed"
    said = run("explain", "--cluster", where[out["record_id_l"]], "--out", str(linked),
               "--records", str(linked / "people.csv"))  # fmt: skip
    assert "left out, as records contradict" in said
    assert "Two persons" in said
    assert "شخصان مختلفان" in said


@pytest.mark.parametrize(("words", "said"), [
    (("1", "nobody"), "no record has the id nobody"),
    (("1", "1"), "that is one record"),
])  # fmt: skip
def test_records_that_cannot_be_explained_are_told_plainly(words: tuple[str, str], said: str, linked: Path) -> None:
    assert said in run("explain", *words, *asked(linked), status=1)


def test_a_cluster_that_is_not_there_is_told_plainly(linked: Path, tmp_path: Path) -> None:
    assert "has no cluster nobody" in run("explain", "--cluster", "nobody", "--out", str(linked), status=1)
    assert "not what `sijill link` writes" in run("explain", "--cluster", "1", "--out", str(tmp_path), status=1)


def test_files_of_another_run_are_refused(linked: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("record_id,full_name\nx,Ali\ny,Omar\n", encoding="utf-8")
    label = clusters(linked)[strongest(linked)["record_id_l"]]
    said = run("explain", "--cluster", label, "--out", str(linked), "--records", str(other), status=1)
    assert "records of the run are not in these files" in said


def test_neither_two_records_nor_a_cluster_is_a_mistake_that_is_told(linked: Path) -> None:
    assert "give two record ids with --records, or --cluster with --out" in run("explain", "1", status=2)


def test_a_broken_model_is_refused_with_what_to_do(linked: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text("{}", encoding="utf-8")
    said = run("explain", "1", "2", "--records", str(linked / "people.csv"), "--model", str(path), status=1)
    assert "does not say its layout" in said


def test_groups_that_speak_against_each_other_only_on_the_whole_are_told_so() -> None:
    link = Step("a", "b", 0.9, 20.0, {})
    whole = {"reason_en": "on the whole", "reason_ar": "في جملتهما"}
    with StringIO() as page:
        show_cluster(Told("a", ["a"], 0.65, [], 0, [Refused(link, [], whole)]), Console(file=page, width=150))
        said = page.getvalue()
    assert "records contradict" not in said
    assert "on the whole" in said
    assert "في جملتهما" in said


def test_a_link_left_out_without_a_contradicting_pair_is_the_groups_doing() -> None:
    """Records 0 and 1 are linked and in two clusters; no two records are apart."""
    found = how([(0, 1, 20.0)], {0: 0, 1: 1}, 0, {})
    rows = [{"record_id_l": "a", "record_id_r": "b", "probability": 0.9, "bits_given": 20.0}]
    looked, unlooked = (told("a", ["a"], 0.65, found, Rows(["a", "b"], rows, {}, each)) for each in (True, False))
    assert "on the whole" in (looked.left_out[0].on_the_whole or {})["reason_en"]
    assert unlooked.left_out[0].on_the_whole is None
