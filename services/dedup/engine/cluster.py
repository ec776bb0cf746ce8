"""From links between pairs to clusters, one a person, without chains through records that contradict.

A ~ B and B ~ C do not make A and C one person where A and C have two given names. Links are taken strongest
first, and one that would bring two contradicting records into one cluster is left out: of every chain between
them the weakest link gives way (Kruskal 1956: the chain of the maximum spanning tree). So is one between two
clusters whose records speak against each other on the whole (average linkage, Sokal & Michener 1958).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar


class Ordered(Protocol):
    """What has an order of its own: a record's id, or its place."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


Id = TypeVar("Id", bound=Ordered)


def cluster(
    links: Iterable[tuple[Id, Id, float]], odds: Mapping[tuple[Id, Id], float], least: float = -10.0
) -> dict[Id, Id]:
    """Each linked record -> its cluster's least record.

    links: (left, right, bits), either way round. odds: log odds in bits of pairs, the lesser record first, that they
    are of one person. Two clusters stay apart if a pair between them has odds below `least`, or if all of those that
    are known have a negative mean. The same whatever the order of the links and their sides; of two links equally
    strong the one between lesser records is taken first. Cost: of sorting the links, and of the pairs within clusters.
    """
    members: dict[Id, set[Id]] = {}
    root: dict[Id, Id] = {}
    turned = ((a, b, bits) if a < b else (b, a, bits) for a, b, bits in links)
    for a, b, _ in sorted(turned, key=lambda link: (-link[2], link[0], link[1])):
        one, other = root.setdefault(a, a), root.setdefault(b, b)
        if one == other:
            continue
        ours, theirs = members.setdefault(one, {one}), members.setdefault(other, {other})
        if contradict(ours, theirs, odds, least):
            continue
        ours |= theirs
        root.update(dict.fromkeys(theirs, one))
        del members[other]
    return {record: low for held in members.values() for low in [min(held)] for record in held}


def contradict(ours: set[Id], theirs: set[Id], odds: Mapping[tuple[Id, Id], float], least: float) -> bool:
    """Whether two groups of records cannot be one person."""
    known = [
        odds[pair] for a in ours for b in theirs for pair in [(a, b) if a < b else (b, a)] if pair in odds
    ]  # fmt: skip
    return bool(known) and (min(known) < least or sum(known) < 0)
