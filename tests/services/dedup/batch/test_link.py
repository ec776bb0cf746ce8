"""A file is linked without labels, and the model's promises hold."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from services.dedup.batch import link as batch_link
from services.dedup.batch import store
from services.dedup.batch.checkpoint import Checkpoint
from services.dedup.batch.cluster import within
from services.dedup.batch.evaluate import quality
from services.dedup.batch.link import Linked, link
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.pairs import Pairs
from services.dedup.batch.records import Records
from services.dedup.model import load_model

PEOPLE = 3_000
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


def test_nothing_depends_on_how_the_file_was_sorted(simulated: Any) -> None:
    columns, _ = simulated
    ids = pa.chunked_array([pa.array([f"r{row:05d}" for row in range(PEOPLE)])])
    source = np.zeros(PEOPLE, dtype=np.int32)
    found = []
    for order in (np.arange(PEOPLE), np.random.default_rng(3).permutation(PEOPLE)):
        shuffled = {name: column.take(pa.array(order)) for name, column in {**columns, "record_id": ids}.items()}
        records = normalise_columns(shuffled, source).by_id()
        found.append(link(records, None, None, False, DAY, silent))
        assert records.rows(np.arange(PEOPLE)).tolist() == order.tolist()
    one, other = found
    assert one.model.dump() == other.model.dump()
    assert (one.clusters == other.clusters).all()
    assert (one.pairs.bits == other.pairs.bits).all()


def test_a_run_that_was_broken_off_goes_on_from_what_it_had_compared(
    records: Records, linked: Linked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "RECORDS_A_PART", 500)
    compared: list[int] = []
    compare_part = batch_link._part

    def counting(weigher: Any, pairs: Any, which: int, between: Any) -> Any:
        if len(compared) == 3:
            raise KeyboardInterrupt
        compared.append(which)
        return compare_part(weigher, pairs, which, between)

    monkeypatch.setattr(batch_link, "_part", counting)
    with pytest.raises(KeyboardInterrupt):
        link(records, None, None, False, DAY, silent, resume=tmp_path / "resume")
    compared.clear()
    again = link(records, None, None, False, DAY, silent, resume=tmp_path / "resume")
    assert len(compared) == -(-PEOPLE // 500) - 3
    assert (again.clusters == linked.clusters).all()
    assert not (tmp_path / "resume").exists()


def test_what_another_run_had_compared_is_not_taken(records: Records, tmp_path: Path) -> None:
    other = Checkpoint(tmp_path / "resume", b"another run")
    nothing = np.zeros(0, dtype=np.int64)
    other.keep(0, Pairs(nothing, nothing, nothing.astype(float), nothing.astype(float), np.zeros((0, 12))), 0)
    assert len(link(records, None, None, False, DAY, silent, resume=tmp_path / "resume").pairs.left) > 0
