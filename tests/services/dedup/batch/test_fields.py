"""Headings as charities write them, dates as clerks write them, and sheets with layouts of their own."""

from datetime import date
from pathlib import Path

import pytest

from services.dedup.batch.dates import order_of, written_birth
from services.dedup.batch.fields import ADDED, FIELDS, HEADINGS
from services.dedup.batch.headings import is_second_heading, recognised
from services.dedup.batch.inputs import read_inputs
from services.dedup.batch.layout import layout
from services.dedup.batch.mapped import Spec
from services.dedup.batch.read import FileUnreadable


@pytest.mark.parametrize(("heading", "field"), [
    ("الاسم", "full_name"), ("الإسم الرباعي", "full_name"), ("اسم المستفيد:", "full_name"),
    ("1- الاسم", "full_name"), ("٣) رقم الهوية", "national_id"), ("رقم الهوية / الإقامة", "national_id"),
    ("رقم الهوية (١٠ أرقام)", "national_id"), ("السجل المدني *", "national_id"), ("الرقم الوطني", "national_id"),
    ("رقم الجوال (واتساب)", "phone"), ("الجوال 2", "phone"), ("الموبايل", "phone"), ("Mobile No.", "phone"),
    ("تاريخ الميلاد (هجري)", "birth_date"), ("تاريخ الميلاد هـ", "birth_date"), ("تاريخ الازدياد", "birth_date"),
    ("تاريخ الميلاد (يوم/شهر/سنة)", "birth_date"), ("date_of_birth", "birth_date"), ("DOB", "birth_date"),
    ("\ufeff الاسم\u200c الكامل ", "full_name"), ("الاسم / Name", "full_name"), ("Name الاسم", "full_name"),
    ("الاسم كما في الهوية", "full_name"), ("Father's name", "father_name"),
    ("صلة القرابة برب الأسرة", "household_role"),
    ("الحي السكني", "district"), ("رقم دفتر العائلة", "household_id_source"), ("applicant.name", "full_name"),
    ("نوع المساعدة", None), ("المبلغ", None), ("ملاحظات", None), ("colour", None), ("", None), ("هجري", None),
    ("اسم الأم", None), ("تاريخ التسجيل", None),
])  # fmt: skip
def test_headings_are_known_by_what_they_hold(heading: str, field: str | None) -> None:
    assert recognised(heading) == field


def test_every_heading_that_we_list_is_known_and_names_one_field() -> None:
    for field, names in HEADINGS.items():
        for name in names.split("|"):
            assert recognised(name) == field, name


def test_our_own_names_are_known() -> None:
    assert [recognised(field) for field in FIELDS] == list(FIELDS)


def test_what_is_added_to_a_heading_names_no_field_by_itself() -> None:
    named = {words for words in ADDED.split("|") if recognised(words)}
    assert named == {"واتساب", "الواتساب", "whatsapp", "م"}  # a column of such numbers; a serial number


def test_people_are_not_taken_for_headings() -> None:
    assert not is_second_heading(["محمد أحمد الغامدي", "1000000008", "الجوال"])
    assert not is_second_heading(["محمد", None, None])
    assert is_second_heading(["Name", "National ID", None])


def test_the_head_of_household_is_the_person_where_no_other_is_named() -> None:
    found = layout(["اسم رب الأسرة", "رقم هوية رب الأسرة", "جوال رب الأسرة"], {})
    assert found.fields == {"full_name": ("اسم رب الأسرة",), "national_id": ("رقم هوية رب الأسرة",),
                            "phone": ("جوال رب الأسرة",)}  # fmt: skip


def test_the_head_of_household_is_never_taken_for_a_person_who_is_named() -> None:
    found = layout(["الاسم", "رقم الهوية", "اسم رب الأسرة", "رقم هوية رب الأسرة"], {})
    assert found.fields["full_name"] == ("الاسم",)
    assert found.fields["national_id"] == ("رقم الهوية",)
    assert found.fields["household_id_source"] == ("رقم هوية رب الأسرة",)
    assert found.unread == ("اسم رب الأسرة",)


def test_the_mapping_goes_before_what_headings_say() -> None:
    told = {"family": None, "surname": "family_name", "postcode": Spec("zip", "exact")}
    found = layout(["family", "Surname", "postcode", "other"], told)
    assert found.fields == {"family_name": ("Surname",)}
    assert (found.compared, found.unread) == ({"zip": "postcode"}, ("other",))


def inputs(tmp_path: Path, *contents: str) -> list[Path]:
    paths = [tmp_path / f"{place}.csv" for place in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content, encoding="utf-8")
    return paths


def test_files_of_different_layouts_become_one_table(tmp_path: Path) -> None:
    found = read_inputs(inputs(tmp_path, "الاسم;الجوال\nعلي;1\n", "dob,name\n1990,Ali\n1991,Omar\n"), None)
    assert {field: column.to_pylist() for field, column in found.fields.items()} == {
        "full_name": ["علي", "Ali", "Omar"], "phone": ["1", None, None], "birth_date": [None, "1990", "1991"],
    }  # fmt: skip
    assert found.source.tolist() == [0, 1, 1]


