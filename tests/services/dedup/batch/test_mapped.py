"""Mapped columns: what mappings may say, what cells mean, levels as a plain reference has them, small keys."""

import json
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from services.dedup.batch.coded import NOTHING, Codes
from services.dedup.batch.inputs import read_inputs
from services.dedup.batch.mapped import KINDS, START, Kind, Mapped, Spec, mapped_columns
from services.dedup.batch.mapped_keys import sharers, wide_keys
from services.dedup.batch.mapped_values import Day, number
from services.dedup.batch.mapping import MappingUnusable, read_mapping


def mapped(kind: Kind, values: list[str | None], tolerance: float | None = None) -> Mapped:
    columns = {"it": pa.chunked_array([pa.array(values, pa.string())])}
    return mapped_columns(columns, [Spec("it", kind, tolerance)])[0]


def levels(kind: Kind, left: str | None, right: str | None, tolerance: float | None = None) -> str:
    column = mapped(kind, [left, right], tolerance)
    found = column.level(column.codes[:1], column.codes[1:])
    assert (found == column.level(column.codes[1:], column.codes[:1])).all()
    return column.levels_of[found[0]]


@pytest.mark.parametrize(("kind", "left", "right", "level"), [
    ("exact", "4011", "٤٠١١", "exact"), ("exact", "WA", " wa ", "exact"), ("exact", "4011", "4012", "differ"),
    ("exact", "4011", None, "missing"), ("exact", "-", "لا يوجد", "missing"),
    ("text", "شارع الأمير أحمد", "شارع الامير احمد", "exact"), ("text", "Stanley St.", "stanley  st", "exact"),
    ("text", "stanley street", "stanely street", "close"), ("text", "street stanley", "stanley street", "close"),
    ("text", "stanley street", "stanly strt", "near"), ("text", "stanley street", "wallaby place", "differ"),
    ("number", "12", "12.0", "exact"), ("number", "1,234", "1234", "exact"), ("number", "١٢", "12", "exact"),
    ("number", "12", "13", "differ"), ("number", "12 b", "12", "missing"),
    ("date", "1990-05-01", "01/05/1990", "exact"), ("date", "1990-05-01", "1990-05-03", "close"),
    ("date", "1990-05-01", "1990-01-05", "close"), ("date", "1990-05-01", "1990-05-20", "near"),
    ("date", "1990-05-01", "1980-05-01", "near"), ("date", "1990-05-01", "1990", "near"),
    ("date", "1990", "1990", "near"),
    ("date", "1990-05-01", "1991", "differ"), ("date", "1990-05", "1990-06", "differ"),
    ("date", "1990-05-01", "1987-11-20", "differ"), ("date", "15 رجب 1410", "1990-02-10", "exact"),
])  # fmt: skip
def test_levels_are_what_a_reader_expects(kind: Kind, left: str, right: str | None, level: str) -> None:
    assert levels(kind, left, right) == level


def test_tolerance_says_what_is_close() -> None:
    assert levels("number", "12", "14", 2) == "close"
    assert levels("number", "12", "14.5", 2) == "differ"
    assert levels("date", "2024-01-01", "2024-01-08", 7) == "close"
    assert levels("date", "2024-05-01", "2024-05-03", 0) == "near"


