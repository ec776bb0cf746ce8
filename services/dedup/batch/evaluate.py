"""Links against the truth: by pairs, by records, and by groups of records.

Everything is counted from the sizes of groups, never by listing pairs: n records cost a few sorts of n numbers,
whatever the groups' sizes.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Flags, Ints


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


class Mates(NamedTuple):
    """How many other records each record is linked to (found), how many are truly its person's, and how many are both.

    The sum of each is twice the number of such pairs, as every pair has two ends.
    """

    found: Ints
    true: Ints
    right: Ints


class GroupErrors(NamedTuple):
    """Errors among records of one group, counted by ends: a link between two groups is half of each.

    false_link_rate: of the links' ends in the group, the share of wrong links. missed_rate: of the true pairs' ends
    in the group, the share of those not linked. None where the group has no such end: there is no rate then.
    The average over a partition of all records, weighted by ends, is the rate of all.
    """

    records: int
    linked: int
    wrong: int
    true: int
    missed: int

    @property
    def false_link_rate(self) -> float | None:
        return self.wrong / self.linked if self.linked else None

    @property
    def missed_rate(self) -> float | None:
        return self.missed / self.true if self.true else None


def quality(found: Ints, truth: Ints) -> Quality:
    """found, truth: labels of the same records, in one order."""
    mates = cluster_mates(found, truth)
    put, true, _ = totals(mates)
    if not len(found):
        return Quality(Agreed(1.0, 1.0), Agreed(1.0, 1.0), 0, 0)
    shared = mates.right + 1
    records = Agreed(float((shared / (mates.found + 1)).mean()), float((shared / (mates.true + 1)).mean()))
    return Quality(agreed_pairs(mates), records, true, put)


def totals(mates: Mates) -> tuple[int, int, int]:
    """Pairs found, true, and right."""
    found, true, right = (int(ends.sum()) // 2 for ends in mates)
    return found, true, right


def agreed_pairs(mates: Mates) -> Agreed:
    """Precision and recall by pairs."""
    found, true, right = totals(mates)
    return Agreed(right / found if found else 1.0, right / true if true else 1.0)


def cluster_mates(found: Ints, truth: Ints) -> Mates:
    """found, truth: labels of the same records, in one order; each record is linked to all of its label."""
    ours, theirs = _codes(found), _codes(truth)
    both = _codes(ours * (4 * len(truth) + 1) + theirs)
    return Mates(_others(ours), _others(theirs), _others(both))


def link_mates(left: Ints, right: Ints, truth: Ints) -> Mates:
    """left, right: places of the linked records, each pair once; truth: the label of every record."""
    size = len(truth)
    same = truth[left] == truth[right]
    return Mates(_ends(left, right, size), _others(_codes(truth)), _ends(left[same], right[same], size))


def by_group(mates: Mates, groups: Mapping[str, Flags]) -> dict[str, GroupErrors]:
    """groups: name -> which of the records are in it; groups may overlap or leave records out."""
    wrong, missed = mates.found - mates.right, mates.true - mates.right
    return {
        name: GroupErrors(
            int(within.sum()), int(mates.found[within].sum()), int(wrong[within].sum()),
            int(mates.true[within].sum()), int(missed[within].sum()),
        )
        for name, within in groups.items()
    }  # fmt: skip


def true_pairs(truth: Ints) -> int:
    """How many pairs of records bear one label."""
    return int(_others(_codes(truth)).sum()) // 2


def joined(size: int, left: Ints, right: Ints) -> Ints:
    """The connected component of each of `size` records, as the place of its least record.

    Every round hangs the greater root of each link under the least one it meets; rounds grow as the logarithm of
    the longest chain in practice.
    """
    labels = np.arange(size, dtype=np.int64)
    while True:
        ours, theirs = labels[left], labels[right]
        apart = ours != theirs
        if not apart.any():
            return labels
        left, right, ours, theirs = left[apart], right[apart], ours[apart], theirs[apart]
        np.minimum.at(labels, np.maximum(ours, theirs), np.minimum(ours, theirs))
        labels = _roots(labels)


def _roots(labels: Ints) -> Ints:
    while True:
        above = labels[labels]
        if np.array_equal(above, labels):
            return labels
        labels = above


def _codes(labels: Ints) -> Ints:
    """The labels as integers from 0 to a small multiple of their number; such ones stay as they are, without a sort."""
    if len(labels) and labels.min() >= 0 and labels.max() <= 4 * len(labels):
        return labels.astype(np.int64)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _others(codes: Ints) -> Ints:
    """How many other records have each record's code."""
    return (np.bincount(codes)[codes] - 1).astype(np.int64) if len(codes) else codes


def _ends(left: Ints, right: Ints, size: int) -> Ints:
    return (np.bincount(left, minlength=size) + np.bincount(right, minlength=size)).astype(np.int64)
