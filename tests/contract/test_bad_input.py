"""A form that is wrong is refused with a problem that says where, and nothing of it is stored."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.refusal import check_problem, form, key, refused, with_value
from tests.contract.standing import Standing

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def charity(house: Standing) -> Iterator[httpx.Client]:
    with house.client("charity") as client:
        yield client


WRONG_VALUES: list[tuple[str, Any, str]] = [
    ("/applicant/nickname", "سلوم", "extra_forbidden"),
    ("/period/days", 31, "extra_forbidden"),
    ("/surprise", {"deep": ["down"]}, "extra_forbidden"),
    ("/applicant/national_id", "1900000008", "invalid_national_id"),
    ("/applicant/national_id", "١٩٠٠٠٠٠٠٠٨", "invalid_national_id"),
    ("/applicant/national_id", "9900000009", "invalid_national_id"),
    ("/applicant/national_id", "19000000091", "invalid_national_id"),
    ("/applicant/national_id", "", "invalid_national_id"),
    ("/applicant/national_id", 1900000009, "string_type"),
    ("/applicant/national_id", "1" * 31, "string_too_long"),
    ("/applicant/birth_date", {"value": "1405-02-30", "calendar": "hijri"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "1405-13-01", "calendar": "hijri"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "1600-01-01", "calendar": "hijri"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "0001-01-01", "calendar": "hijri"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "1985-02-29"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "0000-01-01"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "12/05/1985"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "1985", "precision": "day"}, "impossible_date"),
    ("/applicant/birth_date", {"value": "2999-01-01"}, "birth_date_out_of_range"),
    ("/applicant/birth_date", {"value": "1700-01-01"}, "birth_date_out_of_range"),
    ("/applicant/birth_date/calendar", "mayan", "enum"),
    ("/applicant/birth_date/precision", None, "enum"),
    ("/applicant/gender", "ذكر", "literal_error"),
    ("/applicant/household/size", 0, "greater_than_equal"),
    ("/applicant/household/size", 61, "less_than_equal"),
    ("/applicant/household/size", 10**40, "int_parsing_size"),
    ("/applicant/household/size", 2.5, "int_from_float"),
    ("/applicant/household/size", "خمسة", "int_parsing"),
    ("/applicant/name", "س", "string_too_short"),
    ("/applicant/name", "س" * 10_000, "string_too_long"),
    ("/applicant/name", "سالم\x00علي", "blank_or_control_character"),
    ("/applicant/name", "   \u00a0 ", "blank_or_control_character"),
    ("/applicant/name", ["سالم"], "string_type"),
    ("/applicant/source_ref", "", "string_too_short"),
    ("/applicant/source_ref", "\t", "blank_or_control_character"),
    ("/applicant/phones", ["0500000001"] * 6, "too_long"),
    ("/applicant/phones", "0500000001", "tuple_type"),
    ("/applicant/phones/0", "٠" * 31, "string_too_long"),
    ("/applicant/address/zone", "SA-99-99", "unknown_zone"),
    ("/applicant/address/text", "ح" * 501, "string_too_long"),
    ("/applicant/address", None, "model_attributes_type"),
    ("/aid_type", "FREE_LUNCH", "unknown_aid_type"),
    ("/aid_type", "food_basket\x00", "control_character"),
    ("/period", {"start": "2026-12-31", "end": "2026-12-01"}, "end_before_start"),
    ("/period", {"start": "1448-03-30", "end": "1448-04-01", "calendar": "hijri"}, "impossible_date"),
    ("/period", {"start": "2026-02-30", "end": "2026-03-01"}, "impossible_date"),
    ("/period", {"start": "2026-01-01", "end": "2046-01-01"}, "period_too_long"),
    ("/period", {"start": "9999-01-01", "end": "9999-12-31"}, "period_out_of_range"),
    ("/period", {"start": "0001-01-01", "end": "0001-12-31"}, "period_out_of_range"),
    ("/amount/value", "-5.00", "greater_than"),
    ("/amount/value", "0", "greater_than"),
    ("/amount/value", "0.005", "decimal_max_places"),
    ("/amount/value", "350.125", "decimal_max_places"),
    ("/amount/value", "1e30", "less_than_equal"),
    ("/amount/value", "1" * 5000, "less_than_equal"),
    ("/amount/value", "NaN", "finite_number"),
    ("/amount/value", "Infinity", "finite_number"),
    ("/amount/value", "٣٥٠ ريال", "decimal_parsing"),
    ("/amount/value", True, "decimal_type"),
    ("/amount/currency", "XQQ", "unknown_currency"),
    ("/amount/currency", "ريال", "unknown_currency"),
    ("/note", "م" * 1001, "string_too_long"),
]


@pytest.mark.parametrize(("pointer", "value", "code"), WRONG_VALUES)
def test_a_wrong_value_is_named_by_pointer_and_code(
    house: Standing, charity: httpx.Client, pointer: str, value: Any, code: str
) -> None:
    body = with_value(pointer, value)
    for path in ("/v1/aid-requests", "/v1/overlap-checks"):
        refused(
            house, lambda path=path: charity.post(path, json=body, headers=key()), 422, "invalid_input", (pointer, code)
        )


def test_all_that_is_wrong_is_named_at_once(house: Standing, charity: httpx.Client) -> None:
    body = form(aid_type="", period={"start": "2026-12-01"})

    refused(
        house, lambda: charity.post("/v1/aid-requests", json=body, headers=key()), 422, "invalid_input",
        ("/aid_type", "string_too_short"), ("/period/end", "missing"),
    )  # fmt: skip


def test_who_has_no_name_is_refused(house: Standing, charity: httpx.Client) -> None:
    body = form(applicant={"source_ref": "C-0"})

    refused(
        house, lambda: charity.post("/v1/aid-requests", json=body, headers=key()), 422, "invalid_input",
        ("/applicant", "missing_name"),
    )  # fmt: skip


def test_a_flood_of_unknown_fields_is_answered_with_the_first_hundred(house: Standing, charity: httpx.Client) -> None:
    body = form(**{f"field{number}": 0 for number in range(5000)})
    before = house.rows()

    answer = charity.post("/v1/aid-requests", json=body, headers=key())

    assert len(check_problem(answer, 422, "invalid_input")["errors"]) == 100
    assert house.rows() == before


def test_the_name_of_an_unknown_field_is_not_repeated_when_it_is_no_name(
    house: Standing, charity: httpx.Client
) -> None:
    refused(
        house, lambda: charity.post("/v1/aid-requests", json=form(**{"x" * 10_000: 1}), headers=key()), 422,
        "invalid_input", ("", "extra_forbidden"),
    )  # fmt: skip


def test_a_field_with_a_slash_in_its_name_has_its_pointer_escaped(house: Standing, charity: httpx.Client) -> None:
    refused(
        house, lambda: charity.post("/v1/aid-requests", json=form(**{"a/b~c": 1}), headers=key()), 422,
        "invalid_input", ("/a~1b~0c", "extra_forbidden"),
    )  # fmt: skip


UNREADABLE = [
    b'{"applicant":',
    b"",
    b"{'applicant': 1}",
    b'{"a":1}{"b":2}',
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"note": NaN}',
    b'{"note": -Infinity}',
    b'{"note": ' + b"9" * 10_000 + b"}",
    b'{"note": "\xff\xfe"}',
    b'{"note": "tab\there"}',
    b'{"note": "\\ud800"}',
    b'{"\\udfff": 1}',
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
    b"\x00",
]


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_not_json_is_malformed(house: Standing, charity: httpx.Client, body: bytes) -> None:
    for path in ("/v1/aid-requests", "/v1/overlap-checks"):
        refused(house, lambda path=path: charity.post(path, content=body, headers=JSON | key()), 400, "malformed_json")


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"', b"true"])
def test_json_that_is_no_object_is_invalid(house: Standing, charity: httpx.Client, body: bytes) -> None:
    before = house.rows()

    answer = charity.post("/v1/aid-requests", content=body, headers=JSON | key())

    problem = check_problem(answer, 422, "invalid_input")
    assert [each["pointer"] for each in problem["errors"]] == [""]
    assert house.rows() == before


MEDIA = [
    "text/plain", "text/json", "application/xml", "application/jsonx", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "nonsense", "",
]  # fmt: skip


@pytest.mark.parametrize("media", MEDIA)
def test_another_media_type_is_refused(house: Standing, charity: httpx.Client, media: str) -> None:
    body = charity.build_request("POST", "/", json=form()).content

    refused(
        house, lambda: charity.post("/v1/aid-requests", content=body, headers={"Content-Type": media} | key()), 415,
        "unsupported_media_type",
    )  # fmt: skip


def test_a_body_over_a_megabyte_is_refused_with_and_without_its_length(house: Standing, charity: httpx.Client) -> None:
    body = b'{"note": "' + b"x" * 1_000_000 + b'"}'
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)]

    refused(house, lambda: charity.post("/v1/aid-requests", content=body, headers=JSON | key()), 413, "body_too_large")
    before = house.rows()
    chunked = charity.post("/v1/aid-requests", content=iter(pieces), headers=JSON | key())
    check_problem(chunked, 413, "body_too_large")
    assert house.rows() == before


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("en", "en"), ("ar", "ar"), ("en-GB,en;q=0.9", "en"), ("ar;q=0.8, en;q=0.9", "en"), ("en;q=0.1, ar", "ar"),
        ("fr", "ar"), ("en;q=0", "ar"), ("*", "ar"), ("en; q=0.9, ar; q=0.2", "en"), ("en;q=wrong", "ar"),
        ("EN-us", "en"), ("fr, en;q=0.5", "en"), ("en;q=NaN, ar;q=0.1", "ar"), ("english", "ar"), ("", "ar"),
    ],
)  # fmt: skip
def test_a_problem_speaks_the_callers_language(charity: httpx.Client, accept: str, language: str) -> None:
    headers = {"Accept-Language": accept} | key()

    answer = charity.post("/v1/aid-requests", json=form(aid_type=7), headers=headers)

    check_problem(answer, 422, "invalid_input", language)