WORDS = st.text("abcdeاب 1/-.", max_size=12)
CELLS = {
    "exact": WORDS, "text": WORDS | st.sampled_from(["stanley street", "stanely street", "street stanley"]),
    "number": st.integers(-30, 30).map(str) | st.floats(-9, 9).map(lambda x: f"{x:.2f}") | WORDS,
    "date": st.dates(date(1988, 1, 1), date(1992, 12, 31)).map(str) | st.sampled_from(["1990", "1990-05", "1410/7/1"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
def test_levels_agree_with_the_plain_reference(kind: Kind, data: st.DataObject) -> None:
    column = mapped(kind, data.draw(st.lists(CELLS[kind] | st.none(), min_size=1, max_size=12)), 1.5)
    left, right = (side.ravel().astype(np.int32) for side in np.meshgrid(column.codes, column.codes))
    found = [column.levels_of[level] for level in column.level(left, right).tolist()]
    assert found == [plain(column, a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True)]


def plain(column: Mapped, a: int, b: int) -> str:
    """One pair at a time, from the values themselves."""
    if NOTHING in (a, b):
        return "missing"
    x, y = column.values[a], column.values[b]
    if isinstance(x, Day) and isinstance(y, Day):
        return plain_days(x, y, column.tolerance)
    if x == y:
        return "exact"
    if isinstance(x, float) and isinstance(y, float):
        return "close" if abs(x - y) <= column.tolerance else "differ"
    if column.kind == "exact":
        return "differ"
    alike = max(
        OSA.normalized_similarity(str(x), str(y)),
        OSA.normalized_similarity(" ".join(sorted(str(x).split())), " ".join(sorted(str(y).split()))),
    )
    return "close" if alike >= 0.85 - 1e-9 else "near" if alike >= 0.7 - 1e-9 else "differ"


def plain_days(x: Day, y: Day, tolerance: float) -> str:
    one, other = date.fromordinal(x.ordinal), date.fromordinal(y.ordinal)
    if x.parts < 3 or y.parts < 3:
        known = min(x.parts, y.parts)
        return "near" if (one.year, one.month)[:known] == (other.year, other.month)[:known] else "differ"
    if one == other:
        return "exact"
    turned = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    if turned or abs((one - other).days) <= tolerance:
        return "close"
    same = [one.year == other.year, one.month == other.month, one.day == other.day]
    if same[0] and (same[1] or same[2]):
        return "near"
    return "near" if same[1] and same[2] and abs(one.year - other.year) in (1, 2, 10) else "differ"


@pytest.mark.parametrize(("text", "meant"), [
    ("12", 12), ("-3.5", -3.5), ("١٢٣٫٥", 123.5), ("1,234,567", 1_234_567), ("3,5", 3.5), ("1 234", 1234), ("5.", 5),
    ("1e5", None), ("nan", None), ("inf", None), ("12 m", None), ("", None), ("1-2", None), ("9" * 400, None),
])  # fmt: skip
def test_numbers_are_read_as_they_are_written(text: str, meant: float | None) -> None:
    assert number(text) == meant


def test_codes_do_not_depend_on_the_order_of_records() -> None:
    forth, back = (mapped("text", texts) for texts in (["b", "a", None, "B."], ["B.", None, "a", "b"]))
    assert forth.values == back.values
    assert forth.codes.tolist() == back.codes.tolist()[::-1] == [1, 0, NOTHING, 1]


def test_shares_are_of_the_records_that_have_a_value() -> None:
    assert mapped("exact", ["a", "a", "b", "a", None]).shares().tolist() == [0.75, 0.25]


def test_a_column_that_says_nothing_is_missing_everywhere() -> None:
    for kind in KINDS:
        column = mapped(kind, [None, "", " "])
        assert column.level(column.codes, column.codes[::-1].copy()).tolist() == [0, 0, 0]
        assert column.shares().tolist() == []


@pytest.mark.parametrize("kind", KINDS)
def test_learning_starts_from_chances_that_add_up(kind: Kind) -> None:
    assert tuple(START[kind]) == mapped(kind, ["1"]).levels_of[1:]
    for chances in zip(*((each.m, each.k, each.u) for each in START[kind].values()), strict=True):
        assert sum(chances) == pytest.approx(1)


def test_long_texts_cost_no_more_than_their_beginnings() -> None:
    texts = ["x" * 300 + str(n) * 10_000 for n in range(30)]
    column = mapped("text", texts)
    left, right = (side.ravel() for side in np.meshgrid(column.codes, column.codes))
    assert {column.levels_of[level] for level in column.level(left, right)} == {"exact", "close"}


def pairs_of(facts: tuple[Codes, ...]) -> set[tuple[int, int]]:
    """Records that agree on all facts."""
    held = [(tuple(row), place) for place, row in enumerate(zip(*(f.tolist() for f in facts), strict=True))
            if NOTHING not in row]  # fmt: skip
    blocks = ([place for _, place in block] for _, block in groupby(sorted(held), key=lambda each: each[0]))
    return {(a, b) for block in blocks for a in block for b in block if a < b}


def test_a_value_that_few_share_is_a_key_by_itself_and_one_that_many_share_is_one_with_another_fact() -> None:
    size = 400
    columns = {
        "email": pa.chunked_array([[f"{place // 2}@example.org" for place in range(size)]]),
        "state": pa.chunked_array([[("north", "south")[place % 2] for place in range(size)]]),
    }  # fmt: skip
    found = mapped_columns(columns, [Spec("state", "exact"), Spec("email", "exact")])
    given_names = np.arange(size, dtype=np.int32) % 40
    rules = {key.rule: key.facts for key in wide_keys(found, {"given": given_names})}
    assert set(rules) == {"email", "email + state", "email + given", "state + given"}
    assert pairs_of(rules["email"]) == {(place, place + 1) for place in range(0, size, 2)}
    assert all(a % 40 == b % 40 for a, b in pairs_of(rules["state + given"]))


def test_texts_meet_under_their_rare_words_whatever_the_rest() -> None:
    texts = ["tullaroop street north", "street tullaroop", *(f"street {n % 5}" for n in range(200))]
    found = mapped("text", texts)
    words = [key.facts for key in wide_keys([found], {}) if key.rule == "it word"]
    assert any((0, 1) in pairs_of(facts) for facts in words)


def test_one_value_repeated_is_no_key() -> None:
    size = 20_000
    columns = {name: pa.chunked_array([[text] * size]) for name, text in (("a", "one street"), ("b", "1990"))}
    found = mapped_columns(columns, [Spec("a", "text"), Spec("b", "date")])
    assert sharers(found[0].codes) == size
    assert not list(wide_keys(found, {"given": np.zeros(size, dtype=np.int32)}))


def test_the_number_of_keys_does_not_grow_with_the_square_of_the_columns() -> None:
    columns = {f"c{n}": pa.chunked_array([[f"{n}{place}" for place in range(50)]]) for n in range(40)}
    found = mapped_columns(columns, [Spec(name, "text") for name in columns])
    assert len(list(wide_keys(found, {"given": np.arange(50, dtype=np.int32)}))) <= 3 * 40 + 9 * 15 + 18


def write(tmp_path: Path, mapping: object) -> Path:
    path = tmp_path / "map.json"
    path.write_text(mapping if isinstance(mapping, str) else json.dumps(mapping), encoding="utf-8-sig")
    return path


def test_a_mapping_names_fields_comparisons_and_what_to_leave_alone(tmp_path: Path) -> None:
    path = write(tmp_path, {"columns": {
        "Surname": "family_name", "postcode": {"compare": "exact"}, "remarks": None,
        "No": {"compare": "number", "tolerance": 2, "name": "street number"},
    }})  # fmt: skip
    found = read_mapping(path)
    assert found.told == {"surname": "family_name", "postcode": Spec("postcode", "exact"), "remarks": None,
                          "no": Spec("street number", "number", 2.0)}  # fmt: skip
    assert found.specs == (Spec("postcode", "exact"), Spec("street number", "number", 2.0))


@pytest.mark.parametrize(("mapping", "said"), [
    ('{"columns": {"a": "phone",}}', "map.json, line 1, column 27"),
    ([], 'write it as {"columns"'), ({}, 'write it as {"columns"'), ({"columns": {}, "dates": {}}, "nothing beside"),
    ({"columns": {"a": "fone"}}, "«a»: there is no field fone; did you mean phone?"),
    ({"columns": {"a": 3}}, '«a»: write a field, {"compare": "exact|text|number|date"}, or null'),
    ({"columns": {"a": {"compare": "like"}}}, "«a»: compare: it is one of exact, text, number, date"),
    ({"columns": {"a": {"compare": ["text"]}}}, "«a»: compare: it is one of"),
    ({"columns": {"a": {"compare": "text", "weight": 3}}}, "«a»: weight: there is compare, name and tolerance"),
    ({"columns": {"a": {"compare": "text", "tolerance": 3}}}, "«a»: tolerance: only numbers and dates"),
    ({"columns": {"a": {"compare": "number", "tolerance": -1}}}, "«a»: tolerance: it is a number from 0 up"),
    ('{"columns": {"a": {"compare": "number", "tolerance": NaN}}}', "«a»: tolerance: it is a number from 0 up"),
    ({"columns": {"a": {"compare": "text", "name": " "}}}, "«a»: name: it is a text"),
    ({"columns": {"phone": {"compare": "text"}}}, '«phone»: phone is the name of a comparison of ours; add "name"'),
    ({"columns": {"a": {"compare": "text", "name": "c"}, "b": {"compare": "exact", "name": "c"}}}, "in two ways"),
])  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_told_by_its_place(tmp_path: Path, mapping: object, said: str) -> None:
    with pytest.raises(MappingUnusable) as caught:
        read_mapping(write(tmp_path, mapping))
    assert said in str(caught.value)


def test_a_mapping_of_a_column_that_no_file_has_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name,postcode\nAli,1\n", encoding="utf-8")
    with pytest.raises(MappingUnusable, match="«postcod»: no file has such a column; did you mean «postcode»"):
        read_inputs([people], write(tmp_path, {"columns": {"postcod": {"compare": "exact"}}}))


def test_columns_of_two_files_with_one_name_are_compared_with_one_another(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("name,PLZ\nAli,1\n", encoding="utf-8")
    other.write_text("name,postcode\nAli,2\nOmar,3\n", encoding="utf-8")
    zip_code = {"compare": "exact", "name": "zip"}
    found = read_inputs([one, other], write(tmp_path, {"columns": {"PLZ": zip_code, "postcode": zip_code}}))
    assert found.compared["zip"].to_pylist() == ["1", "2", "3"]
    assert mapped_columns(found.compared, found.specs)[0].name == "zip"
