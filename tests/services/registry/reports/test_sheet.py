"""CSV cells: what a spreadsheet would run is defused, numbers stay numbers."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.reports.sheet import cell_text, lines


@pytest.mark.parametrize("text", ["=1+1", "+966", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cell_text(text) == "'" + text


def test_numbers_are_neither_quoted_nor_guarded() -> None:
    assert lines([[-1.5, Decimal("-2.50"), 3, None, "x"]]) == '-1.5,-2.50,3,"","x"\r\n'


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=1), max_size=5))
def test_every_text_comes_back_as_it_went_but_for_the_guard(rows: list[list[str]]) -> None:
    back = list(csv.reader(StringIO(lines(rows), newline="")))
    assert back == [[cell_text(cell) for cell in row] for row in rows]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in back for cell in row)
