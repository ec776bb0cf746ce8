"""Clusters and scored pairs against the truth."""

import csv
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet


class Found(NamedTuple):
    """Pairs put together against true pairs, each in [0, 1]; threshold: the probability that gave it, if sought."""

    precision: float
    recall: float
    f1: float
    threshold: float | None = None


class Together:
    """Records put together link by link, and how many pairs of them belong together."""

    def __init__(self, truth: dict[str, str]) -> None:
        self._root = {record: record for record in truth}
        self._persons = {record: Counter([person]) for record, person in truth.items()}
        self._true = sum(count * (count - 1) // 2 for count in Counter(truth.values()).values())
        self._put = self._right = 0

    def link(self, a: str, b: str) -> None:
        one, other = self._find(a), self._find(b)
        if one == other:
            return
        into, gone = (one, other) if len(self._persons[one]) >= len(self._persons[other]) else (other, one)
        ours, theirs = self._persons[into], self._persons.pop(gone)
        self._put += ours.total() * theirs.total()
        self._right += sum(ours[person] * count for person, count in theirs.items())
        ours.update(theirs)
        self._root[gone] = into

    def found(self, threshold: float | None = None) -> Found:
        precision = self._right / self._put if self._put else 1.0
        recall = self._right / self._true if self._true else 1.0
        both = precision + recall
        return Found(precision, recall, 2 * precision * recall / both if both else 0.0, threshold)

    def _find(self, record: str) -> str:
        while self._root[record] != record:
            self._root[record] = record = self._root[self._root[record]]
        return record


def of_clusters(path: Path, truth: dict[str, str]) -> Found:
    """The clusters of a file of record_id and cluster_id."""
    together, first = Together(truth), dict[str, str]()
    for record, cluster in labels(path).items():
        together.link(record, first.setdefault(cluster, record))
    return together.found()


def at_best(pairs: Path, truth: dict[str, str]) -> Found:
    """Connected components at the threshold that the truth likes best; nobody has that in the field."""
    table = pyarrow.parquet.read_table(pairs, columns=["record_id_l", "record_id_r", "probability", "bits"])
    table = table.sort_by([("bits", "descending")])
    rows: Iterable[tuple[str, str, float, float]] = zip(*(column.to_pylist() for column in table.columns), strict=True)
    together = Together(truth)
    best = together.found(1.0)
    for _, tied in groupby(rows, key=lambda row: row[3]):
        links = list(tied)
        for a, b, _, _ in links:
            together.link(a, b)
        best = max(best, together.found(links[0][2]), key=lambda found: found.f1)
    return best


def labels(path: Path) -> dict[str, str]:
    """The first column -> the second."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {row[0]: row[1] for row in rows}
