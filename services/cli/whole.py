"""Files that are there whole or not at all, whenever a run ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Unwritable(ValueError):
    """A file cannot be written; the message says which and why."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to, which takes its place when the block ends well, and is gone if it does not.

    Folders above are made. Raises Unwritable.
    """
    draft = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(path)
    except OSError as error:
        raise Unwritable(f"{path}: {error.strerror}; name another file") from None
    finally:
        _gone(draft)


def _gone(draft: Path) -> None:
    """Where nothing could be written, nothing can be removed."""
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return
