"""A batch with broken lines: the good ones are stored, the bad ones named by line."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.refusal import check_problem, form, key, refused, with_value
from tests.contract.standing import Standing

NDJSON = {"Content-Type": "application/x-ndjson"}
PATH = "/v1/aid-requests:batch"
STORING = ("registry.aid_request", "registry.registration", "registry.idempotency_key", "registry.letter")


@pytest.fixture(scope="module")
def charity(house: Standing) -> Iterator[httpx.Client]:
    with house.client("charity") as client:
        yield client


def line(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def results(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(each) for each in answer.text.splitlines()]


BROKEN: list[tuple[bytes, str, str | None]] = [
    (b'{"applicant": {', "malformed_json", None),
    (line(with_value("/applicant/national_id", "1900000008")), "invalid_national_id", "/applicant/national_id"),
    (line(with_value("/surprise", 1)), "extra_forbidden", "/surprise"),
    (line(with_value("/period", {"start": "1448-13-01", "end": "1448-13-02", "calendar": "hijri"})),
     "impossible_date", "/period"),
    (line(with_value("/period", {"start": "2026-12-31", "end": "2026-12-01"})), "end_before_start", "/period"),
    (line(with_value("/aid_type", "FREE_LUNCH")), "unknown_aid_type", "/aid_type"),
    (line(with_value("/applicant/address/zone", "SA-99")), "unknown_zone", "/applicant/address/zone"),
    (line(with_value("/amount/value", "-1")), "greater_than", "/amount/value"),
    (line(with_value("/amount/currency", "XQQ")), "unknown_currency", "/amount/currency"),
    (line(with_value("/applicant/name", "س" * 10_000)), "string_too_long", "/applicant/name"),
    (b'{"note": NaN}', "malformed_json", None),
    (b'{"note": "\\ud800"}', "malformed_json", None),
    (b'{"note": "\xff"}', "malformed_json", None),
    (b"\x00", "malformed_json", None),
    (b"[" * 5000, "malformed_json", None),
    (b"[]", "model_type", ""),
    (b'{"note": "' + b"x" * 1_000_000 + b'"}', "body_too_large", None),
]  # fmt: skip


def test_ten_thousand_lines_with_every_tenth_broken_store_the_other_nine_thousand(
    house: Standing, charity: httpx.Client
) -> None:
    lines = [line(_small(number)) for number in range(1, 10_001)]
    expected = {}
    for place, number in enumerate(range(10, 10_001, 10)):
        lines[number - 1], *expected[number] = BROKEN[place % (len(BROKEN) - 1)]
    before = house.rows()

    answers = results(charity.post(PATH, content=b"\n".join(lines), headers=NDJSON | key()))

    after = house.rows()
    assert [each["line"] for each in answers] == list(range(1, 10_001))
    assert {each["line"] for each in answers if each["outcome"] == "refused"} == set(expected)
    for number, (code, pointer) in expected.items():
        assert_names(answers[number - 1], code, pointer)
    assert {table: after[table] - before[table] for table in STORING} == dict.fromkeys(STORING, 9000)
    assert {after[table] for table in after if table.startswith("dedup.")} == {
        before[table] for table in before if table.startswith("dedup.")
    }


def _small(number: int) -> dict[str, Any]:
    return {
        "applicant": {"source_ref": f"L-{number}", "name": "سالم علي حسن"},
        "aid_type": "FOOD_BASKET",
        "period": {"start": "2026-12-01", "end": "2026-12-31"},
    }


def assert_names(result: dict[str, Any], code: str, pointer: str | None) -> None:
    problem = result["problem"]
    assert "request" not in result
    if pointer is None:
        assert (problem["code"], problem["errors"]) == (code, [])
    else:
        assert problem["code"] == "invalid_input"
        assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(("broken", "code", "pointer"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_line_is_named_and_its_neighbours_are_stored(
    house: Standing, charity: httpx.Client, broken: bytes, code: str, pointer: str | None
) -> None:
    before = house.rows()["registry.aid_request"]

    answers = results(
        charity.post(PATH, content=b"\n".join([line(form()), broken, line(form())]), headers=NDJSON | key())
    )

    assert [each["outcome"] for each in answers] == ["stored", "refused", "stored"]
    assert_names(answers[1], code, pointer)
    assert house.rows()["registry.aid_request"] == before + 2


def test_lines_may_be_empty_end_as_on_windows_and_the_last_may_lack_its_end(charity: httpx.Client) -> None:
    body = b"\n\r\n" + line(form()) + b"\r\n   \n" + line(form()) + b"\r\n\n" + line(form())

    answers = results(charity.post(PATH, content=body, headers=NDJSON | key()))

    assert [(each["line"], each["outcome"]) for each in answers] == [(3, "stored"), (5, "stored"), (7, "stored")]


def test_a_batch_of_nothing_is_answered_with_nothing(house: Standing, charity: httpx.Client) -> None:
    before = house.rows()

    assert results(charity.post(PATH, content=b"\n\n", headers=NDJSON | key())) == []
    assert house.rows() == before


def test_the_same_batch_again_stores_nothing_and_a_changed_line_is_refused(
    house: Standing, charity: httpx.Client
) -> None:
    headers, bodies = NDJSON | key(), [form() | {"key": "a"}, form(), form()]
    first = results(charity.post(PATH, content=b"\n".join(map(line, bodies)), headers=headers))
    before = house.rows()
    bodies[2]["note"] = "another"

    again = results(charity.post(PATH, content=b"\n".join(map(line, bodies)), headers=headers))

    assert [each["outcome"] for each in again] == ["replayed", "replayed", "refused"]
    assert [each["request"] for each in again[:2]] == [each["request"] for each in first[:2]]
    assert again[2]["problem"]["code"] == "idempotency_key_reused"
    assert house.rows() == before


def test_one_key_on_two_lines_of_a_batch_is_one_request(house: Standing, charity: httpx.Client) -> None:
    body = form() | {"key": "twice"}

    answers = results(charity.post(PATH, content=line(body) + b"\n" + line(body), headers=NDJSON | key()))

    assert [each["outcome"] for each in answers] == ["stored", "replayed"]
    assert answers[0]["request"] == answers[1]["request"]


def test_problems_of_lines_speak_the_callers_language(charity: httpx.Client) -> None:
    for language, letter in (("en", "T"), ("ar", "ا")):
        headers = NDJSON | key() | {"Accept-Language": language}
        answers = results(charity.post(PATH, content=b"{", headers=headers))
        assert letter in answers[0]["problem"]["title"]


@pytest.mark.parametrize("media", ["application/json", "text/plain", "", "application/x-ndjsonx"])
def test_a_batch_in_another_media_type_is_refused(house: Standing, charity: httpx.Client, media: str) -> None:
    headers = {"Content-Type": media} | key()

    refused(house, lambda: charity.post(PATH, content=line(form()), headers=headers), 415, "unsupported_media_type")


def test_a_batch_needs_a_key_too(house: Standing, charity: httpx.Client) -> None:
    refused(house, lambda: charity.post(PATH, content=line(form()), headers=NDJSON), 400, "idempotency_key_missing")


def test_a_batch_over_its_own_limit_is_refused_whole(house: Standing, charity: httpx.Client) -> None:
    before = house.rows()
    piece = line(form()) + b"\n" + b" " * 1_000_000 + b"\n"

    answer = charity.post(PATH, content=(piece for _ in range(33)), headers=NDJSON | key())

    check_problem(answer, 413, "body_too_large")
    assert house.rows() == before


def test_a_batch_of_more_lines_than_are_taken_is_refused_whole(house: Standing, charity: httpx.Client) -> None:
    def send() -> httpx.Response:
        return charity.post(PATH, content=line(form()) + b"\n" * 10_000 + b"{}", headers=NDJSON | key())

    assert "10000" in refused(house, send, 413, "too_many_lines").json()["title"]
