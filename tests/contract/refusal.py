"""What every refusal must look like, and that it leaves nothing behind."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from tests.contract.standing import Standing

_ARABIC = range(0x0600, 0x0700)
_numbers = count(1)


def form(**changes: Any) -> dict[str, Any]:
    """A request for a food basket that is right, for a person of his own; `changes` replace whole fields."""
    return {
        "applicant": {
            "source_ref": f"C-{next(_numbers)}",
            "name": "سالم علي حسن (تجريبي)",
            "national_id": "1900000009",
            "birth_date": {"value": "1405-07-12", "calendar": "hijri"},
            "phones": ["0500000001"],
            "address": {"zone": "SA-02-02", "text": "حي تجريبي"},
            "household": {"ref": "H-1", "role": "head", "size": 5},
        },
        "aid_type": "FOOD_BASKET",
        "period": {"start": "2026-12-01", "end": "2026-12-31"},
        "amount": {"value": "350.00", "currency": "SAR"},
        **changes,
    }


def with_value(pointer: str, value: Any) -> dict[str, Any]:
    """The right form but for `value` at `pointer`."""
    changed = deepcopy(form())
    *parents, last = pointer.strip("/").split("/")
    place: Any = changed
    for parent in parents:
        place = place[int(parent)] if isinstance(place, list) else place.setdefault(parent, {})
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return changed


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


def check_problem(answer: httpx.Response, status: int, code: str, language: str = "ar") -> dict[str, Any]:
    """The problem in `answer`, which is one of ours in every detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    problem: dict[str, Any] = answer.json()
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["type"] == f"/problems/{code}"
    assert problem["request_id"] == answer.headers["x-request-id"]
    for text in [problem["title"], *(each["message"] for each in problem["errors"])]:
        assert any(ord(letter) in _ARABIC for letter in text) == (language == "ar"), text
    return problem


def refused(
    house: Standing, send: Callable[[], httpx.Response], status: int, code: str, *flaws: tuple[str, str]
) -> httpx.Response:
    """`send` is answered with that problem and (pointer, code) flaws, repeats no value, and stores nothing."""
    before = house.rows()
    answer = send()
    problem = check_problem(answer, status, code)
    found = [(each["pointer"], each["code"]) for each in problem["errors"]]
    assert found == list(flaws)
    check_repeats_nothing(answer)
    assert house.rows() == before
    return answer


def check_repeats_nothing(answer: httpx.Response) -> None:
    """No text or number of the body that was sent is in the answer."""
    try:
        sent = json.loads(answer.request.content)
    except (ValueError, RecursionError):
        return
    for value in _leaves(sent):
        assert value not in answer.text, "a value that was sent is repeated"


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif len(str(value)) >= 5 and value not in ("SAR", True, False):
        yield str(value)
