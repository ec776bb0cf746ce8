"""What reviewers decided, read from a file."""

from pathlib import Path

import numpy as np

from services.cli.records import Unusable, places_of
from services.dedup.batch.counts import Counted
from services.dedup.batch.read import FileUnreadable, read_sheet
from services.dedup.batch.records import Records
from services.dedup.engine.compare import compare
from services.dedup.learn import Labels, Seen, Slots
from services.dedup.model import Model

_LEFT, _RIGHT, _MATCH = "record_id_l", "record_id_r", "match"
_SAID = {"1": True, "0": False, "1.0": True, "0.0": False, "true": True, "false": False}
Decision = tuple[int, int, bool]
"""Places of two records, and whether they are one person."""


def read_decisions(path: Path, records: Records) -> list[Decision]:
    """Raises Unusable, which names the first row that is wrong, as a spreadsheet numbers it."""
    try:
        columns = read_sheet(path).columns
    except FileUnreadable as error:
        raise Unusable(str(error)) from None
    if lacking := [name for name in (_LEFT, _RIGHT, _MATCH) if name not in columns]:
        raise Unusable(
            f"{path.name}: it lacks the column {' and '.join(lacking)}; it needs {_LEFT}, {_RIGHT}, {_MATCH}"
        )
    left, right, said = (columns[name].to_pylist() for name in (_LEFT, _RIGHT, _MATCH))
    places = places_of(records, sorted({id_ for id_ in (*left, *right) if id_ is not None}))
    decisions = []
    for row, (a, b, word) in enumerate(zip(left, right, said, strict=True), start=2):
        if a not in places or b not in places or a == b:
            raise Unusable(f"{path.name}, row {row}: these are not two records of the files; ids must be theirs")
        match = _SAID.get((word or "").strip().casefold())
        if match is None:
            raise Unusable(f"{path.name}, row {row}: match must be 1 (one person) or 0 (two)")
        decisions.append((places[a], places[b], match))
    return decisions


def labels_of(decisions: list[Decision], records: Records, model: Model, frequencies: Counted) -> Labels:
    """The decided pairs as the model sees them; the halves share no record, as far as halving allows."""
    match = np.array([said for _, _, said in decisions], dtype=bool)
    pairs = [(a, b) for a, b, _ in decisions]
    return Labels(seen(pairs, records, model, frequencies), match, _halves(pairs))


def seen(pairs: list[tuple[int, int]], records: Records, model: Model, frequencies: Counted) -> Seen:
    plain = {place: records.plain(place) for place in sorted({place for pair in pairs for place in pair})}
    return Slots(model).seen(model, (compare(plain[a], plain[b]) for a, b in pairs), frequencies)


def _halves(pairs: list[tuple[int, int]]) -> np.ndarray:
    """Groups of pairs that hang together by a record go into the smaller half so far, the largest group first."""
    root: dict[int, int] = {}

    def first(place: int) -> int:
        while root.setdefault(place, place) != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for a, b in pairs:
        root[first(a)] = first(b)
    groups: dict[int, list[int]] = {}
    for number, (a, _) in enumerate(pairs):
        groups.setdefault(first(a), []).append(number)
    half = np.zeros(len(pairs), dtype=bool)
    sizes = [0, 0]
    for numbers in sorted(groups.values(), key=lambda group: (-len(group), group[0])):
        into = int(sizes[1] < sizes[0])
        half[numbers] = bool(into)
        sizes[into] += len(numbers)
    return half
