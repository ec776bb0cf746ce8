"""The running house as others find it: one file with its addresses and processes, one lock that it holds."""

import fcntl
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from pydantic import BaseModel, ConfigDict

FILE = "house.json"
LOCK = "up.lock"


class Record(BaseModel):
    """urls: by service. processes: numbers by program. database: "embedded" or "external"."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started_at: datetime
    database: str
    urls: dict[str, str]
    processes: dict[str, int]
    logs: Path

    def write(self, data_dir: Path) -> None:
        draft = data_dir / f"{FILE}.draft"
        draft.write_text(self.model_dump_json(indent=1), "utf-8")
        draft.replace(data_dir / FILE)

    @classmethod
    def read(cls, data_dir: Path) -> Self | None:
        try:
            return cls.model_validate_json((data_dir / FILE).read_bytes())
        except FileNotFoundError:
            return None


class HouseAlreadyRuns(RuntimeError):
    """Another supervisor has this data directory."""

    def __init__(self, data_dir: Path, record: Record | None) -> None:
        who = f" (process {record.pid}, since {record.started_at:%Y-%m-%d %H:%M} UTC)" if record else ""
        super().__init__(f"the house in {data_dir} is already running{who}")
        self.record = record


def hold(data_dir: Path) -> IO[str]:
    """Take the lock of the house, which is held until the file is closed. Raises HouseAlreadyRuns."""
    lock = (data_dir / LOCK).open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise HouseAlreadyRuns(data_dir, Record.read(data_dir)) from None
    return lock


def running_house(data_dir: Path) -> Record | None:
    """The house that runs on `data_dir` now, or None; what a killed one left behind does not count."""
    if not (data_dir / LOCK).exists():
        return None
    with (data_dir / LOCK).open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Record.read(data_dir)
    return None
