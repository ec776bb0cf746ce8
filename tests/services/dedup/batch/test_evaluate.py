"""Quality of clusters and links, against plain sets of pairs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.batch.evaluate import agreed_pairs, by_group, joined, link_mates, quality, totals, true_pairs
from services.dedup.batch.evaluate import cluster_mates as mates_of

Labelled = list[tuple[int, int, bool]]
labelled = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=14)
"""Records: the label found, the true one, and whether the record is in a group."""


def columns(records: Labelled) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found, truth, within = zip(*records, strict=True) if records else ((), (), ())
    return np.array(found, dtype=np.int64), np.array(truth, dtype=np.int64), np.array(within, dtype=bool)


def pairs_of(labels: np.ndarray) -> set[tuple[int, int]]:
    return {(a, b) for a, b in combinations(range(len(labels)), 2) if labels[a] == labels[b]}


def test_a_perfect_answer_is_perfect() -> None:
    found = quality(np.array([1, 1, 2]), np.array([7, 7, 9]))
    assert (found.pairs.f1, found.records.f1) == (1.0, 1.0)


def test_pairs_and_records_are_counted() -> None:
    found = quality(np.array([1, 1, 1, 2]), np.array([1, 1, 2, 2]))
    assert (found.pairs.precision, found.pairs.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 2))
    assert found.records.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.records.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)


def test_nothing_put_together_is_precise_and_finds_nothing() -> None:
    found = quality(np.array([1, 2]), np.array([5, 5])).pairs
    assert (found.precision, found.recall, found.f1) == (1.0, 0.0, 0.0)


@given(labelled)
def test_precision_and_recall_are_those_of_the_sets_of_pairs(records: Labelled) -> None:
    found, truth, _ = columns(records)
    ours, theirs = pairs_of(found), pairs_of(truth)
    judged = quality(found, truth)
    assert (judged.found_pairs, judged.true_pairs, true_pairs(truth)) == (len(ours), len(theirs), len(theirs))
    assert judged.pairs.precision == pytest.approx(len(ours & theirs) / len(ours) if ours else 1)
    assert judged.pairs.recall == pytest.approx(len(ours & theirs) / len(theirs) if theirs else 1)


@given(labelled)
def test_b_cubed_is_the_mean_over_records_of_the_share_of_the_cluster_that_is_theirs(records: Labelled) -> None:
    found, truth, _ = columns(records)
    shares = []
    for place in range(len(records)):
        ours = {other for other in range(len(records)) if found[other] == found[place]}
        theirs = {other for other in range(len(records)) if truth[other] == truth[place]}
        shares.append((len(ours & theirs) / len(ours), len(ours & theirs) / len(theirs)))
    judged = quality(found, truth).records
    assert judged.precision == pytest.approx(np.mean([p for p, _ in shares]) if shares else 1)
    assert judged.recall == pytest.approx(np.mean([r for _, r in shares]) if shares else 1)


@given(labelled)
def test_a_group_answers_for_the_ends_of_pairs_that_lie_in_it(records: Labelled) -> None:
    found, truth, within = columns(records)
    ours, theirs = pairs_of(found), pairs_of(truth)

    def ends(pairs: set[tuple[int, int]]) -> int:
        return sum(int(within[end]) for pair in pairs for end in pair)

    counted = by_group(mates_of(found, truth), {"some": within})["some"]
    assert counted == (within.sum(), ends(ours), ends(ours - theirs), ends(theirs), ends(theirs - ours))


@given(labelled)
def test_groups_that_part_the_records_part_the_errors(records: Labelled) -> None:
    found, truth, within = columns(records)
    parts = by_group(mates_of(found, truth), {"in": within, "out": ~within, "all": np.ones(len(within), dtype=bool)})
    assert tuple(a + b for a, b in zip(parts["in"], parts["out"], strict=True)) == parts["all"]


def test_a_group_without_links_has_no_rate() -> None:
    found = by_group(mates_of(np.array([1, 2]), np.array([1, 2])), {"all": np.array([True, True])})["all"]
    assert (found.false_link_rate, found.missed_rate) == (None, None)


links = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]))


def ends_of(pairs: set[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(links, st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_links_are_judged_as_they_are_and_not_as_what_they_join(pairs: set[tuple[int, int]], people: list[int]) -> None:
    truth = np.array(people, dtype=np.int64)
    theirs = pairs_of(truth)
    mates = link_mates(*ends_of(pairs), truth)
    assert totals(mates) == (len(pairs), len(theirs), len(pairs & theirs))
    assert agreed_pairs(mates).precision == pytest.approx(len(pairs & theirs) / len(pairs) if pairs else 1)


@given(links)
def test_components_are_what_following_links_reaches(pairs: set[tuple[int, int]]) -> None:
    reached = {place: {place} for place in range(12)}
    for _ in range(12):
        for a, b in pairs:
            reached[a] = reached[b] = reached[a] | reached[b]
            for place in reached[a]:
                reached[place] = reached[a]
    assert joined(12, *ends_of(pairs)).tolist() == [min(reached[place]) for place in range(12)]


def test_a_chain_of_a_hundred_thousand_records_is_joined() -> None:
    places = np.random.default_rng(1).permutation(100_000)
    assert not joined(100_000, places[:-1], places[1:]).any()
