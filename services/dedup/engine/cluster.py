"""From links between pairs to clusters, one a person, without chains through records that contradict.

A ~ B and B ~ C do not make A and C one person where A and C have two given names. Links are taken strongest
first, and one that would bring two contradicting records into one cluster is left out: of every chain between
them the weakest link gives way (Kruskal 1956: the chain of the maximum spanning tree).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar


class Ordered(Protocol):
    """What has an order of its own: a record's id, or its place."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


Id = TypeVar("Id", bound=Ordered)


def cluster(links: Iterable[tuple[Id, Id, float]], apart: Mapping[Id, set[Id]]) -> dict[Id, Id]:
    """Each linked record -> its cluster's least record.

    links: (left, right, bits), either way round. apart: record -> those that it must not be with, either way round;
    a link between two such records is left out as well. The same whatever the order of the links and their sides;
    of two links equally strong the one between lesser records is taken first. Cost: of sorting the links.
    """
    members: dict[Id, set[Id]] = {}
    against: dict[Id, set[Id]] = {}
    root: dict[Id, Id] = {}
    turned = ((a, b, bits) if a < b else (b, a, bits) for a, b, bits in links)
    for a, b, _ in sorted(turned, key=lambda link: (-link[2], link[0], link[1])):
        one, other = root.setdefault(a, a), root.setdefault(b, b)
        if one == other:
            continue
        for each, first in ((one, a), (other, b)):
            if each not in members:
                members[each], against[each] = {first}, set(apart.get(first, ()))
        if not _contradict(members, against, one, other):
            into, gone = (one, other) if len(members[one]) >= len(members[other]) else (other, one)
            _merge(members, against, root, into, gone)
    return {record: least for held in members.values() for least in [min(held)] for record in held}


def _contradict(members: Mapping[Id, set[Id]], against: Mapping[Id, set[Id]], one: Id, other: Id) -> bool:
    return not (members[one].isdisjoint(against[other]) and members[other].isdisjoint(against[one]))


def _merge(members: dict[Id, set[Id]], against: dict[Id, set[Id]], root: dict[Id, Id], into: Id, gone: Id) -> None:
    for record in members[gone]:
        root[record] = into
    members[into] |= members.pop(gone)
    against[into] |= against.pop(gone)
