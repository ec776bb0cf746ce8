"""Clusters against the truth, by pairs and by records."""

from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Ints


class Agreed(NamedTuple):
    """precision, recall and their harmonic mean, each in [0, 1]; 1 where there is nothing to be wrong about."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Quality(NamedTuple):
    """pairs: of records put together. records: B-cubed (Bagga & Baldwin 1998), the mean over records."""

    pairs: Agreed
    records: Agreed
    true_pairs: int
    found_pairs: int


def quality(found: Ints, truth: Ints) -> Quality:
    """found, truth: labels of the same records, in one order."""
    both = _sizes(_codes(found) * (len(truth) + 1) + _codes(truth))
    ours, theirs = _sizes(found), _sizes(truth)
    together, put, true = (_pairs(sizes) for sizes in (both, ours, theirs))
    pairs = Agreed(together / put if put else 1.0, together / true if true else 1.0)
    if not len(found):
        return Quality(pairs, Agreed(1.0, 1.0), 0, 0)
    shared = both.of_record
    records = Agreed(float((shared / ours.of_record).mean()), float((shared / theirs.of_record).mean()))
    return Quality(pairs, records, true, put)


class _Sizes(NamedTuple):
    """counts: of each label. of_record: the size of each record's group."""

    counts: Ints
    of_record: Ints


def _codes(labels: Ints) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _sizes(labels: Ints) -> _Sizes:
    _, which, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return _Sizes(counts, counts[which])


def _pairs(sizes: _Sizes) -> int:
    return int((sizes.counts * (sizes.counts - 1) // 2).sum())
