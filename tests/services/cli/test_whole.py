"""Files that are there whole or not at all."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.link import invent
from services.cli.main import app
from services.cli.train import command as training
from services.cli.whole import Unwritable, whole


def broken_off(*_: object) -> None:
    raise KeyboardInterrupt


def half_written(path: Path) -> None:
    with whole(path) as draft:
        draft.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt


def test_what_was_there_stays_until_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        half_written(path)
    assert [(each.name, each.read_text(encoding="utf-8")) for each in tmp_path.iterdir()] == [("file", "before")]


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unwritable, match="name another file"), whole(tmp_path / "file/below") as draft:
        draft.touch()


def test_a_simulation_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(app, ["simulate", "--records", "5", "--out", str(tmp_path / "file/people.csv")])
    assert result.exit_code == 1
    assert "name another file" in result.output


def test_a_simulation_broken_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invent, "row", broken_off)
    result = CliRunner().invoke(app, ["simulate", "--records", "5", "--out", str(tmp_path / "people.csv")])
    assert result.exit_code == 130
    assert not list(tmp_path.iterdir())


def test_learning_broken_off_says_so_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "out/model.json"
    people.write_text("record_id,full_name\n1,Ali\n", encoding="utf-8")
    monkeypatch.setattr(training, "read_records", broken_off)
    result = CliRunner().invoke(app, ["train", str(people), "--out", str(out)])
    assert result.exit_code == 130
    assert "interrupted; nothing was written" in result.output
    assert not list(out.parent.iterdir())
