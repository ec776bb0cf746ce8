"""Results come into the folder all together or not at all."""

from pathlib import Path

import pytest

from services.cli.link.folder import FolderUnusable, written_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def broken_off(out: Path, error: type[BaseException]) -> None:
    """Write half of something, and raise the error with the place of it."""
    with written_whole(out) as draft:
        (draft / "clusters.csv").write_text("half")
        raise error(draft)


def test_files_come_in_together_and_leave_nothing_beside(tmp_path: Path) -> None:
    out = tmp_path / "a" / "out"
    with written_whole(out) as draft:
        (draft / "spill").mkdir()
        (draft / "clusters.csv").write_text("new")
        assert [path for path in out.iterdir() if path != draft] == []
    assert names(out) == ["clusters.csv"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, MemoryError])
def test_a_run_that_is_broken_off_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "clusters.csv").write_text("old")
    with pytest.raises(error):
        broken_off(tmp_path, error)
    assert names(tmp_path) == ["clusters.csv"]
    assert (tmp_path / "clusters.csv").read_text() == "old"


def test_a_folder_made_for_nothing_is_gone_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        broken_off(tmp_path / "out", KeyboardInterrupt)
    assert names(tmp_path) == []


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        broken_off(tmp_path, KeyboardInterrupt)
    left: Path = caught.value.args[0]
    left.mkdir()
    (left / "half.csv").write_text("half")
    with written_whole(tmp_path) as draft:
        (draft / "whole.csv").write_text("whole")
    assert names(tmp_path) == ["whole.csv"]


def test_a_file_in_the_way_is_told_before_anything_is_begun(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    begun = False
    with pytest.raises(FolderUnusable, match="name another folder"), written_whole(tmp_path / "out"):
        begun = True
    assert not begun
