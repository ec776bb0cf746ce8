"""`sijill evaluate`: clusters against the truth."""

from pathlib import Path

import numpy as np
from rich.console import Console

from services.dedup.batch.evaluate import Agreed, Quality, quality
from services.dedup.batch.read import FileUnreadable, read_sheet

_IDS = ("record_id", "rec_id", "id", "unique_id")


class TruthUnusable(ValueError):
    """The truth and the clusters do not speak of the same records; the message says where."""


def evaluate(clusters: Path, truth: Path, console: Console) -> int:
    """The exit status: 0, or 1 when the files cannot be compared."""
    try:
        found, true = labels(clusters), labels(truth)
        shared = common(found, true)
    except (FileUnreadable, TruthUnusable) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    judged = quality(codes(found, shared), codes(true, shared))
    for line in lines(judged):
        console.print(line, highlight=False, soft_wrap=True)
    return 0


def labels(path: Path) -> dict[str, str]:
    """Record id -> label: the column named record_id (or the first), and the other one. Raises FileUnreadable."""
    sheet = read_sheet(path)
    headings = list(sheet.columns)
    if len(headings) < 2:
        raise FileUnreadable(f"{path.name}: it needs two columns, a record's id and its person")
    key = next((name for name in headings if name.lower() in _IDS), headings[0])
    label = next(name for name in headings if name != key)
    return dict(zip(sheet.columns[key].to_pylist(), sheet.columns[label].to_pylist(), strict=True))


def common(found: dict[str, str], true: dict[str, str]) -> list[str]:
    """The records of which the truth is known. Raises TruthUnusable where one of them was never linked."""
    missing = sum(1 for record in true if record not in found)
    if missing:
        raise TruthUnusable(f"{missing:,} records of the truth are not among the {len(found):,} linked ones")
    return list(true)


def codes(of: dict[str, str], records: list[str]) -> np.ndarray:
    index: dict[str, int] = {}
    return np.array([index.setdefault(of[record], len(index)) for record in records], dtype=np.int64)


def lines(judged: Quality) -> list[str]:
    return [
        f"pairs:   {_told(judged.pairs)}  ({judged.found_pairs:,} found, {judged.true_pairs:,} true)",
        f"records: {_told(judged.records)}  (B-cubed)",
    ]


def _told(agreed: Agreed) -> str:
    return f"precision {agreed.precision:.4f}  recall {agreed.recall:.4f}  F1 {agreed.f1:.4f}"
