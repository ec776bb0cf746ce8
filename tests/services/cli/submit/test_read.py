"""Sheets become requests: the three examples as they are, and what other charities may send."""

import csv
import json
from collections.abc import Mapping as Members
from pathlib import Path
from typing import Any

import pytest

from services.cli.submit.errors import of_flaws, of_problem
from services.cli.submit.mapping import Mapping, MappingUnreadable
from services.cli.submit.read import Reading, open_sheet, read
from services.cli.submit.sheet import SheetUnreadable

ROOT = Path(__file__).parents[4]
EXAMPLES = ROOT / "examples"
EXPECTED = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
SHORT = "الاسم,رقم الملف,نوع المساعدة,من,إلى"


def aid_types() -> list[dict[str, str]]:
    with (ROOT / "services/registry/aid/data/aid_types.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def reading(path: Path, mapping: Mapping | None = None) -> Reading:
    told = mapping or Mapping()
    return read(open_sheet(path, told), told, aid_types())


def example(name: str) -> Reading:
    own = EXAMPLES / name.replace(".csv", ".mapping.json")
    return reading(EXAMPLES / name, Mapping.read(own) if own.exists() else None)


def sheet(folder: Path, *lines: str, name: str = "sheet.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def applicants(found: Reading) -> dict[str, Members[str, Any]]:
    return {entry.form["applicant"]["source_ref"]: entry.form for entry in found.entries}


@pytest.mark.parametrize("name", ["jeddah-bir.csv", "jeddah-women.csv", "jeddah-food.csv"])
def test_every_column_of_an_example_is_read_and_every_row_is_sent_or_named(name: str) -> None:
    found = example(name)
    refused_here = {m["ref"] for m in EXPECTED["mistakes"] if m["file"] == name and m["field"] == "aid_type"}

    assert found.layout.ignored == ()
    assert len(found.entries) + len(found.flawed) == 60
    assert len(found.flawed) == len(refused_here)


def test_a_row_in_arabic_with_hijri_dates_becomes_a_request() -> None:
    form = applicants(example("jeddah-bir.csv"))["ب-١٠٠٢"]

    assert form == {
        "applicant": {
            "source_ref": "ب-١٠٠٢",
            "name": "إيهاب محمد صالح فلاتة",
            "national_id": "١٩٨٠٦٧٨٣٧٧",
            "birth_date": {"value": "1390-04-26", "calendar": "hijri", "precision": "day"},
            "gender": "male",
            "phones": ["٠٥١٦١١٠١٦٩"],
            "address": {"text": "جدة - الحرازات", "zone": "SA-02-02-04090"},
            "household": {"ref": "ع-٥٦٥", "role": "head", "size": "3"},
        },
        "aid_type": "RENT",
        "period": {"start": "1448-04-20", "end": "1448-10-23", "calendar": "hijri"},
        "amount": {"value": "8000", "currency": "SAR"},
    }


def test_a_name_is_arabic_or_latin_by_its_letters() -> None:
    women = applicants(example("jeddah-women.csv"))

    both, latin = women["W00302"]["applicant"], women["W00308"]["applicant"]
    assert (both["name"], both["name_latin"]) == ("ليلى ناصر محسن الخاطر", "Leila Nasser Mohsen Al Khater")
    assert ("name" in latin, latin["name_latin"]) == (False, "Zahra Farid Kadhim Fozan")
    assert both["birth_date"]["value"] == "1985-06-09"


def test_a_year_alone_is_sent_with_the_precision_of_a_year() -> None:
    form = applicants(example("jeddah-bir.csv"))["ب-١٠٢٢"]

    assert form["applicant"]["birth_date"] == {"value": "1407", "calendar": "hijri", "precision": "year"}


def test_a_mapping_file_gives_columns_and_words_that_headings_do_not() -> None:
    food = example("jeddah-food.csv")

    assert applicants(food)["0075"]["aid_type"] == "WATER"
    assert applicants(food)["0075"]["applicant"]["gender"] == "female"
    assert "البند" in of_flaws(food.flawed[2], food.layout).en


def test_an_unknown_heading_is_named_and_its_column_left_alone(tmp_path: Path) -> None:
    found = reading(sheet(tmp_path, f"{SHORT},لون الباب", "سالم علي,1,سلة غذائية,2026-10-01,2026-10-31,أزرق"))

    assert found.layout.ignored == ("لون الباب",)
    assert "أزرق" not in json.dumps(found.entries[0].form, ensure_ascii=False)


def test_a_sheet_that_lacks_what_no_request_can_do_without_is_not_sent(tmp_path: Path) -> None:
    with pytest.raises(SheetUnreadable, match="the aid type"):
        reading(sheet(tmp_path, "الاسم,رقم الملف,من,إلى", "سالم علي,1,2026-10-01,2026-10-31"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [SHORT, "سالم علي,1,سلة غذائية,2026-10-01,2026-10-31"]
    found = reading(sheet(tmp_path, *(line.replace(",", delimiter) for line in lines), encoding=encoding))

    assert found.entries[0].form["applicant"]["name"] == "سالم علي"
    assert found.entries[0].form["aid_type"] == "FOOD_BASKET"


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    good = "سالم علي,1,سلة غذائية,2026-10-01,2026-10-31"
    found = reading(sheet(tmp_path, SHORT, good, "", "سالم علي,1,بطانيات,2026-10-01,2026-10-31"))

    assert [entry.row for entry in found.entries] == [2]
    assert list(found.flawed) == [4]


def test_a_period_whose_ends_are_in_two_calendars_is_sent_in_one(tmp_path: Path) -> None:
    found = reading(sheet(tmp_path, SHORT, "سالم علي,1,سلة غذائية,1448/04/20,2026-10-31"))

    period = found.entries[0].form["period"]
    assert period == {"calendar": "gregorian", "start": "2026-10-01", "end": "2026-10-31"}


def test_the_order_of_day_and_month_is_said_aloud_when_no_value_shows_it(tmp_path: Path) -> None:
    found = reading(sheet(tmp_path, SHORT, "سالم علي,1,سلة غذائية,01/10/2026,05/10/2026"))

    assert found.entries[0].form["period"]["start"] == "2026-10-01"
    assert any("day/month/year" in text.en for text in found.assumed)


def test_the_charitys_own_request_number_is_the_key_where_there_is_one(tmp_path: Path) -> None:
    numbered = reading(sheet(tmp_path, f"{SHORT},رقم الطلب", "سالم علي,1,سلة غذائية,2026-10-01,2026-10-31,ط-٧"))

    assert numbered.entries[0].key == "ط-٧"
    assert numbered.series != example("jeddah-bir.csv").series


def test_a_row_has_the_same_key_whatever_column_is_added_and_another_when_it_says_something_else(
    tmp_path: Path,
) -> None:
    row = "سالم علي,1,سلة غذائية,2026-10-01,2026-10-31"
    plain = reading(sheet(tmp_path, SHORT, row))
    wider = reading(sheet(tmp_path, f"{SHORT},لون", f"{row},أزرق"))
    later = reading(sheet(tmp_path, SHORT, row.replace("10-31", "10-30")))

    assert (plain.series, plain.entries[0].key) == (wider.series, wider.entries[0].key)
    assert plain.entries[0].key != later.entries[0].key


def test_a_key_says_nothing_of_the_national_id(tmp_path: Path) -> None:
    def key(national_id: str) -> str:
        line = f"سالم علي,1,سلة غذائية,2026-10-01,2026-10-31,{national_id}"
        return reading(sheet(tmp_path, f"{SHORT},رقم الهوية", line)).entries[0].key

    assert key("1900000017") == key("1900000025")


def test_lines_of_json_are_read_under_own_names_and_in_the_apis_form(tmp_path: Path) -> None:
    flat = {"الاسم": "سالم علي", "رقم الملف": 7, "نوع المساعدة": "ماء", "من": "2026-10-01", "إلى": "2026-10-31"}
    form = {"applicant": {"source_ref": "8", "name": "سالم"}, "aid_type": "WATER", "period": {"start": "x", "end": "y"}}
    lines = [json.dumps({**flat, "نوع المساعدة": "سقيا الماء"}), "{broken", json.dumps(form)]
    found = reading(sheet(tmp_path, *lines, name="sheet.ndjson"))

    assert [entry.form["applicant"]["source_ref"] for entry in found.entries] == ["7", "8"]
    assert found.entries[1].form == form
    assert list(found.flawed) == [2]


def test_a_problem_of_the_api_is_told_by_the_files_own_columns() -> None:
    flaw = {"pointer": "/applicant/birth_date/value", "code": "x", "message": "Not a date."}
    told = of_problem({"code": "invalid_input", "title": "t", "errors": [flaw]}, example("jeddah-bir.csv").layout)

    assert told.en == '"تاريخ الميلاد هـ": Not a date.'


@pytest.mark.parametrize(
    "content", ["{", '{"columns": {"a": "no.such.field"}}', '{"dates": {"period.start": {"order": "ydm"}}}']
)
def test_a_mapping_file_that_is_wrong_is_refused_with_the_place(tmp_path: Path, content: str) -> None:
    path = tmp_path / "map.json"
    path.write_text(content)

    with pytest.raises(MappingUnreadable, match=r"map\.json"):
        Mapping.read(path)
