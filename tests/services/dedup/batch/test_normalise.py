"""A file's columns become the records that the engine makes of each row."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.batch import coded
from services.dedup.batch.dates import written_birth
from services.dedup.batch.fields import EMPTY
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.phones import MOST_PHONES, packed, unpacked
from services.dedup.batch.records import Records, near_ids
from services.dedup.engine.names import arabic_units, latin_units
from services.dedup.engine.normalise import address_words, identifier, normalise, phone_number
from services.dedup.engine.record import Record, Typed
from shared.arabic import fold

Columns = dict[str, pa.ChunkedArray]
ONE = UUID(int=1)
COMPARED = ("arabic", "latin", "keys", "id_token", "id_near", "birth", "gender", "phones", "address", "role")
ARABIC = "محمد أحمد بن بنت آل ال الشيخ د. م زوجة عبد أبو أم ذو الدين الله بكر كلثوم عبدالله الغامدي نورالدين ـ مُحَمَّد ﷲ"
LATIN = "Mohamed Al-Ghamdi bin abd abdul abu um din eddine allah Noureddine ul e.l - Σίσυφος é ١٢ ،"
WORDS = (*ARABIC.split(), *LATIN.split(), "", "\x00", "\x1f", "\u200f", "\u00a0")
names = st.lists(st.sampled_from(WORDS), max_size=26).map(" ".join) | st.text(max_size=30)
numbers = st.sampled_from(
    ["0501234567", "+966 50 123 4567", "0509876543", "٠٥٠١١١١١١١", "123456", "12", "", "00966501234567"]
)
cells = (
    st.lists(numbers, max_size=6).map("; ".join)
    | st.text("0123456789٠٥۶+-(). ;,/|،؛\u00a0²९ab", max_size=40)
    | st.text(max_size=12)
)
texts = st.text("aZ09 -_/\t\x1fأ٣۴é", max_size=12) | st.text(max_size=8)


def read(columns: dict[str, list[str | None]]) -> Records:
    size = len(next(iter(columns.values())))
    arrow = {field: pa.chunked_array([pa.array(values, pa.string())]) for field, values in columns.items()}
    return normalise_columns(arrow, np.zeros(size, dtype=np.int32))


def all_of(columns: dict[str, list[str | None]]) -> list[Record]:
    records = read(columns)
    return [records.plain(place) for place in range(len(records))]


def online(row: dict[str, str | None]) -> Record:
    """The record that the engine makes of a row, its identifier in place of the keyed hash."""
    born = written_birth(row["birth_date"] or "")
    token = identifier(row["national_id"] or "")
    return normalise(Typed(
        ONE, ONE, row["full_name"], row["full_name_latin"], id_token=token, id_near=near_ids(token) if token else (),
        birth=born and born.day, birth_precision=born and born.precision, birth_calendar=born and born.calendar,
        gender=row["gender"], phones=tuple((row["phone"] or "").split(";")),  # type: ignore[arg-type]
        address_text=row["address_text"], household_role=row["household_role"],
    ))  # fmt: skip


def test_every_record_of_a_file_is_the_engines(simulated: Any, records: Records) -> None:
    columns: Columns = simulated[0]
    rows = zip(*(column.to_pylist() for column in columns.values()), strict=True)
    for place, row in enumerate(rows):
        batch, plain = records.plain(place), online(dict(zip(columns, row, strict=True)))
        for part in COMPARED:
            assert getattr(batch, part) == getattr(plain, part), part


@settings(deadline=None)
@given(st.lists(names, min_size=1, max_size=20))
def test_names_are_cut_as_online(typed: list[str]) -> None:
    for name, batch in zip(typed, all_of({"full_name": typed, "full_name_latin": typed}), strict=True):
        assert batch.arabic == arabic_units(name)
        assert batch.latin == latin_units(name)


@settings(deadline=None)
@given(st.lists(names, min_size=1, max_size=20))
def test_a_whole_name_without_arabic_letters_is_read_as_latin(typed: list[str]) -> None:
    for name, batch in zip(typed, all_of({"full_name": typed}), strict=True):
        assert batch.latin == (() if arabic_units(name) else latin_units(name))


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.none() | names] * 4), min_size=1, max_size=10))
def test_names_typed_in_parts_are_put_together(typed: list[tuple[str | None, ...]]) -> None:
    fields = ("given_name", "father_name", "grandfather_name", "family_name")
    columns = {field: [row[place] for row in typed] for place, field in enumerate(fields)}
    for row, batch in zip(typed, all_of(columns), strict=True):
        arabic = in_parts([arabic_units(part or "") for part in row])
        assert batch.arabic == arabic
        assert batch.latin == (() if arabic else in_parts([latin_units(part or "") for part in row]))


def in_parts(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    units = [*(parts[0] or ("",)), *(unit for part in parts[1:] for unit in part)] if any(parts) else []
    return tuple(units if len(units) <= 5 else [*units[:4], units[-1]])


@settings(deadline=None)
@given(st.lists(cells, min_size=1, max_size=20))
def test_phones_are_read_as_the_engine_reads_them(typed: list[str]) -> None:
    records = read({"phone": typed})
    for place, cell in enumerate(typed):
        found = (phone_number(part) for part in re.split("[;,/|،؛]", cell))
        assert records.plain(place).phones == tuple(dict.fromkeys(filter(None, found)))[:MOST_PHONES]
    values = records.phone_values.to_pylist()
    assert values == sorted(set(values), key=lambda number: (len(number), number))


@given(st.lists(st.from_regex(r"\+?[0-9]{1,17}", fullmatch=True), max_size=8))
def test_numbers_as_integers_are_in_the_order_of_length_and_text(numbers: list[str]) -> None:
    assert [unpacked(packed(number)) for number in numbers] == numbers
    assert sorted(numbers, key=packed) == sorted(numbers, key=lambda number: (len(number), number))


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=20))
def test_identifiers_addresses_and_words_are_read_as_the_engine_reads_them(typed: list[str]) -> None:
    columns = dict.fromkeys(("national_id", "address_text", "household_role"), typed)
    for text, batch in zip(typed, all_of(columns), strict=True):
        assert batch.id_token == identifier(text)
        assert batch.address == address_words(text)
        assert batch.role == (None if fold(text) in EMPTY else fold(text))


@settings(deadline=None)
@given(st.lists(st.sampled_from(["1985-03-14", "14/03/1985", "١٤٠٥/٦/٢٣", "1405-06-30", "1405-07-01", "1350", "1990",
                                 "1985-13-01", "1985-03-14 00:00:00", "19850314", "x"]), min_size=1))  # fmt: skip
def test_births_are_what_the_engine_knows_of_them(typed: list[str]) -> None:
    for text, batch in zip(typed, all_of({"birth_date": typed}), strict=True):
        written = written_birth(text)
        plain = normalise(Typed(ONE, ONE, birth=written.day, birth_precision=written.precision,
                                birth_calendar=written.calendar)) if written else None  # fmt: skip
        assert batch.birth == (plain and plain.birth)


def test_references_of_two_charities_are_two_households() -> None:
    records = read({"household_id_source": ["F1", "f1 ", "F1", None, "-"], "charity_id": ["a", "a", "b", "a", "a"]})
    first, again, other, none, nothing = records.household.tolist()
    assert first == again != other
    assert none == nothing == -1


def test_a_zone_below_an_unknown_one_is_unknown() -> None:
    columns = {"region": ["مكة", None, "مكة"], "district": ["حي", "حي", None], "governorate": ["جدة", "جدة", None]}
    assert [len(record.zone_path) for record in all_of(columns)] == [4, 1, 2]


@pytest.mark.parametrize(
    "typed",
    [[None] * 50_000, [""] * 50_000, ["محمد بن أحمد الغامدي"] * 100_000, ["محمد " * 2_000, "a" * 10_000, "- " * 5_000,
     " ".join(letter * 70 for letter in "ابتثجحخ")],
     ["\x00", "a\x00b", "\x00 محمد"]],
    ids=["no names", "empty names", "one name", "long names", "control characters"],
)  # fmt: skip
def test_odd_columns_are_read_in_bounded_time(typed: list[str | None]) -> None:
    records = read({"full_name": typed, "phone": typed, "national_id": typed, "address_text": typed})
    for place in (0, len(typed) // 2, len(typed) - 1):
        assert records.plain(place).arabic == arabic_units(typed[place] or "")


def test_a_file_without_rows_has_no_records() -> None:
    assert len(read({"full_name": [], "phone": [], "birth_date": [], "national_id": [], "address_text": []})) == 0


def test_records_without_identifiers_are_named_by_their_rows() -> None:
    assert read({"gender": ["m", "f"]}).ids.to_pylist() == ["1", "2"]
    assert read({"record_id": ["a", None]}).ids.to_pylist() == ["a", "row 2"]


def test_codes_do_not_depend_on_how_columns_are_held(simulated: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one piece or in many, with narrow or wide offsets, and however two threads take turns."""
    columns: Columns = {field: column.slice(0, 500) for field, column in simulated[0].items()}
    source = np.zeros(500, dtype=np.int32)
    one = normalise_columns(columns, source)
    cut = {field: pa.chunked_array([column.slice(at, 77).combine_chunks() for at in range(0, 500, 77)], pa.string())
           for field, column in columns.items()}  # fmt: skip
    many = normalise_columns(cut, source)
    monkeypatch.setattr(coded, "_LONG", 10)
    wide = normalise_columns(cut, source)
    for other in (many, wide):
        assert other.names.units == one.names.units
        assert other.id_values.to_pylist() == one.id_values.to_pylist()
        assert other.address_words.values == one.address_words.values
        for column in ("arabic", "latin", "births", "id", "phones", "zones", "address", "household", "charity"):
            assert np.array_equal(getattr(other, column), getattr(one, column)), column


def test_a_month_of_the_hijri_calendar_ends_where_the_next_begins() -> None:
    assert written_birth("1445-09-30") == (date(2024, 4, 9), "hijri", "day")
    assert written_birth("1445-10-30") is None
