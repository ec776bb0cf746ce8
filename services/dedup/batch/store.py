"""Codes of pairs, more than memory may hold: cut by their left record, on disk beyond a bound."""

from pathlib import Path
from threading import Lock

import numpy as np

from services.dedup.batch.coded import Ints, distinct

RECORDS_A_PART = 250_000
IN_MEMORY = 48_000_000
"""Codes held before they go to disk: 384 MB."""


class PairStore:
    """Codes left * size + right, in parts of so many left records. Threads may add at the same moment."""

    def __init__(self, size: int, folder: Path | None, in_memory: int = IN_MEMORY) -> None:
        """folder: where to go beyond `in_memory` codes; None to hold all."""
        self.size, self._folder, self._most = size, folder, in_memory
        self.parts = max(1, -(-size // RECORDS_A_PART))
        self._held: list[list[Ints]] = [[] for _ in range(self.parts)]
        self._count = 0
        self._lock = Lock()

    def add(self, codes: Ints) -> None:
        """codes: in order."""
        edges = np.arange(1, self.parts, dtype=np.int64) * RECORDS_A_PART * self.size
        cut = np.split(codes, np.searchsorted(codes, edges))
        with self._lock:
            for held, part in zip(self._held, cut, strict=True):
                if len(part):
                    held.append(part)
            self._count += len(codes)
            if self._count > self._most and self._folder is not None:
                self._spill(self._folder)

    def part(self, which: int) -> Ints:
        """The codes of a part in order, each once."""
        found = list(self._held[which])
        if self._folder is not None and (file := self._file(self._folder, which)).exists():
            found.append(np.fromfile(file, dtype=np.int64))
        return distinct(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)

    def _spill(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for which, held in enumerate(self._held):
            with self._file(folder, which).open("ab") as file:
                for codes in held:
                    codes.tofile(file)
            held.clear()
        self._count = 0

    def clear(self) -> None:
        """Forget everything, on disk as well."""
        self._held = [[] for _ in range(self.parts)]
        for which in range(self.parts):
            if self._folder is not None:
                self._file(self._folder, which).unlink(missing_ok=True)

    @staticmethod
    def _file(folder: Path, which: int) -> Path:
        return folder / f"pairs-{which:04d}.i64"
