"""A file is linked without labels, and the model's promises hold."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from services.dedup.batch.cluster import within
from services.dedup.batch.evaluate import quality
from services.dedup.batch.link import Linked, link
from services.dedup.batch.records import Records
from services.dedup.model import load_model

DAY = date(2026, 11, 22)


def silent(what: str, done: float) -> None:
    pass


@pytest.fixture(scope="module")
def linked(records: Records) -> Linked:
    return link(records, None, None, False, DAY, silent)


def test_most_records_of_one_person_are_found_and_few_others(linked: Linked, truth: np.ndarray) -> None:
    found = quality(linked.clusters, truth).pairs
    assert found.precision > 0.96
    assert found.f1 > 0.92


def test_probabilities_mean_what_they_say(linked: Linked, truth: np.ndarray) -> None:
    pairs = linked.pairs
    sure = pairs.probability > 0.95
    right = truth[pairs.left[sure]] == truth[pairs.right[sure]]
    assert abs(right.mean() - pairs.probability[sure].mean()) < 0.02


def test_a_run_can_be_repeated(records: Records, linked: Linked) -> None:
    again = link(records, None, None, False, DAY, silent)
    assert (again.clusters == linked.clusters).all()
    assert again.model.dump() == linked.model.dump()


def test_a_model_that_is_given_is_used(records: Records) -> None:
    found = link(records, load_model(), 0.9, False, DAY, silent)
    assert found.model.version == load_model().version
    assert found.threshold == 0.9


def test_no_two_of_one_file_are_linked_where_only_links_between_files_are_asked_for(records: Records) -> None:
    sources = np.arange(len(records), dtype=np.int32) % 2
    found = link(replace(records, source=sources), load_model(), None, True, DAY, silent)
    assert (sources[found.pairs.left] != sources[found.pairs.right]).all()


def test_all_pairs_within_labels_are_listed() -> None:
    left, right = within(np.array([3, 1, 3, 3, 2]))
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == {(0, 2), (0, 3), (2, 3)}
