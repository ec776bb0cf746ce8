"""Clusters of a file's records, without chains through records that contradict."""

from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Flags, Floats, Ints
from services.dedup.batch.kernel.blocks import join
from services.dedup.batch.weigh import Weigher

LONGEST_STEP = 200
"""Of a cluster with more members, only those so near in the order of the file are held against each other."""
MOST_ODDS = 20.0
"""Bits beyond which a pair's odds count for no more: no single pair settles what many say."""
_AT_A_TIME = 2_000_000
_NOTHING = np.zeros(0, dtype=np.int64)


class Clusters(NamedTuple):
    """labels: of each record, the place of its cluster's least record. refused: which links would contradict."""

    labels: Ints
    refused: Flags


def cluster(
    size: int, left: Ints, right: Ints, bits: Floats, weigher: Weigher, prior_bits: float, least: float
) -> Clusters:
    """First whatever is linked; then again, by the odds of all pairs within it, so that no chain brings together two
    records of less than `least` log odds, nor two groups that on the whole speak against each other.

    left, right, bits: the links, left < right. The strongest come first, of equally strong ones the one between lesser
    records, as in `engine.cluster`.
    """
    order = np.lexsort((right, left, -bits))
    left, right = left[order], right[order]
    labels, refused = _joined(size, left, right, _NOTHING, np.zeros(0), least)
    pairs, odds = _odds(labels, weigher, prior_bits)
    if len(pairs) and odds.min() < 0:
        labels, refused = _joined(size, left, right, pairs, odds, least)
    in_their_order = np.zeros(len(order), dtype=bool)
    in_their_order[order] = refused
    return Clusters(labels, in_their_order)


def _joined(size: int, left: Ints, right: Ints, pairs: Ints, odds: Floats, least: float) -> tuple[Ints, Flags]:
    root, after, members = np.arange(size), np.arange(size), np.ones(size, dtype=np.int64)
    refused = np.zeros(len(left), dtype=bool)
    join(left, right, pairs, odds, least, root, after, members, refused)
    lowest = np.full(size, size, dtype=np.int64)
    np.minimum.at(lowest, root, np.arange(size))
    return lowest[root], refused


def _odds(labels: Ints, weigher: Weigher, prior_bits: float) -> tuple[Ints, Floats]:
    """Codes of all pairs within a cluster, sorted, and their log odds, none beyond MOST_ODDS."""
    left, right = within(labels)
    bits = [
        weigher.bits(left[start : start + _AT_A_TIME], right[start : start + _AT_A_TIME])
        for start in range(0, len(left), _AT_A_TIME)
    ]
    odds = np.clip(np.concatenate(bits) + prior_bits, -MOST_ODDS, MOST_ODDS) if bits else np.zeros(0)
    codes = left * len(labels) + right
    order = np.argsort(codes)
    return codes[order], odds[order]


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
