"""The demo's own data directory: begun anew each time, so that every run begins alike."""

from pathlib import Path

from rich.console import Console

from services.cli import erase
from services.cli.settings import CommandSettings
from services.cli.up.record import running_house

MARK = "made-by-demo"


class NotOurs(RuntimeError):
    """The directory may not be wiped: it holds something that no demo made, or a demo that runs."""


def prepare(data_dir: Path, keep: bool, console: Console) -> None:
    """An empty directory with our mark in it, or with `keep` what a demo left there. Raises NotOurs.

    The keys of a database that is not ours to wipe are not wiped either: without them it can't be read.
    """
    if running_house(data_dir):
        raise NotOurs(f"a house runs on {data_dir}: stop it first (Ctrl-C where it runs), or name another --data-dir")
    filled = data_dir.exists() and any(data_dir.iterdir())
    if filled and not (data_dir / MARK).exists():
        raise NotOurs(f"{data_dir} holds what no demo made, and is left alone: name another --data-dir")
    if filled and not keep and CommandSettings().database_url is None:
        erase.erase(data_dir, console)
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / MARK).touch()
