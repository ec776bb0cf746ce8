"""What comes back is the charity's own file, with our columns beside its own."""

import csv
import json
from pathlib import Path

import pytest

from services.cli.submit.answers import HEADINGS, Answer, headings, refused
from services.cli.submit.form import number
from services.cli.submit.lines import JsonLines
from services.cli.submit.sheet import CsvSheet
from shared.errors import Text

EXAMPLES = Path(__file__).parents[4] / "examples"
OVERLAP = Text("لدى الأسرة «سلة» من \u20662026-10-01\u2069", 'The household has "basket"')
HELD = Answer("held", "joined", (OVERLAP,), "0192-7f", certainties=("confirmed",))


def lines(content: bytes, encoding: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(content.decode(encoding).splitlines(), delimiter=delimiter))


@pytest.mark.parametrize("name", ["jeddah-bir.csv", "jeddah-women.csv", "jeddah-food.csv"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_file_comes_back_as_it_was_with_the_answers_to_its_right(name: str, language: str, tmp_path: Path) -> None:
    content = (EXAMPLES / name).read_bytes()
    sheet = CsvSheet(content)
    encoding = sheet.write(tmp_path / name, {row.number: HELD for row in sheet.rows}, language)
    written = (tmp_path / name).read_bytes()
    before, after = (lines(each, encoding, sheet.delimiter) for each in (content, written))

    assert [row[:-5] for row in after] == before
    assert after[0][-5:] == headings(language)
    assert written.count(b"\r\n") == content.count(b"\r\n")
    assert encoding == sheet.encoding or sheet.encoding == "utf-8"


def test_an_answered_file_that_is_sent_again_has_one_set_of_answers(tmp_path: Path) -> None:
    first = CsvSheet((EXAMPLES / "jeddah-bir.csv").read_bytes())
    first.write(tmp_path / "once.csv", {2: HELD}, "en")
    again = CsvSheet((tmp_path / "once.csv").read_bytes())
    again.write(tmp_path / "twice.csv", {2: refused(Text("خطأ", "wrong"))}, "ar")

    assert again.headings == first.headings
    assert [row.cells for row in again.rows] == [row.cells for row in first.rows]
    heading = lines((tmp_path / "twice.csv").read_bytes(), "utf-8-sig", ",")[0]
    assert [name for name in heading if name in HEADINGS] == headings("ar")


def test_an_encoding_that_cannot_hold_the_answers_gives_way_to_utf_8_with_a_mark(tmp_path: Path) -> None:
    sheet = CsvSheet(b"Name,File No\nSalem,1\n")
    encoding = sheet.write(tmp_path / "out.csv", {2: HELD}, "ar")

    assert encoding == "utf-8-sig"
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_cells_beyond_the_headings_stay_where_they_were(tmp_path: Path) -> None:
    sheet = CsvSheet(b"a,b\n1,2,3,4\n5\n")
    sheet.write(tmp_path / "out.csv", {2: HELD, 3: HELD}, "en")
    found = lines((tmp_path / "out.csv").read_bytes(), "utf-8", ",")

    assert [row[:4] for row in found] == [["a", "b", "", ""], ["1", "2", "3", "4"], ["5", "", "", ""]]
    assert {row[4] for row in found} == {"sijill_status", "held"}


def test_only_its_owner_can_read_the_answered_file(tmp_path: Path) -> None:
    CsvSheet(b"a,b\n1,2\n").write(tmp_path / "out.csv", {2: HELD}, "en")

    assert (tmp_path / "out.csv").stat().st_mode & 0o077 == 0


def test_lines_of_json_come_back_with_the_answer_as_one_more_member(tmp_path: Path) -> None:
    sheet = JsonLines(b'{"a": 1}\n\n{broken\n')
    sheet.write(tmp_path / "out.ndjson", {1: HELD, 3: refused(Text("خطأ", "wrong"))}, "en")
    first, empty, second = (tmp_path / "out.ndjson").read_text("utf-8").splitlines()

    assert json.loads(first)["sijill"]["status"] == "held"
    assert empty == ""
    assert json.loads(second) == {
        "line": "{broken",
        "sijill": {"status": "not_stored", "person": None, "overlaps": [], "request": None, "error": "wrong"},
    }


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("8,000", "8000"), ("٨٬٠٠٠", "8000"), ("8000 ريال", "8000"), ("٨٠٠٫٥٠", "800.50"), ("-150", "-150"),
        ("800,50", "800.50"), ("1,250,000.5", "1250000.5"), ("350 ر.س", "350"), ("مئة", "مئة"),
    ],
)  # fmt: skip
def test_an_amount_is_understood_as_clerks_write_it(text: str, plain: str) -> None:
    assert number(text) == plain
