"""How a cluster was built, told from its links, is how the clustering built it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.dedup.engine.cluster import cluster
from services.dedup.engine.history import how

PEOPLE = st.integers(0, 9)
PAIRS = st.tuples(PEOPLE, PEOPLE).filter(lambda pair: pair[0] != pair[1])
LINKS = st.lists(st.tuples(PAIRS, st.integers(1, 4).map(float)).map(lambda link: (*link[0], link[1])))
APART = st.sets(PAIRS, max_size=8)


def test_the_strongest_link_comes_first_and_the_last_one_is_the_weakest() -> None:
    found = how([("b", "c", 4.0), ("a", "b", 9.0)], {"a": "a", "b": "a", "c": "a"}, "a")
    assert [(join.left, join.right, join.weakest) for join in found.joins] == [("a", "b", False), ("b", "c", True)]


def test_a_join_says_how_large_either_side_was() -> None:
    links = [("a", "b", 9.0), ("c", "d", 8.0), ("b", "c", 3.0)]
    found = how(links, dict.fromkeys("abcd", "a"), "a")
    assert found.joins[-1].sizes == (2, 2)


def test_a_link_between_records_that_are_together_already_confirms() -> None:
    links = [("a", "b", 9.0), ("b", "c", 8.0), ("a", "c", 7.0)]
    assert how(links, dict.fromkeys("abc", "a"), "a").confirming == (("a", "c", 7.0),)


def test_a_link_that_was_left_out_names_who_contradicts() -> None:
    links = [("a", "b", 9.0), ("b", "c", 8.0)]
    found = how(links, {"a": "a", "b": "a", "c": "c"}, "a", {"a": {"c"}})
    assert [(out.inside, out.outside, out.contradicting) for out in found.left_out] == [("b", "c", (("a", "c"),))]


def test_a_record_without_a_link_has_no_history() -> None:
    assert how([], {"a": "a"}, "a").joins == ()


@given(LINKS, APART)
def test_the_history_is_that_of_the_clustering(links: Any, pairs: Any) -> None:
    apart: dict[int, set[int]] = {}
    for a, b in pairs:
        apart.setdefault(a, set()).add(b)
        apart.setdefault(b, set()).add(a)
    found = cluster(links, {(min(pair), max(pair)): -50.0 for pair in pairs})
    for label in set(found.values()):
        members = {record for record, of in found.items() if of == label}
        history = how(links, found, label, apart)
        assert len(history.joins) == len(members) - 1
        assert {record for join in history.joins for record in join[:2]} == (members if history.joins else set())
        assert all(out.contradicting for out in history.left_out)
        assert sum(join.weakest for join in history.joins) == min(1, len(history.joins))
        assert min((join.bits for join in history.joins), default=0) == sum(j.bits for j in history.joins if j.weakest)
