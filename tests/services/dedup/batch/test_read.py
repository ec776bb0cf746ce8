"""Files are read right whatever their encoding and form, or refused with the place of what is wrong."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from services.dedup.batch.delimited import LONGEST_CELL
from services.dedup.batch.read import FileUnreadable, Sheet, read_sheet
from tests.services.dedup.batch.sheets import DATE_STYLE, workbook

ROWS = "الاسم,رقم الهوية\nمحمد أحمد الغامدي,1000000008\nنورة سعد القحطاني,1000000016\n"
NAMES = ["محمد أحمد الغامدي", "نورة سعد القحطاني"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def read(path: Path, content: bytes | str) -> Sheet:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_sheet(path)


def refusal(path: Path, content: bytes | str) -> str:
    with pytest.raises(FileUnreadable) as caught:
        read(path, content)
    said = str(caught.value)
    assert said.startswith("people.csv: ")
    assert "Salma" not in said
    assert "سلمى" not in said
    return said


def cells(sheet: Sheet, heading: str) -> list[str | None]:
    return sheet.columns[heading].to_pylist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "iso8859_6"])
def test_arabic_is_read_in_every_usual_encoding(path: Path, encoding: str) -> None:
    assert cells(read(path, ROWS.encode(encoding)), "الاسم") == NAMES


def test_french_in_its_own_code_page_keeps_its_accents(path: Path) -> None:
    text = "nom,ville\nÉtienne Lefèvre,Salé\nZoé Élan,Fès\nRémi Ébène,Béni Mellal\n"
    assert cells(read(path, text.encode("cp1252")), "nom") == ["Étienne Lefèvre", "Zoé Élan", "Rémi Ébène"]


def test_windows_arabic_that_begins_after_the_first_pages_is_noticed(path: Path) -> None:
    plain = "".join(f"{n},Salma Alami\n" for n in range(10_000))
    sheet = read(path, b"id,name\n" + plain.encode() + "10001,محمد الحربي\n".encode("cp1256"))
    assert cells(sheet, "name")[-1] == "محمد الحربي"
    assert "CP1256" in sheet.notes[0]


def test_lines_of_windows_arabic_within_utf8_are_read_right_and_told(path: Path) -> None:
    lines = [f"{n},سلمى بنت خالد العمري".encode() for n in range(9_000)]
    lines[7_000:7_003] = [f"{n},محمد أحمد الغامدي".encode("cp1256") for n in range(7_000, 7_003)]
    sheet = read(path, b"\n".join([b"id,name", *lines]))
    names = cells(sheet, "name")
    assert names[6_999:7_004] == ["سلمى بنت خالد العمري", *["محمد أحمد الغامدي"] * 3, "سلمى بنت خالد العمري"]
    assert "3 lines, from line 7,002 on" in sheet.notes[0]


def test_lines_of_utf8_within_windows_arabic_are_read_right(path: Path) -> None:
    lines = [f"{n},سلمى بنت خالد العمري".encode("cp1256") for n in range(50)] + ["50,محمد الغامدي".encode()]
    assert cells(read(path, b"\n".join([b"id,name", *lines])), "name")[-1] == "محمد الغامدي"


def test_a_line_that_lost_part_of_a_letter_is_named(path: Path) -> None:
    torn = "2,سلمى العمري".encode().replace("ر".encode(), "ر".encode()[:1])
    said = refusal(path, b"\n".join([b"id,name", "1,محمد الغامدي".encode(), torn, b""]))
    assert "line 3" in said


def test_text_in_an_encoding_that_we_do_not_know_is_refused_rather_than_guessed(path: Path) -> None:
    said = refusal(path, ("id,name\n" + "1,سلمى بنت خالد\n" * 50).encode("cp720"))
    assert "line 2" in said
    assert "UTF-8" in said


def test_text_spoiled_by_another_program_is_refused(path: Path) -> None:
    assert "spoiled" in refusal(path, ROWS.encode().decode("cp1252", "replace"))


def test_utf16_that_breaks_off_is_refused(path: Path) -> None:
    assert "breaks off" in refusal(path, ROWS.encode("utf-16")[:-1])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_where_another_stands_in_a_heading(path: Path, delimiter: str) -> None:
    rows = [["name", "a, b; c" if delimiter not in ",;" else "d"], ["Ali", "1"], ["Omar", "2"]]
    sheet = read(path, "\n".join(delimiter.join(row) for row in rows))
    assert cells(sheet, "name") == ["Ali", "Omar"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_one(path: Path, ends: str) -> None:
    assert read(path, ROWS.replace("\n", ends)).rows == 2


def test_cells_and_headings_may_hold_line_breaks_in_quotation_marks(path: Path) -> None:
    sheet = read(path, 'name,"home\naddress"\nAli,"Street 1\nJeddah"\nOmar,x\n')
    assert cells(sheet, "home address") == ["Street 1\nJeddah", "x"]


def test_a_title_above_the_headings_and_empty_rows_below_the_records_are_no_records(path: Path) -> None:
    sheet = read(path, "كشف المستفيدين,,\n\nالاسم,الجوال,\nمحمد,0510000000,\n,,\nنورة,,\n,,\n,,\n")
    assert list(sheet.columns) == ["الاسم", "الجوال"]
    assert cells(sheet, "الاسم") == ["محمد", None, "نورة"]


def test_headings_said_again_in_english_and_tags_are_no_records(path: Path) -> None:
    sheet = read(path, "الاسم,رقم الجوال,ملاحظات\nName,Mobile,Notes\n#name,#contact,\nمحمد الغامدي,0510000000,\n")
    assert cells(sheet, "الاسم") == ["محمد الغامدي"]


def test_headings_are_cleared_of_what_cannot_be_seen(path: Path) -> None:
    assert list(read(path, "\ufeff  الاسم\u200c ,\u200fالجوال\na,b\n").columns) == ["الاسم", "الجوال"]


def test_nuls_are_left_out(path: Path) -> None:
    assert cells(read(path, b"name,id\nA\0li,1\n"), "name") == ["Ali"]


def test_a_file_of_one_column_is_a_file(path: Path) -> None:
    assert cells(read(path, "name\nAli\nOmar\n"), "name") == ["Ali", "Omar"]


@pytest.mark.parametrize(("content", "said"), [
    ("", "it is empty"),
    ("\n\n  \n", "it is empty"),
    ("name,id\n", "it has no rows"),
    ("name,id", "it has no rows"),
    ("name,id\n,\n,\n", "it has no rows"),
    ("name,id,name \nSalma,1,2\n", "«name»: columns 1 and 3"),
    ("name,id\nSalma,1\nSalma,2,x\nOmar,3\n", "line 3: 3 cells, and the headings are 2"),
    ('name,id\n"Salma\nAlami",1\nSalma\n', "line 4: 1 cells"),
    ('name,id\nAli,1\n"Salma Alami,2\nOmar,3\n', "line 3: 1 cells, and the headings are 2; is a quotation mark"),
    ('id,name\n1,Ali\n2,"Salma Alami\n3,Omar\n', "line 3: a quotation mark"),
    ('id,name\n1,Ali\n2,"Salma\n' + "3,Omar\n" * 300 + '4,"Noura"\n', "line 3: a cell runs over"),
    ("id,name\n1,Ali\n2," + "x" * (LONGEST_CELL + 1) + "\n", "line 3: a cell of more than 131,072 bytes"),
])  # fmt: skip
def test_what_is_no_table_is_refused_with_its_line(path: Path, content: str, said: str) -> None:
    assert said in refusal(path, content)


def test_a_folder_or_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"gone\.csv: No such file"):
        read_sheet(tmp_path / "gone.csv")


def test_numbers_and_days_of_a_workbook_are_read_as_a_person_reads_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", {"Sheet1": [
        ["الاسم", "رقم الهوية", "الجوال", "تاريخ الميلاد", "score"],
        ["محمد", 1000000008.0, 966510000000.0, (32874.0, DATE_STYLE), 1.5],
        [None, "0012", None, "1410/7/1", 12345678901234.0],
    ]})  # fmt: skip
    sheet = read_sheet(path)
    assert cells(sheet, "رقم الهوية") == ["1000000008", "0012"]
    assert cells(sheet, "الجوال") == ["966510000000", None]
    assert cells(sheet, "تاريخ الميلاد") == ["1990-01-01", "1410/7/1"]
    assert cells(sheet, "score") == ["1.5", "12345678901234"]


def test_of_several_sheets_the_first_is_read_and_that_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", {"2025": [["name", "id"], ["Ali", 1.0]], "2024": [["x"], ["y"]]})
    sheet = read_sheet(path)
    assert cells(sheet, "name") == ["Ali"]
    assert "«2025»" in sheet.notes[0]


def test_numbers_that_a_workbook_has_already_cut_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", {"a": [["name", "card"], ["Ali", 1234567890123450000.0]]})
    assert "15 digits" in read_sheet(path).notes[0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"name,id\nAli,1\n"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match=r"people\.xlsx: it is no workbook"):
        read_sheet(path)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="it is empty"):
        read_sheet(workbook(tmp_path / "people.xlsx", {"a": []}))


def test_columns_of_parquet_are_text_whatever_their_type(tmp_path: Path) -> None:
    table = pa.table({
        "id": pa.array([1000000008.0, None]), "n": pa.array([7, 8]), "born": pa.array([date(1990, 1, 1), None]),
        "sex": pa.array(["m", ""]).dictionary_encode(), "name": pa.array(["A\0li", "b"], pa.large_string()),
    })  # fmt: skip
    pyarrow.parquet.write_table(table, tmp_path / "people.parquet")
    sheet = read_sheet(tmp_path / "people.parquet")
    assert {heading: column.to_pylist() for heading, column in sheet.columns.items()} == {
        "id": ["1000000008", None], "n": ["7", "8"], "born": ["1990-01-01", None], "sex": ["m", None],
        "name": ["Ali", "b"],
    }  # fmt: skip


def test_lists_in_parquet_are_refused_by_their_column(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"tags": pa.array([["a"], ["b"]])}), tmp_path / "people.parquet")
    with pytest.raises(FileUnreadable, match="column «tags» holds list"):
        read_sheet(tmp_path / "people.parquet")


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.parquet").write_bytes(b"name\nAli\n")
    with pytest.raises(FileUnreadable, match="no Parquet file"):
        read_sheet(tmp_path / "people.parquet")
