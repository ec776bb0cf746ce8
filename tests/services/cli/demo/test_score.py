from services.cli.demo.score import Score, score_pairs, score_requests, true_pairs

STORED = {0: "a", 1: "b", 2: "c", 3: "d"}


def pair(one: str, other: str) -> frozenset[str]:
    return frozenset((one, other))


def test_a_pair_is_right_whichever_side_was_flagged() -> None:
    true = true_pairs({(1, 0), (3, 2)}, STORED)

    assert score_pairs([pair("a", "b")], true, STORED.values()) == Score(found=1, right=1, true=2)


def test_a_pair_with_a_request_from_elsewhere_is_wrong_and_one_wholly_from_elsewhere_does_not_count() -> None:
    true = true_pairs({(1, 0)}, STORED)
    found = [pair("a", "b"), pair("a", "x"), pair("x", "y")]

    assert score_pairs(found, true, STORED.values()) == Score(found=2, right=1, true=1)


def test_an_overlap_with_a_request_that_was_refused_counts_as_missed() -> None:
    true = true_pairs({(9, 0)}, STORED)

    assert score_pairs([], true, STORED.values()).recall == 0.0


def test_requests_count_once_however_many_pairs_they_are_in() -> None:
    true = true_pairs({(1, 0), (2, 0), (2, 1)}, STORED)
    found = [pair("a", "b"), pair("a", "c"), pair("c", "d")]

    assert score_requests(found, true, STORED.values()) == Score(found=4, right=3, true=3)


def test_nothing_found_has_no_precision_rather_than_a_perfect_one() -> None:
    assert Score(found=0, right=0, true=3).precision is None
    assert Score(found=0, right=0, true=0).recall is None
