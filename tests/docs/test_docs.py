"""What the pages say is so: links lead somewhere, commands and settings exist, nothing names a machine."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from services.cli.doctor.texts import WRONG
from tests.deploy.code import wrong_command
from tests.docs.settings import expected

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
LINK = re.compile(r"\[[^\]\[]*\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
MACHINE = re.compile(r"(?<![\w.$}])/(?:work|tmp|root|home)(?:/|\b)")
BESIDE = re.compile(rb"\.\./shared/(?:design|reference|data)\b")


def tracked() -> list[Path]:
    """The repository's files, without what tools leave behind."""
    tops = [top for top in ROOT.iterdir() if not top.name.startswith(".") or top.name in (".ci", ".gitignore")]
    files = [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])]
    return [path for path in files if path.is_file() and "__pycache__" not in path.parts]


def pages() -> list[Path]:
    return sorted(path for path in tracked() if path.suffix == ".md")


PAGES = {str(page.relative_to(ROOT)): page for page in pages()}
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    links = LINK.findall(PAGES[page].read_text("utf-8"))

    assert [link for link in links if not leads(PAGES[page].parent / unquote(link))] == []


def leads(place: Path) -> bool:
    """Whether there is something, and within the repository."""
    return place.exists() and place.resolve().is_relative_to(ROOT)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_path_of_somebodys_machine(page: str) -> None:
    assert MACHINE.findall(PAGES[page].read_text("utf-8")) == []


def test_no_file_leans_on_what_lies_beside_the_repository() -> None:
    assert [path.name for path in tracked() if BESIDE.search(path.read_bytes())] == []


@pytest.mark.parametrize("page", [page.name for page in DECISIONS])
def test_a_decision_has_a_title_a_status_and_a_day_and_says_what_was_given_up(page: str) -> None:
    text = (ROOT / "docs" / "decisions" / page).read_text("utf-8")

    assert re.match(r"# \S.*\n\nStatus: (proposed|accepted|replaced by \d{4}) · Date: \d{4}-\d\d-\d\d\n", text)
    assert [part for part in ("**The question.**", "**The choice", "**What was given up.**") if part not in text] == []


def test_decisions_are_numbered_without_a_gap_and_all_are_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")

    assert [page.name[:4] for page in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    assert [page.name for page in DECISIONS if f"decisions/{page.name}" not in index] == []


def test_the_settings_table_is_that_of_the_settings() -> None:
    rows = re.findall(r"(?m)^\| `(SIJILL_\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", OPERATIONS)

    assert {name: (readers, default) for name, readers, default, _ in rows} == expected()
    assert [name for name, *_ in rows] == sorted(name for name, *_ in rows)


def test_the_page_knows_whatever_the_doctor_may_say() -> None:
    ailments = OPERATIONS.partition("## What to do when")[2]

    assert set(re.findall(r"(?m)^\| `(\w+)` \|", ailments)) == WRONG.keys()


def commands(program: str) -> Iterator[tuple[str, str]]:
    """(page, the words after `program`) for whatever a page tells to run."""
    told = re.compile(rf"(?:^\$ |`)(?:\.venv/bin/)?{program} ([a-z][^`\n#|]*)", re.M)
    for name, page in PAGES.items():
        yield from ((name, words.strip()) for words in told.findall(page.read_text("utf-8")))


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8")))
    named = {(page, word) for page, words in commands("make") for word in words.partition("ARGS=")[0].split()}

    assert named
    assert {(page, word) for page, word in named if word not in targets} == set()


def test_every_sijill_command_that_a_page_names_exists() -> None:
    named = {(page, words.split()[0]) for page, words in commands("sijill")}

    assert named
    assert {(page, word) for page, word in named if (wrong_command([word]) or "").startswith("no command")} == set()
