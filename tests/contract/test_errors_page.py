"""docs/errors.md names every code that the API may answer, with its status and both sentences."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import services
import shared
from shared.flaws import sentences
from shared.openapi import known
from shared.problems import status_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text("utf-8")
_OWN = re.compile(
    r'\b(?:flaw|Flaw|PydanticCustomError)\(\s*(?:[^()"]*|f?"[^"]*"),?\s*"([a-z_]+)"|\bflaw\(\s*"([a-z_]+)"'
)


def _import_all() -> None:
    for package in (services, shared):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name and not module.name.endswith(".main"):
                import_module(module.name)


def rows() -> dict[str, str]:
    return {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}


def test_every_error_is_on_the_page_with_its_status_and_both_sentences() -> None:
    _import_all()
    for code, kind in known().items():
        if not kind.__module__.startswith(("services.", "shared.")):
            continue
        assert code in rows(), code
        for said in (str(status_of(kind())), kind.text.ar, kind.text.en):
            assert said in rows()[code], (code, said)


def test_every_code_of_a_flaw_is_on_the_page_with_both_sentences() -> None:
    for code, text in sentences().items():
        assert code in rows(), code
        assert text.ar in rows()[code], code
        assert text.en in rows()[code], code


def own_codes() -> set[str]:
    """The codes that are written where a flaw is made."""
    files = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
    found = (match for file in files for match in _OWN.finditer(file.read_text("utf-8")))
    return {match[1] or match[2] for match in found}


def test_codes_are_found_where_flaws_are_made() -> None:
    assert {"unknown_zone", "end_before_start", "in_the_future", "unknown_currency"} <= own_codes()


@pytest.mark.parametrize("code", sorted(own_codes()))
def test_a_code_that_is_written_where_a_flaw_is_made_is_on_the_page(code: str) -> None:
    assert code in rows()
