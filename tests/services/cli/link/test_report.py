"""The report of a linkage: readable by itself, in both languages, and silent about people."""

import csv
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.cli.link.report.charts import between
from services.cli.link.report.page import page
from services.cli.link.report.texts import FIELDS, LEVELS, level, rule
from services.cli.link.report.thresholds import expected
from services.cli.main import app
from services.dedup.engine.compare import FIELDS as COMPARED
from services.dedup.model import load_model

VOID = {"meta", "rect", "line", "polyline", "circle"}


class Read(HTMLParser):
    """Counts the page's texts by language, and sees to it that every tag is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.languages = {"ar": 0, "en": 0}
        self.addresses: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "span" and found.get("lang"):
            assert found["dir"] == {"ar": "rtl", "en": "ltr"}[found["lang"] or ""]
            self.languages[found["lang"] or ""] += 1
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reported") / "people.csv"
    run("simulate", "--records", "1500", "--out", str(path), "--seed", "3", "--noise", "heavy")
    return path


@pytest.fixture(scope="module")
def told(people: Path) -> str:
    """The report of a linkage whose truth is known."""
    return linked(people, "--truth", str(people.with_name("people.truth.csv")))


def run(*words: str) -> None:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output


def linked(people: Path, *more: str) -> str:
    out = people.with_name("found")
    run("link", str(people), "--out", str(out), *more)
    return (out / "report.html").read_text(encoding="utf-8")


def test_the_page_is_whole_and_asks_for_nothing(told: str) -> None:
    read = Read(told)
    assert (read.open, read.addresses) == ([], [])
    assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttpRequest", told)


def test_whatever_is_said_in_one_language_is_said_in_the_other(told: str) -> None:
    assert told.startswith('<!doctype html><html lang="ar" dir="rtl"')
    languages = Read(told).languages
    assert languages["ar"] == languages["en"] > 100


def test_the_run_is_dated_in_both_calendars() -> None:
    text = page([], datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert text.count("2026-11-22") == text.count("1448-06-12") == 2


def test_every_section_is_there(told: str) -> None:
    for title in (
        "What was found", "Against the truth", "If another threshold were chosen", "Why pairs were linked or not",
        "The worst errors", "Weights of the model", "Records that cannot be linked", "Records a person has",
        "Where the pairs came from",
    ):  # fmt: skip
        assert title in told


def test_without_truth_nothing_is_said_of_it(people: Path) -> None:
    text = linked(people)
    assert "Why pairs were linked or not" in text
    assert not re.search("Against the truth|worst errors|really wrong|precision", text)


def test_nobody_is_quoted(told: str, people: Path) -> None:
    with people.open(encoding="utf-8", newline="") as file:
        typed = {
            row[column]
            for row in csv.DictReader(file)
            for column in ("full_name", "full_name_latin", "national_id", "phone", "birth_date", "address_text")
        }
    assert not [value for value in typed if len(value) > 4 and value in told]


def test_the_evidence_shown_adds_up_to_the_total(told: str) -> None:
    pairs = re.findall(r"<details>.*?</details>", told)
    assert len(pairs) > 10
    for pair in pairs:
        shown = re.findall(r'<td class="n"><bdi dir="ltr">([+−]?[\d.]+)</bdi>', pair)
        *steps, total = (float(bits.replace("−", "-")) for bits in shown)
        assert sum(steps) == pytest.approx(total, abs=0.05 * (len(steps) + 1))


def test_a_record_that_says_too_little_is_counted_as_unlinkable(people: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    head, *rest = people.read_text(encoding="utf-8").splitlines()
    empty = [f"empty{n}" + "," * head.count(",") for n in range(7)]
    path.write_text("\n".join([head, *rest[:900], *empty]) + "\n", encoding="utf-8")
    said = re.search(r"out of .*? records looked at, <bdi[^>]*>(\d+)</bdi>", linked(path))
    assert said
    assert int(said[1]) >= 7


def test_every_field_and_level_of_the_model_has_words() -> None:
    levels = {name for of_field in load_model().levels.values() for name in of_field}
    assert levels <= set(LEVELS)
    assert set(COMPARED) <= set(FIELDS)


def test_what_has_no_words_is_named_as_it_is_and_cannot_break_the_page() -> None:
    assert "&lt;b&gt;" in level("<b>")
    assert "given name + district + novelty" in rule("given_district_novelty")


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0, 1))
def test_wrong_links_are_expected_as_the_probabilities_say(probabilities: list[float], threshold: float) -> None:
    pairs, wrong = expected(np.array(probabilities, dtype=np.float64), np.array([threshold]))
    above = [p for p in probabilities if p >= threshold]
    assert pairs[0] == len(above)
    assert wrong[0] == pytest.approx(sum(1 - p for p in above), abs=1e-9)


@given(st.floats(0, 1e8), st.floats(1e-4, 1e8))
def test_an_axis_holds_what_is_drawn_on_it_and_has_a_few_ticks(low: float, width: float) -> None:
    high = low + max(width, low / 1e6)
    axis = between(low, high)
    slack = (axis.high - axis.low) * 1e-6
    assert axis.low - slack <= low < high <= axis.high + slack
    assert 2 <= len(axis.ticks) <= 8
