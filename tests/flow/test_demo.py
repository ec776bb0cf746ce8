"""`sijill demo` as a newcomer runs it: real processes, a PostgreSQL of its own, the real API."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXPECTED = json.loads((ROOT / "examples" / "expected.json").read_text("utf-8"))
HOUSEHOLDS = 120
SYSTEM_CHOOSES = {f"SIJILL_{name}_PORT": "0" for name in ("REGISTRY", "DEDUP", "IDENTITY", "NAFATH_MOCK")}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The finished command and the directory it ran in."""
    folder = tmp_path_factory.mktemp("demo")
    command = [
        sys.executable, "-m", "services.cli.main", "demo", "--households", str(HOUSEHOLDS), "--seed", "3", "--exit",
        "--json", str(folder / "out.json"), "--data-dir", str(folder / "house"),
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name != "SIJILL_DATABASE_URL"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment | SYSTEM_CHOOSES, capture_output=True, text=True, timeout=400, check=False
    )
    return done, folder


@pytest.fixture(scope="module")
def said(ran: tuple[subprocess.CompletedProcess[str], Path]) -> dict[str, Any]:
    done, folder = ran
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    summary: dict[str, Any] = json.loads((folder / "out.json").read_text("utf-8"))
    return summary


def test_every_request_is_stored_and_counted(said: dict[str, Any]) -> None:
    stored = [row for row in said["examples"] if row["request"]]

    assert said["requests"] == said["truth"]["requests"] - said["refused"] + len(stored)
    assert said["truth"]["requests"] > HOUSEHOLDS
    assert said["refused"] <= said["truth"]["requests"] // 100
    assert said["households"] <= said["persons"] <= said["requests"]


def test_the_doubles_are_found_and_little_else(said: dict[str, Any]) -> None:
    pairs = said["pairs"]

    assert pairs["true"] == said["truth"]["pairs"] > 10
    assert said["precision"] == pytest.approx(pairs["right"] / pairs["found"])
    assert said["recall"] == pytest.approx(pairs["right"] / pairs["true"])
    assert said["precision"] > 0.8
    assert said["recall"] > 0.7


def test_the_report_holds_what_the_summary_counts(
    said: dict[str, Any], ran: tuple[subprocess.CompletedProcess[str], Path]
) -> None:
    findings = json.loads(Path(said["report"]["json"]).read_text("utf-8"))["findings"]
    with Path(said["report"]["csv"]).open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))

    for certainty in ("confirmed", "suspected"):
        count = said["overlaps"][certainty]
        assert sum(each["certainty"] == certainty for each in findings) == count
        assert sum(row["certainty"] == certainty for row in rows) == count
    assert "precision" in ran[0].stdout


def test_overlap_is_told_by_zone(said: dict[str, Any]) -> None:
    zones = {line["zone"]: line for line in said["overlap_by_zone"]}

    assert zones["SA-02-02"]["requests"] > 0
    assert zones["SA-02-02"]["requests_in_overlap"]["confirmed"] > 0
    assert sum(line["requests"] for line in zones.values()) == said["requests"]


def test_the_mistakes_in_the_example_files_are_sent_back_and_nothing_else_is(said: dict[str, Any]) -> None:
    sent_back = {(row["file"], row["ref"]) for row in said["examples"] if row["status"] == "not_stored"}

    assert sent_back == {(mistake["file"], mistake["ref"]) for mistake in EXPECTED["mistakes"]}
    assert len(said["examples"]) == 180


def test_most_doubles_in_the_example_files_are_caught_with_a_reason_in_both_languages(said: dict[str, Any]) -> None:
    rows = {(row["file"], row["ref"]): row for row in said["examples"]}
    caught = [case for case in EXPECTED["caught"] if "held" in _statuses(case, rows)]
    held = [row for row in said["examples"] if row["status"] == "held"]

    assert len(caught) >= 0.8 * len(EXPECTED["caught"])
    assert all(row["why"]["ar"] and row["why"]["en"] for row in held)


def test_no_national_id_is_printed_or_reported(
    said: dict[str, Any], ran: tuple[subprocess.CompletedProcess[str], Path]
) -> None:
    done, folder = ran
    shown = done.stdout + done.stderr + "".join(
        file.read_text("utf-8", "replace")
        for place in ("house/logs", "house/report")
        for file in (folder / place).iterdir()
    ) + json.dumps(said)  # fmt: skip
    with (ROOT / "examples" / "jeddah-women.csv").open(encoding="utf-8", newline="") as lines:
        numbers = [row["National ID"] for row in csv.DictReader(lines) if row["National ID"]]

    assert len(numbers) > 20
    assert [number for number in numbers if number in shown] == []


def _statuses(case: dict[str, Any], rows: dict[tuple[str, str], dict[str, Any]]) -> set[str]:
    return {rows[row["file"], row["ref"]]["status"] for row in case["rows"]}
