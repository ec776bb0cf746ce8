"""Whatever is done to a right form, it is stored whole or refused whole, and never a fault."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.refusal import form, key
from tests.contract.standing import Standing

REFUSALS = {400, 413, 415, 422}
STORED_TOGETHER = ("registry.aid_request", "registry.idempotency_key")

texts = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        "",
        "\x00",
        "\ud800",
        "1448-03-30",
        "2026-02-30",
        "0000-00-00",
        "٢٠٢٦-١٢-٠١",
        "9" * 400,
        "SA-02",
        "NaN",
        "-0",
        "1e9999",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The right form with one to three of its places replaced, removed, or joined by a field that is unknown."""
    body = deepcopy(form())
    for _ in range(draw(st.integers(1, 3))):
        holder, name = draw(st.sampled_from(list(_places(body))))
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                holder[name] = draw(values)
            case "remove":
                holder.pop(name)
            case "add":
                holder[draw(texts)] = draw(values)
        if not body:
            break
    return body


def _places(body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for name, inner in body.items():
        yield body, name
        if isinstance(inner, dict):
            yield from _places(inner)


@pytest.fixture(scope="module")
def charity(house: Standing) -> Iterator[httpx.Client]:
    with house.client("charity") as client:
        yield client


@settings(
    max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(body=mutated())
def test_a_mutated_form_is_stored_whole_or_refused_whole(
    house: Standing, charity: httpx.Client, body: dict[str, Any]
) -> None:
    content = json.dumps(body).encode()
    before = house.rows()

    answer = charity.post("/v1/aid-requests", content=content, headers={"Content-Type": "application/json"} | key())

    after = house.rows()
    if answer.status_code == 201:
        assert {after[table] - before[table] for table in STORED_TOGETHER} == {1}
        assert after["registry.letter"] > before["registry.letter"]
    else:
        assert answer.status_code in REFUSALS, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert after == before
