from pathlib import Path

import pytest
from rich.console import Console

from services.cli.demo.place import MARK, NotOurs, prepare

QUIET = Console(quiet=True)


def test_what_an_earlier_demo_left_is_wiped(tmp_path: Path) -> None:
    place = tmp_path / "demo"
    prepare(place, keep=False, console=QUIET)
    (place / "old").touch()
    prepare(place, keep=False, console=QUIET)

    assert [file.name for file in place.iterdir()] == [MARK]


def test_what_an_earlier_demo_left_is_kept_when_asked(tmp_path: Path) -> None:
    prepare(tmp_path, keep=False, console=QUIET)
    (tmp_path / "old").touch()
    prepare(tmp_path, keep=True, console=QUIET)

    assert (tmp_path / "old").exists()


@pytest.mark.parametrize("keep", [True, False])
def test_a_directory_that_no_demo_made_is_never_touched(tmp_path: Path, keep: bool) -> None:
    (tmp_path / "thesis.txt").touch()

    with pytest.raises(NotOurs):
        prepare(tmp_path, keep=keep, console=QUIET)
    assert (tmp_path / "thesis.txt").exists()
