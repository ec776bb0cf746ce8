"""The folder that results go to: all of them or none, whenever a run ends."""

import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DRAFT = ".unfinished"


class FolderUnusable(ValueError):
    """Nothing can be written there; the message says why."""


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A folder within `out` to write to; its files replace those in `out` when the block ends well, and only then.

    Folders in it are for the run itself, and go with it. What a run left that was killed is cleared away. Raises
    FolderUnusable, before anything long is begun if it can.
    """
    made, draft = not out.exists(), out / _DRAFT
    try:
        out.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
    except OSError as error:
        raise FolderUnusable(f"{out}: {error.strerror}; name another folder with --out") from None
    done = False
    try:
        yield draft
        with _not_interrupted():
            for path in sorted(each for each in draft.iterdir() if each.is_file()):
                path.replace(out / path.name)
        done = True
    except OSError as error:
        raise FolderUnusable(f"{out}: {error.strerror}; nothing was replaced there") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if made and not done and not any(out.iterdir()):
            out.rmdir()


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Ctrl-C comes too late to undo anything here, and is passed over. Python takes signals in its main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
