"""`sijill train` as a person at a terminal uses it: a model without labels, and a better one with them."""

import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.dedup.engine.names import arabic_units
from services.dedup.model import Model, load_model
from services.dedup.model.start import START

Decision = tuple[str, str, bool]


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == status, result.output
    return result.output


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,500 registrations typed carelessly (people.csv), and a model learned from them alone (model.json)."""
    folder = tmp_path_factory.mktemp("train")
    run("simulate", "--records", "2500", "--out", str(folder / "people.csv"), "--seed", "12", "--noise", "heavy")
    run("train", str(folder / "people.csv"), "--out", str(folder / "model.json"))
    return folder


@pytest.fixture(scope="module")
def before(folder: Path) -> list[dict[str, Any]]:
    """The pairs that the model finds somewhat likely, before any labels."""
    return linked(folder, folder / "model.json", folder / "given")


def linked(folder: Path, model: Path, out: Path) -> list[dict[str, Any]]:
    """The pairs that the model finds somewhat likely."""
    run("link", str(folder / "people.csv"), "--model", str(model), "--out", str(out))
    found: list[dict[str, Any]] = pyarrow.parquet.read_table(out / "pairs.parquet").to_pylist()
    return found


def truth(folder: Path) -> dict[str, str]:
    return {row["record_id"]: row["person_id"] for row in rows(folder / "people.truth.csv")}


def decided(pairs: Iterable[dict[str, Any]], person: dict[str, str]) -> list[Decision]:
    return [(p["record_id_l"], p["record_id_r"], person[p["record_id_l"]] == person[p["record_id_r"]]) for p in pairs]


def write(path: Path, decisions: Iterable[Decision]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("record_id_l", "record_id_r", "match"))
        writer.writerows((a, b, int(match)) for a, b, match in decisions)
    return path


def kept_back(pair: dict[str, Any]) -> bool:
    return Random(pair["record_id_l"]).random() < 0.5


def errors(pairs: Iterable[dict[str, Any]], person: dict[str, str]) -> int:
    """Pairs kept back on whose side of one half the model is wrong."""
    return sum(
        (pair["probability"] >= 0.5) != (person[pair["record_id_l"]] == person[pair["record_id_r"]])
        for pair in pairs
        if kept_back(pair)
    )


def test_a_model_is_learned_without_labels_and_links_as_a_run_that_learns_for_itself(
    folder: Path, before: list[dict[str, Any]], tmp_path: Path
) -> None:
    run("link", str(folder / "people.csv"), "--out", str(tmp_path))
    assert before
    assert (tmp_path / "clusters.csv").read_bytes() == (folder / "given" / "clusters.csv").read_bytes()


def test_learning_again_gives_the_same_file(folder: Path, tmp_path: Path) -> None:
    run("train", str(folder / "people.csv"), "--out", str(tmp_path / "again.json"))
    assert (tmp_path / "again.json").read_bytes() == (folder / "model.json").read_bytes()


def test_the_model_says_what_it_comes_from_and_what_errors_to_expect(folder: Path) -> None:
    model = load_model(folder / "model.json")
    assert "without labels on 2,500 records" in model.data
    assert "people" not in model.data
    assert 0 < model.lower < model.upper < 1
    assert 0 < model.upper_error <= 0.005
    assert model.lower_error == pytest.approx(0.25)


def test_only_names_that_twenty_records_share_are_in_the_model(folder: Path) -> None:
    typed = [row["full_name"] for row in rows(folder / "people.csv")]
    holders = Counter(unit for name in typed for unit in set(arabic_units(name)))
    kept = {name for shares in load_model(folder / "model.json").frequencies.values() for name in shares}
    assert kept
    assert min(holders[name] for name in kept) >= 20


def test_nothing_that_tells_who_was_registered_is_in_the_model(folder: Path) -> None:
    text = (folder / "model.json").read_text(encoding="utf-8")
    typed = {row[column] for row in rows(folder / "people.csv")
             for column in ("full_name", "national_id", "phone", "source_ref", "address_text")}  # fmt: skip
    assert not [value for value in typed if len(value) > 4 and value in text]


def test_decisions_of_reviewers_leave_fewer_errors_on_pairs_that_they_did_not_see(folder: Path, tmp_path: Path) -> None:
    """From a model that takes far too many for one person, as one learned elsewhere may."""
    person, learned = truth(folder), load_model(folder / "model.json")
    base = tmp_path / "base.json"
    base.write_bytes(replace(learned, prior=30 * learned.prior).dump())
    before = linked(folder, base, tmp_path / "before")
    doubtful = [pair for pair in before if not kept_back(pair) and 0.02 < pair["probability"] < 0.999]
    labels = write(tmp_path / "labels.csv", decided(doubtful, person))
    out = tmp_path / "model.json"
    said = run("train", str(folder / "people.csv"), "--base", str(base), "--labels", str(labels), "--out", str(out))
    assert "the weights follow them" in said, said
    assert f"Improved by {len(doubtful):,} pairs" in load_model(out).data
    assert errors(linked(folder, out, tmp_path / "after"), person) < 0.5 * errors(before, person)


def test_a_few_wrong_decisions_change_nothing(folder: Path, before: list[dict[str, Any]], tmp_path: Path) -> None:
    person = truth(folder)
    sure = [pair for pair in before if pair["probability"] > 0.999][:9]
    turned = [(a, b, not match) for a, b, match in decided(sure, person)]
    labels = write(tmp_path / "labels.csv", turned)
    said = run("train", str(folder / "people.csv"), "--labels", str(labels), "--out", str(tmp_path / "model.json"))
    assert "too few to learn from" in said
    assert _weights(load_model(tmp_path / "model.json")) == _weights(load_model(folder / "model.json"))


def _weights(model: Model) -> tuple[Any, ...]:
    return model.levels, model.prior, model.kin, model.upper, model.lower


def test_a_few_wrong_decisions_among_right_ones_do_no_harm(
    folder: Path, before: list[dict[str, Any]], tmp_path: Path
) -> None:
    person = truth(folder)
    seen = [pair for pair in before if not kept_back(pair)]
    chosen = Random(3).sample(seen, 120)
    decisions = decided(chosen, person)
    turned = [(a, b, not match) for a, b, match in decisions[:5]] + decisions[5:]
    labels = write(tmp_path / "labels.csv", turned)
    run("train", str(folder / "people.csv"), "--labels", str(labels), "--out", str(tmp_path / "model.json"))
    after = linked(folder, tmp_path / "model.json", tmp_path / "after")
    assert errors(after, person) <= errors(before, person) + 2


def test_decisions_turned_about_are_refused(folder: Path, before: list[dict[str, Any]], tmp_path: Path) -> None:
    turned = [(a, b, not match) for a, b, match in decided(Random(3).sample(before, 200), truth(folder))]
    labels = write(tmp_path / "labels.csv", turned)
    said = run(
        "train", str(folder / "people.csv"), "--labels", str(labels), "--out", str(tmp_path / "m.json"), status=1
    )
    assert "the opposite of the records" in said
    assert not (tmp_path / "m.json").exists()


def test_a_model_can_be_carried_over_to_files_too_small_to_learn_from(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("record_id,full_name\n1,محمد علي الحربي\n2,نورة سعد القحطاني\n", encoding="utf-8")
    assert "give more records" in run("train", str(path), "--out", str(tmp_path / "m.json"), status=1)
    run("train", str(path), "--base", str(folder / "model.json"), "--out", str(tmp_path / "m.json"))
    assert "carried over to 2 records" in load_model(tmp_path / "m.json").data


def test_names_can_come_from_another_model_where_people_are_made_up(folder: Path, tmp_path: Path) -> None:
    run("train", str(folder / "people.csv"), "--names", str(folder / "model.json"), "--out", str(tmp_path / "m.json"))
    assert load_model(tmp_path / "m.json").frequencies == load_model(folder / "model.json").frequencies


@pytest.mark.parametrize(("text", "said"), [
    ("record_id_l,record_id_r\n1,2\n", "it lacks the column match"),
    ("record_id_l,record_id_r,match\n1,2,1\n1,nobody,0\n", "row 3: these are not two records"),
    ("record_id_l,record_id_r,match\n1,1,1\n", "row 2: these are not two records"),
    ("record_id_l,record_id_r,match\n1,2,perhaps\n", "row 2: match must be 1 (one person) or 0 (two)"),
])  # fmt: skip
def test_labels_that_cannot_be_used_are_told_plainly(text: str, said: str, folder: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(text, encoding="utf-8")
    told = run("train", str(folder / "people.csv"), "--labels", str(labels), "--out", str(tmp_path / "m"), status=1)
    assert said in told


def test_a_base_that_is_no_model_is_refused(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    path.write_text(json.dumps({"layout": 1}), encoding="utf-8")
    said = run("train", str(folder / "people.csv"), "--base", str(path), "--out", str(tmp_path / "m.json"), status=1)
    assert "the model lacks" in said


def test_labels_beside_mapped_comparisons_are_refused(folder: Path, tmp_path: Path) -> None:
    mapping, labels = tmp_path / "map.json", write(tmp_path / "labels.csv", [("1", "2", True)])
    mapping.write_text(json.dumps({"columns": {"source_ref": {"compare": "exact"}}}), encoding="utf-8")
    said = run("train", str(folder / "people.csv"), "--map", str(mapping), "--labels", str(labels),
               "--out", str(tmp_path / "m.json"), status=1)  # fmt: skip
    assert "labels teach fields only" in said


def test_tempering_keeps_what_the_files_never_show_from_being_impossible(folder: Path, tmp_path: Path) -> None:
    run("train", str(folder / "people.csv"), "--temper", "0.3", "--out", str(tmp_path / "m.json"))
    plain, tempered = load_model(folder / "model.json"), load_model(tmp_path / "m.json")
    for field, levels in START.items():
        for level, start in levels.items():
            expected = 0.7 * plain.levels[field][level].m + 0.3 * start.m
            assert tempered.levels[field][level].m == pytest.approx(expected)
