"""What `sijill link` says of files and options that it cannot use, and how it ends when it is broken off."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

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
