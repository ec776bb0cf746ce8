"""Clusters of a file's records, without chains through records that contradict."""

from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Flags, Floats, Ints
from services.dedup.batch.kernel.blocks import join
from services.dedup.batch.weigh import Weigher

LONGEST_STEP = 200
"""Of a cluster with more members, only those so near in the order of the file are held against each other."""
_AT_A_TIME = 2_000_000


class Clusters(NamedTuple):
    """labels: of each record, the place of its cluster's least record. refused: which links would contradict."""

    labels: Ints
    refused: Flags


def cluster(size: int, left: Ints, right: Ints, bits: Floats, weigher: Weigher, least: float) -> Clusters:
    """First whatever is linked, then the pairs within it that have fewer than `least` bits, then again without them.

    left, right, bits: the links, left < right. As `engine.cluster` does it: the strongest first, of equally strong
    ones the one between lesser records.
    """
    order = np.lexsort((right, left, -bits))
    left, right = left[order], right[order]
    nothing = np.zeros(0, dtype=np.int64)
    labels, refused = _joined(size, left, right, nothing)
    apart = _apart(labels, weigher, least)
    if len(apart):
        labels, refused = _joined(size, left, right, apart)
    in_their_order = np.zeros(len(order), dtype=bool)
    in_their_order[order] = refused
    return Clusters(labels, in_their_order)


def _joined(size: int, left: Ints, right: Ints, apart: Ints) -> tuple[Ints, Flags]:
    root, after, members = np.arange(size), np.arange(size), np.ones(size, dtype=np.int64)
    refused = np.zeros(len(left), dtype=bool)
    join(left, right, apart, root, after, members, refused)
    least = np.full(size, size, dtype=np.int64)
    np.minimum.at(least, root, np.arange(size))
    return least[root], refused


def _apart(labels: Ints, weigher: Weigher, least: float) -> Ints:
    left, right = within(labels)
    found = []
    for start in range(0, len(left), _AT_A_TIME):
        a, b = left[start : start + _AT_A_TIME], right[start : start + _AT_A_TIME]
        against = weigher.bits(a, b, least) < least
        found.append(a[against] * len(labels) + b[against])
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def within(labels: Ints) -> tuple[Ints, Ints]:
    """Pairs of records that bear one label, left < right; of a label with many, those LONGEST_STEP apart at most."""
    order = np.argsort(labels, kind="stable")
    sorted_labels = labels[order]
    left, right = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for step in range(1, min(len(labels), LONGEST_STEP + 1)):
        same = np.flatnonzero(sorted_labels[step:] == sorted_labels[:-step])
        if not len(same):
            break
        left.append(order[same])
        right.append(order[same + step])
    return np.concatenate(left), np.concatenate(right)
