"""What a long run has compared so far, so that the same run, begun again, does not compare it again."""

import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np

from services.dedup.batch.pairs import Pairs

_OF = "of"


class Checkpoint:
    """Parts of pairs in a folder, which is of one run only: of other files, options or weights nothing is kept.

    It holds places of records and bits, and nothing of what was typed.
    """

    def __init__(self, folder: Path, run: bytes) -> None:
        """run: whatever settles the outcome; a folder that was made for something else is emptied."""
        self._folder, mark = folder, sha256(run).hexdigest()
        of = folder / _OF
        if not of.is_file() or of.read_text() != mark:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            of.write_text(mark)

    def part(self, which: int) -> tuple[Pairs, int] | None:
        """The pairs that were kept of a part, and how many were compared; None if it was not done."""
        path = self._path(which)
        if not path.is_file():
            return None
        with np.load(path) as held:
            return Pairs(*(held[name] for name in Pairs.columns())), int(held["compared"])

    def keep(self, which: int, pairs: Pairs, compared: int) -> None:
        draft = self._path(which).with_suffix(".draft.npz")
        np.savez(draft, compared=np.array(compared), **{name: getattr(pairs, name) for name in Pairs.columns()})
        draft.replace(self._path(which))

    def clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, which: int) -> Path:
        return self._folder / f"part-{which:04d}.npz"
