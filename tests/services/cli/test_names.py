"""`sijill names`: two names, or a file of pairs."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli import names
from services.cli.main import app


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text("a,b\nمحمد علي,Mohd Ali\nحسن علي,Hussein Ali\n", encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["names", *map(str, words)])


def test_pairs_are_written_with_their_scores(pairs: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.csv"
    result = run("--pairs", pairs, "--out", out)
    assert result.exit_code == 0, result.output
    one, two = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert float(one["score"]) > 0.9 > 0.1 > float(two["score"])


def test_two_names_are_not_written_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "scored.csv"
    result = run("--out", out, "محمد", "Mohammed")
    assert result.exit_code == 2
    assert "--pairs with --out" in result.output
    assert not out.exists()


def test_a_folder_that_is_not_there_is_named(pairs: Path, tmp_path: Path) -> None:
    result = run("--pairs", pairs, "--out", tmp_path / "missing" / "scored.csv")
    assert result.exit_code == 1
    assert "it cannot be written (No such file or directory)" in result.output


def test_a_run_that_is_broken_off_leaves_what_was_there(
    pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(a: str, b: str) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "scored.csv"
    out.write_text("of yesterday", encoding="utf-8")
    monkeypatch.setattr(names, "likeness", broken_off)
    assert run("--pairs", pairs, "--out", out).exit_code != 0
    assert out.read_text(encoding="utf-8") == "of yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {"pairs.csv", "scored.csv"}
