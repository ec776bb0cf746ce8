"""What `sijill link` reaches by default, on simulated files of known truth.

The floors are a little below what was measured, so that a step back is seen.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
from rich.console import Console

from services.cli.link import invent
from services.dedup.batch.calibration import calibration_error, reliability
from services.dedup.batch.coded import Flags, Ints
from services.dedup.batch.evaluate import quality
from services.dedup.batch.inputs import read_inputs
from services.dedup.batch.link import Linked, link
from services.dedup.batch.read import read_sheet
from services.dedup.batch.records import Records


class Run(NamedTuple):
    records: Records
    linked: Linked
    truth: Ints

    def right(self) -> Flags:
        return np.asarray(self.truth[self.linked.pairs.left] == self.truth[self.linked.pairs.right])


@pytest.fixture(scope="module", params=["usual", "heavy"])
def noise(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def run(noise: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    sheet = tmp_path_factory.mktemp("people") / "people.csv"
    invent.simulate(10_000, sheet, noise, 41, Console(quiet=True))
    records = read_inputs([sheet], None).records()
    answers = read_sheet(sheet.with_name(f"{sheet.stem}.truth{sheet.suffix}")).columns
    person = dict(zip(answers["record_id"].to_pylist(), answers["person_id"].to_pylist(), strict=True))
    truth = np.unique([person[id_] for id_ in records.ids.to_pylist()], return_inverse=True)[1]
    return Run(records, link(records, None, None, False, date(2026, 11, 22), lambda what, done: None), truth)


def test_clusters_are_right_and_few_are_missed(run: Run, noise: str) -> None:
    found = quality(run.linked.clusters, run.truth).pairs
    least_precision, least_f1 = (0.985, 0.985) if noise == "usual" else (0.97, 0.955)
    assert found.precision >= least_precision
    assert found.f1 >= least_f1


def test_links_that_need_no_person_are_right(run: Run) -> None:
    sure = run.linked.pairs.probability >= run.linked.model.upper
    assert sure.sum() > 1_000
    assert run.right()[sure].mean() >= 0.995


def test_probabilities_mean_what_they_say(run: Run, noise: str) -> None:
    """With heavy noise they are somewhat too sure between one half and .95: the aim of .02 is not reached there."""
    error = calibration_error(reliability(run.linked.pairs.probability, run.right()))
    assert error is not None
    assert error <= (0.02 if noise == "usual" else 0.045)


def test_no_cluster_grows_far_beyond_what_one_person_has(run: Run) -> None:
    assert np.bincount(run.linked.clusters).max() <= np.bincount(run.truth).max() + 3
