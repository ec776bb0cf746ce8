"""A file is linked on Spark as it is in this process: the same pairs, evidence, model and clusters, bit by bit."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.dedup.batch.inputs import read_inputs
from services.dedup.batch.link import link
from services.dedup.model import load_model
from services.dedup.spark import block
from services.dedup.spark.link import link as link_on_spark
from services.dedup.spark.session import started

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 simulated registrations of clerks who err a lot."""
    path = tmp_path_factory.mktemp("simulated") / "people.csv"
    told("simulate", "--records", "2000", "--noise", "heavy", "--out", str(path), "--seed", "3")
    return path


@pytest.fixture(scope="module")
def _spark() -> Iterator[None]:
    """One Spark for all tests. Java starts in half the time if it compiles only lightly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        patch.setattr(block, "RECORDS_A_TASK", 300)  # few records are dealt out as many would be
        with started():
            yield


def told(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def silent(what: str, done: float) -> None:
    pass


@pytest.mark.usefixtures("_spark")
def test_a_file_is_linked_into_the_same_clusters_by_either_engine(sheet: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.json"  # one rule of ours is called «address» too
    mapping.write_text(json.dumps({"columns": {"address_text": {"compare": "text", "name": "address"}}}))
    here, there = tmp_path / "local", tmp_path / "spark"
    for out in (here, there):
        told("link", str(sheet), "--map", str(mapping), "--out", str(out), "--engine", out.name)
    assert (here / "clusters.csv").read_bytes() == (there / "clusters.csv").read_bytes()
    assert len(set((here / "clusters.csv").read_text().splitlines())) == 2_001
    mine, other = (pyarrow.parquet.read_table(out / "pairs.parquet") for out in (here, there))
    assert len(mine) > 500
    assert mine.equals(other)


@pytest.mark.usefixtures("_spark")
def test_a_given_model_finds_the_same_between_files_by_the_same_rules(sheet: Path) -> None:
    records = read_inputs((sheet,), None).records()
    records = replace(records, source=np.arange(len(records), dtype=np.int32) % 2)
    mine, other = (run(records, load_model(), 0.9, True, DAY, silent) for run in (link, link_on_spark))
    assert mine.blocked.refined > 100
    assert mine.blocked.rules == other.blocked.rules
    assert mine.candidates == other.candidates
    assert (mine.blocked.narrow == other.blocked.narrow).all()
    for column, theirs in zip(vars(mine.pairs).values(), vars(other.pairs).values(), strict=True):
        assert np.array_equal(column, theirs)
    assert np.array_equal(mine.clusters, other.clusters)
    assert mine.model.dump() == other.model.dump()


def test_without_java_it_is_said_what_is_needed(sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("-c", "from services.cli.main import app; app()", "link", sheet, "--out", out, "--engine", "spark")
    nowhere = os.environ | {"JAVA_HOME": str(tmp_path / "none")}
    ended = subprocess.run((sys.executable, *words), env=nowhere, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "Java 17 or newer" in ended.stdout
    assert not out.exists()


def test_without_spark_it_is_said_how_to_install_it(
    sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith(("pyspark", "services.dedup.spark."))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    result = CliRunner().invoke(app, ["link", str(sheet), "--out", str(tmp_path / "out"), "--engine", "spark"])
    assert result.exit_code == 1
    assert "pip install 'sijill[spark]'" in result.output
