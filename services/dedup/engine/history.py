"""How a cluster came about: link by link, its weakest one, and the links that were left out."""

from collections.abc import Iterable, Mapping
from typing import Generic, NamedTuple

from services.dedup.engine.cluster import Id

Link = tuple[Id, Id, float]


class Join(NamedTuple, Generic[Id]):
    """A link that made two clusters one.

    sizes: records of the left record's cluster and of the right one's before it; what the cluster would fall into
    without the weakest link. weakest: of all the joins of the cluster this one has the least bits.
    """

    left: Id
    right: Id
    bits: float
    sizes: tuple[int, int]
    weakest: bool


class LeftOut(NamedTuple, Generic[Id]):
    """A link out of the cluster that was not taken. contradicting: the pairs that it would have put together."""

    inside: Id
    outside: Id
    bits: float
    contradicting: tuple[tuple[Id, Id], ...]


class History(NamedTuple, Generic[Id]):
    """joins: in the order made, one fewer than the records. confirming: links within that joined nothing more."""

    joins: tuple[Join[Id], ...]
    confirming: tuple[Link[Id], ...]
    left_out: tuple[LeftOut[Id], ...]


def how(
    links: Iterable[Link[Id]], clusters: Mapping[Id, Id], cluster: Id, apart: Mapping[Id, set[Id]] | None = None
) -> History[Id]:
    """How `cluster` was built, by the rule of `engine.cluster`: the strongest link first.

    links: (left, right, bits) that were strong enough, those of other clusters ignored. clusters: record -> cluster,
    as found. apart: record -> those that it must not be with, either way round, if that is known.
    """
    turned = ((a, b, bits) if a < b else (b, a, bits) for a, b, bits in links)
    ordered = sorted(turned, key=lambda link: (-link[2], link[0], link[1]))
    inside = [link for link in ordered if clusters.get(link[0]) == cluster == clusters.get(link[1])]
    across = [link for link in ordered if (clusters.get(link[0]) == cluster) != (clusters.get(link[1]) == cluster)]
    joins, confirming = _joined(inside)
    members = {record for record, label in clusters.items() if label == cluster}
    return History(joins, confirming, tuple(_left_out(link, clusters, members, apart or {}) for link in across))


def _joined(links: list[Link[Id]]) -> tuple[tuple[Join[Id], ...], tuple[Link[Id], ...]]:
    """Kruskal 1956: the links that join, and those within what was joined already. Strongest first, so the last
    join is the weakest."""
    part: dict[Id, set[Id]] = {}
    joins: list[Join[Id]] = []
    confirming = []
    for a, b, bits in links:
        one, other = part.setdefault(a, {a}), part.setdefault(b, {b})
        if one is other:
            confirming.append((a, b, bits))
            continue
        joins.append(Join(a, b, bits, (len(one), len(other)), False))
        one |= other
        part.update(dict.fromkeys(other, one))
    return (*joins[:-1], *(join._replace(weakest=True) for join in joins[-1:])), tuple(confirming)


def _left_out(link: Link[Id], clusters: Mapping[Id, Id], members: set[Id], apart: Mapping[Id, set[Id]]) -> LeftOut[Id]:
    a, b, bits = link
    inside, outside = (a, b) if a in members else (b, a)
    label = clusters.get(outside)
    others = {record for record, other in clusters.items() if other == label} if label is not None else {outside}
    pairs = ((member, against) for member in members for against in apart.get(member, set()) & others)
    return LeftOut(inside, outside, bits, tuple(sorted(pairs)))