def test_several_columns_of_one_field_complete_one_another(tmp_path: Path) -> None:
    found = read_inputs(inputs(
        tmp_path,
        "name,mobile,phone 2,national id,iqama,تاريخ الميلاد هجري,تاريخ الميلاد ميلادي\n"
        "Ali,1,2,10,,,1990-01-01\nOmar,,3,,20,1410/01/01,1989-08-03\n",
    ), None)  # fmt: skip
    assert found.fields["phone"].to_pylist() == ["1;2", "3"]
    assert found.fields["national_id"].to_pylist() == ["10", "20"]
    assert found.fields["birth_date"].to_pylist() == ["1990-01-01", "1410/01/01"]


def test_an_id_that_stands_twice_is_told_by_its_place_and_not_by_itself(tmp_path: Path) -> None:
    first, second = "record_id,name\nA77,x\nB,y\nA77,z\n", "record_id,name\nC,x\nB,y\n"
    with pytest.raises(FileUnreadable) as caught:
        read_inputs(inputs(tmp_path, first, second), None)
    said = str(caught.value)
    assert said.startswith("2 record_ids stand for two records or more")
    assert "0.csv record 1, 0.csv record 2, 0.csv record 3, 1.csv record 2" in said
    assert "A77" not in said


@pytest.mark.parametrize(("content", "said"), [
    ("record_id,colour\n1,red\n", "no column says anything of a person"),
    ("record_id,relation\n1,wife\n", "no column says anything of a person"),
    ("الاسم,الجوال\n???? ????,1\n?? ???,2\n", "«الاسم» holds question marks"),
])  # fmt: skip
def test_columns_that_say_nothing_are_refused(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(FileUnreadable, match=r"0\.csv") as caught:
        read_inputs(inputs(tmp_path, content), None)
    assert said in str(caught.value)


def test_words_for_no_name_are_no_names(tmp_path: Path) -> None:
    found = read_inputs(inputs(tmp_path, "الاسم,dob\nلا يوجد,1990\n Unknown,1990\nمجهول,1990\nعلي,1990\n"), None)
    assert found.fields["full_name"].to_pylist() == [None, None, None, "علي"]


def test_numbers_that_a_spreadsheet_rounded_are_left_out_and_told(tmp_path: Path) -> None:
    found = read_inputs(inputs(tmp_path, "name,id number\nAli,1.00E+09\nOmar,1000000008\n"), None)
    assert found.fields["national_id"].to_pylist() == [None, "1000000008"]
    assert "1 cells like 1.23E+09" in found.notes[0]


def test_dates_that_are_not_understood_are_counted_and_not_quoted(tmp_path: Path) -> None:
    found = read_inputs(inputs(tmp_path, "name,dob\nAli,1/5/90\nOmar,1990-05-01\n"), None)
    assert "1 of the first 2 are no dates" in found.notes[0]
    assert "1/5/90" not in found.notes[0]


G, H = "gregorian", "hijri"


@pytest.mark.parametrize(("text", "day", "calendar", "precision"), [
    ("1990-01-01", "1990-01-01", G, "day"), ("1990-01-01T00:00:00", "1990-01-01", G, "day"),
    ("01/05/1990 00:00", "1990-05-01", G, "day"), ("19081209", "1908-12-09", G, "day"),
    ("1410/7/1هـ", "1990-01-27", H, "day"), ("١٤١٠/٠٧/١٥ هـ", "1990-02-10", H, "day"),
    ("15 رجب 1410", "1990-02-10", H, "day"), ("الأحد ١٥ رجب ١٤١٠هـ", "1990-02-10", H, "day"),
    ("3 جمادى الآخرة 1402", "1982-03-28", H, "day"), ("7 ذو القعدة 1420", "2000-02-13", H, "day"),
    ("01-Jan-1990", "1990-01-01", G, "day"), ("Jan 5, 1990", "1990-01-05", G, "day"),
    ("5 يناير 1990م", "1990-01-05", G, "day"), ("5 كانون الثاني 1990", "1990-01-05", G, "day"),
    ("5 غشت 1990", "1990-08-05", G, "day"), ("1er janvier 1990", "1990-01-01", G, "day"),
    ("5 août 1990", "1990-08-05", G, "day"), ("يناير 1990", "1990-01-01", G, "month"),
    ("05/1990", "1990-05-01", G, "month"),
    ("1990", "1990-01-01", G, "year"), ("1990.0", "1990-01-01", G, "year"), ("١٤١٠", "1990-01-27", H, "year"),
    ("مواليد 1965م", "1965-01-01", G, "year"), ("حوالي 1965", "1965-01-01", G, "year"),
    ("32874", "1990-01-01", G, "day"), ("32874.0", "1990-01-01", G, "day"), ("1990/13/05", "1990-05-13", G, "day"),
    ("1/5/90", None, None, None), ("15 May 90", None, None, None), ("90", None, None, None),
    ("31/02/1990", None, None, None), ("5 foo 1990", None, None, None), ("99999", None, None, None),
    ("0000", None, None, None), ("", None, None, None), ("لا يوجد", None, None, None),
])  # fmt: skip
def test_dates_are_read_as_they_are_written(
    text: str, day: str | None, calendar: str | None, precision: str | None
) -> None:
    found = written_birth(text)
    assert (found and found.day) == (date.fromisoformat(day) if day else None)
    if found:
        assert (found.calendar, found.precision) == (calendar, precision)


def test_one_value_above_twelve_settles_the_order_of_a_column() -> None:
    assert order_of(["01/02/1990", "02/13/1991"]) == "mdy"
    assert written_birth("01/02/1990", "mdy") == (date(1990, 1, 2), G, "day")
    assert written_birth("5 March 1990", "mdy") == (date(1990, 3, 5), G, "day")
