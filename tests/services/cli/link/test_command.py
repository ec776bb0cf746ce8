"""What `sijill link` says of files and options that it cannot use, and how it ends when it is broken off."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from services.cli.link import command
from services.cli.main import app

ROWS = "record_id,full_name,birth_date\n" + "".join(f"{n},محمد أحمد {n},19{n % 90 + 10}\n" for n in range(3_000))


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def refused(*words: str | Path) -> str:
    """What is said; nothing may be left in the folder."""
    out = Path(words[0]).parent / "out"
    result = CliRunner().invoke(app, ["link", *map(str, words), "--out", str(out)])
    assert result.exit_code == 1, result.output
    assert not out.exists()
    return result.output


def test_files_are_refused_with_their_name_and_line(people: Path) -> None:
    people.write_text(ROWS + "5,محمد\n", encoding="utf-8")
    assert "people.csv: line 3,002: 2 cells, and the headings are 3" in refused(people)


def test_a_mapping_is_refused_with_its_place(people: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"columns": {"birth_date": {"compare": "day"}}}), encoding="utf-8")
    assert "map.json: columns: «birth_date»: compare: it is one of" in refused(people, "--map", mapping)


def test_what_is_wrong_with_the_truth_is_told_before_the_run(people: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("record_id,person_id\n1,\n", encoding="utf-8")
    said = refused(people, "--truth", truth)
    assert "truth.csv" in said
    assert "normalise" not in said


def test_links_between_files_need_two(people: Path) -> None:
    assert "give two at least" in refused(people, "--links-only")


def test_what_is_no_model_is_refused(people: Path) -> None:
    assert "people.csv" in refused(people, "--model", people)


def test_a_file_where_the_folder_should_be_is_told(people: Path) -> None:
    result = CliRunner().invoke(app, ["link", str(people), "--out", str(people)])
    assert result.exit_code == 1
    assert "name another folder" in result.output


def test_an_interrupted_run_ends_cleanly_and_leaves_nothing(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = [sys.executable, "-c", "from services.cli.main import app; app()", "link", str(people), "--out", str(out)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if "normalise" in line:
                break
        run.send_signal(signal.SIGINT)
        said, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    assert "interrupted; nothing was written" in said
    assert "Traceback" not in errors
    assert not out.exists()


MAPPING = {"columns": {"car": {"compare": "exact", "name": "plate"}}}


@pytest.fixture
def mapped(tmp_path: Path) -> tuple[Path, Path]:
    """Sixty people with a car each, and the mapping that compares the cars."""
    path, mapping = tmp_path / "cars.csv", tmp_path / "cars.json"
    families = ("Benali", "Idrissi", "Alami", "Tazi")
    rows = (f"{n},Salma {families[n % 4]},+21261200{n // 2:04d},{n // 2}-B\n" for n in range(60))
    path.write_text("record_id,full_name,phone,car\n" + "".join(rows), encoding="utf-8")
    mapping.write_text(json.dumps(MAPPING), encoding="utf-8")
    return path, mapping


def linked(*words: str | Path) -> None:
    result = CliRunner().invoke(app, ["link", *map(str, words)])
    assert result.exit_code == 0, result.output


def test_a_model_learned_with_a_mapping_is_refused_without_it(mapped: tuple[Path, Path], tmp_path: Path) -> None:
    people, mapping = mapped
    linked(people, "--map", mapping, "--out", tmp_path / "first")
    model = tmp_path / "first/model.json"
    assert "the model weighs what the files do not map: plate" in refused(people, "--model", model)
    text = json.dumps({"columns": {"car": {"compare": "text", "name": "plate"}}})
    (tmp_path / "text.json").write_text(text, encoding="utf-8")
    assert "compared in another way: plate" in refused(people, "--model", model, "--map", tmp_path / "text.json")
    linked(people, "--model", model, "--map", mapping, "--out", tmp_path / "second")


def test_a_mapping_is_refused_beside_a_model_that_was_learned_without_it(
    mapped: tuple[Path, Path], tmp_path: Path
) -> None:
    people, mapping = mapped
    linked(people, "--out", tmp_path / "first")
    said = refused(people, "--model", tmp_path / "first/model.json", "--map", mapping)
    assert "the files map what the model does not weigh: plate" in said


@pytest.mark.parametrize("row", ["محمد أحمد علي الحربي,,", "محمد أحمد علي الحربي,1990-01-01,0510000000"])
def test_rows_that_are_all_alike_are_told_as_such(row: str, tmp_path: Path) -> None:
    path = tmp_path / "alike.csv"
    rows = "".join(f"{n},{row}\n" for n in range(20_000))
    path.write_text("record_id,full_name,birth_date,phone\n" + rows, encoding="utf-8")
    said = refused(path)
    assert "shared by too many of them" in said
    assert "give a model (--model)" in said


def test_phones_without_a_country_are_of_the_region_that_is_named(tmp_path: Path) -> None:
    """A Moroccan number with its country and without it."""
    path = tmp_path / "phones.csv"
    rows = (f"{n},Salma {n // 2},{'+212612' if n % 2 else '0612'}{n // 2:06d}\n" for n in range(60))
    path.write_text("record_id,full_name,phone\n" + "".join(rows), encoding="utf-8")
    linked(path, "--region", "ma", "--out", tmp_path / "ma")
    linked(path, "--out", tmp_path / "sa", "--model", tmp_path / "ma/model.json")
    ours, theirs = (pyarrow.parquet.read_table(tmp_path / each / "pairs.parquet") for each in ("ma", "sa"))
    alike = {min(row["record_id_l"], row["record_id_r"], key=int) for row in ours.to_pylist() if row["bits_phone"] > 0}
    assert len(alike) == 30
    assert not [row for row in theirs.to_pylist() if row["bits_phone"] > 0]


def test_a_region_that_is_none_is_a_mistake_that_is_told(people: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["link", str(people), "--out", str(tmp_path / "out"), "--region", "XX"])
    assert result.exit_code == 2


def test_that_kernels_are_compiled_is_told_where_none_are_kept(
    people: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "compiled_before", lambda: False)
    result = CliRunner().invoke(app, ["link", str(people), "--out", str(tmp_path / "out")])
    assert "compiling, once on this machine" in result.output
