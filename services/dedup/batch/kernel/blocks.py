"""Pairs of blocks, and clusters of pairs."""

from services.dedup.batch.coded import Flags, Ints
from services.dedup.batch.kernel.compiled import compiled


@compiled
def measure(packed: Ints, place_bits: int, most: int) -> tuple[int, int, int]:
    """Of sorted keys, each with a place in its low bits: pairs of blocks of at most `most`, and the other blocks:
    how many entries they have, how many they are."""
    pairs = entries = blocks = 0
    start = 0
    while start < len(packed):
        end = _end(packed, start, place_bits)
        size = end - start
        if size > most:
            entries, blocks = entries + size, blocks + 1
        else:
            pairs += size * (size - 1) // 2
        start = end
    return pairs, entries, blocks


@compiled
def propose(packed: Ints, place_bits: int, most: int, size: int, pairs: Ints, large: Ints) -> int:
    """Pairs of small blocks as left * size + right, left < right; entries of large ones. Returns how many pairs.

    pairs, large: as long as `measure` says. A record that holds a key twice makes no pair with itself.
    """
    proposed = start = kept = 0
    mask = (1 << place_bits) - 1
    while start < len(packed):
        end = _end(packed, start, place_bits)
        if end - start > most:
            large[kept : kept + end - start] = packed[start:end]
            kept += end - start
        else:
            for i in range(start, end - 1):
                a = packed[i] & mask
                for j in range(i + 1, end):
                    b = packed[j] & mask
                    if a != b:
                        pairs[proposed] = a * size + b
                        proposed += 1
        start = end
    return proposed


@compiled
def _end(packed: Ints, start: int, place_bits: int) -> int:
    """Where the block that begins at `start` ends."""
    key, end = packed[start] >> place_bits, start + 1
    while end < len(packed) and packed[end] >> place_bits == key:
        end += 1
    return end


@compiled
def join(left: Ints, right: Ints, apart: Ints, root: Ints, after: Ints, members: Ints, refused: Flags) -> None:
    """Put left and right of each link into one cluster, first come first served, as `engine.cluster` does.

    apart: left * n + right of pairs that must not come together, left < right, sorted. root: of each of n records its
    cluster; at first itself. after: the next record of its cluster, in a ring; at first itself. members: of each
    cluster, at first 1. refused: set for links that would bring together what is apart.
    """
    for link in range(len(left)):
        one, other = root[left[link]], root[right[link]]
        if one == other:
            continue
        if len(apart) and _contradict(one, other, apart, after, len(root)):
            refused[link] = True
            continue
        into, gone = (one, other) if members[one] >= members[other] else (other, one)
        each = gone
        while True:
            root[each] = into
            each = after[each]
            if each == gone:
                break
        members[into] += members[gone]
        after[into], after[gone] = after[gone], after[into]


@compiled
def _contradict(one: int, other: int, apart: Ints, after: Ints, size: int) -> bool:
    ours = one
    while True:
        theirs = other
        while True:
            if _holds(apart, min(ours, theirs) * size + max(ours, theirs)):
                return True
            theirs = after[theirs]
            if theirs == other:
                break
        ours = after[ours]
        if ours == one:
            return False


@compiled
def _holds(ordered: Ints, value: int) -> bool:
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low < len(ordered) and ordered[low] == value
