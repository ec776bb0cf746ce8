"""`sijill names`: how likely two written names are one person's, in either script."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from services.dedup.batch.read import FileUnreadable, Sheet, read_sheet
from services.dedup.engine.likeness import Likeness, likeness

_NEEDED = ("a", "b")


def of_two(a: str, b: str, console: Console) -> int:
    """The exit status."""
    found = likeness(a, b)
    console.print(f"{found.score:.3f}  {found.en}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"       {found.ar}", markup=False, highlight=False, soft_wrap=True)
    return 0


def of_pairs(pairs: Path, out: Path, console: Console) -> int:
    """Write the file's columns again with `score` added; the exit status."""
    try:
        sheet = read_sheet(pairs)
    except FileUnreadable as error:
        return _refused(str(error), console)
    if any(name not in sheet.columns for name in _NEEDED):
        return _refused(f"{pairs.name}: it needs the columns a and b", console)
    try:
        _write(out, sheet)
    except OSError as error:
        return _refused(f"{out}: it cannot be written ({error.strerror}); name a file in a folder of yours", console)
    console.print(f"{sheet.rows:,} pairs: {out}", highlight=False, soft_wrap=True)
    return 0


def _write(out: Path, sheet: Sheet) -> None:
    """Beside `out` first, then in its place, so that a run that is broken off leaves nothing half-written."""
    columns = {name: column.to_pylist() for name, column in sheet.columns.items() if name != "score"}
    with TemporaryDirectory(dir=out.parent, prefix=".names-") as beside:
        whole = Path(beside) / "pairs.csv"
        with whole.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow((*columns, "score"))
            for row in zip(*columns.values(), strict=True):
                cells = dict(zip(columns, row, strict=True))
                writer.writerow((*row, f"{_scored(cells['a'], cells['b']).score:.4f}"))
        whole.replace(out)


def _scored(a: str | None, b: str | None) -> Likeness:
    return likeness(a or "", b or "")


def _refused(words: str, console: Console) -> int:
    console.print(words, style="red", markup=False, soft_wrap=True)
    return 1
