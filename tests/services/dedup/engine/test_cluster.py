"""Clusters without chains, the same in whatever order the links come."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.cluster import cluster

PEOPLE = st.integers(0, 9)
LINKS = st.lists(st.tuples(PEOPLE, PEOPLE, st.integers(1, 4).map(float)).filter(lambda link: link[0] != link[1]))
APART = st.sets(st.tuples(PEOPLE, PEOPLE).filter(lambda pair: pair[0] != pair[1]), max_size=8)


def odds_of(pairs: set[tuple[Any, Any]], odds: float = -50.0) -> dict[tuple[Any, Any], float]:
    return {(min(pair), max(pair)): odds for pair in pairs}


def test_linked_records_are_one_person() -> None:
    assert cluster([("a", "b", 9.0), ("c", "b", 8.0)], {}) == {"a": "a", "b": "a", "c": "a"}


def test_a_chain_between_two_that_contradict_breaks_at_its_weakest_link() -> None:
    links = [("hassan", "h.", 9.0), ("h.", "hussein", 4.0), ("hussein", "hussein2", 8.0)]
    found = cluster(links, odds_of({("hassan", "hussein2")}))
    assert found["hassan"] == found["h."] != found["hussein"] == found["hussein2"]


def test_two_groups_that_speak_against_each_other_on_the_whole_stay_apart() -> None:
    links = [("a", "b", 9.0), ("c", "d", 9.0), ("b", "c", 4.0)]
    against = {("a", "b"): 9.0, ("c", "d"): 9.0, ("b", "c"): 2.0, ("a", "c"): -3.0, ("b", "d"): -3.0}
    assert len(set(cluster(links, against).values())) == 2
    assert len(set(cluster(links, {**against, ("b", "d"): 6.0}).values())) == 1


def test_two_that_contradict_are_not_linked_by_their_own_link() -> None:
    found = cluster([(1, 2, 9.0)], odds_of({(1, 2)}))
    assert found == {1: 1, 2: 2}


@given(LINKS, APART, st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_the_order_of_links_or_sides(links: Any, apart: Any, rng: Any) -> None:
    turned = [(b, a, bits) if rng.random() < 0.5 else (a, b, bits) for a, b, bits in links]
    rng.shuffle(turned)
    assert cluster(turned, odds_of(apart)) == cluster(links, odds_of(apart))


@given(LINKS, APART)
def test_no_cluster_holds_two_that_contradict(links: Any, apart: Any) -> None:
    found = cluster(links, odds_of(apart))
    assert not [pair for pair in apart if pair[0] in found and found[pair[0]] == found.get(pair[1])]


@given(LINKS)
def test_without_contradictions_clusters_are_what_hangs_together(links: Any) -> None:
    label = {person: person for a, b, _ in links for person in (a, b)}
    for _ in label:
        for a, b, _ in links:
            label[a] = label[b] = min(label[a], label[b])
    assert cluster(links, {}) == label
