"""Pairs of blocks, and clusters of pairs."""

from services.dedup.batch.coded import Flags, Floats, Ints
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
def join(
    left: Ints, right: Ints, pairs: Ints, odds: Floats, least: float, root: Ints, after: Ints, members: Ints,
    refused: Flags,
) -> None:  # fmt: skip
    """Put left and right of each link into one cluster, first come first served, as `engine.cluster` does.

    pairs: left * n + right of pairs whose log odds are known, left < right, sorted; odds: theirs. Two clusters stay
    apart if any pair between them has odds below `least`, or all that are known have a negative mean. root: of each of
    n records its cluster; at first itself. after: the next record of its cluster, in a ring; at first itself.
    members: of each cluster, at first 1. refused: set for links that would join what is to stay apart.
    """
    for link in range(len(left)):
        one, other = root[left[link]], root[right[link]]
        if one == other:
            continue
        if len(pairs) and _contradict(one, other, pairs, odds, least, after, len(root)):
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
def _contradict(one: int, other: int, pairs: Ints, odds: Floats, least: float, after: Ints, size: int) -> bool:
    ours, known = one, 0.0
    while True:
        theirs = other
        while True:
            place = _place(pairs, min(ours, theirs) * size + max(ours, theirs))
            if place >= 0:
                if odds[place] < least:
                    return True
                known += odds[place]
            theirs = after[theirs]
            if theirs == other:
                break
        ours = after[ours]
        if ours == one:
            return known < 0.0


@compiled
def _place(ordered: Ints, value: int) -> int:
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low if low < len(ordered) and ordered[low] == value else -1
