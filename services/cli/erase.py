"""`sijill erase`: nothing of the house is left on this machine."""

import shutil
from pathlib import Path

from rich.console import Console

from services.cli.up.record import running_house
from shared import postgres


def erase(data_dir: Path, console: Console) -> int:
    """Gives the exit status: 1 while the house runs."""
    if running_house(data_dir):
        console.print(f"the house in {data_dir} is running: stop it first", style="red")
        return 1
    postgres.erase(data_dir / "postgres")
    if data_dir.exists():
        shutil.rmtree(data_dir)
    return 0
