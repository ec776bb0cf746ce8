"""The published documents tell the truth: made-up calls get no fault, and no answer that is not in them."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, CheckFunction, SerializationContext
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.contract.standing import Standing

DOCUMENTS = Path(__file__).parents[2] / "docs" / "openapi"
CALLERS = {
    "aid:write": "charity",
    "aid:read": "charity",
    "charities:manage": "operator",
    "clients:manage": "operator",
    "coverage:read": "coordinator",
    "reports:read": "auditor",
    "decisions:write": "reviewer",
}
_HANDED_OUT: dict[tuple[str, str], tuple[float, str]] = {}


@schemathesis.serializer("application/x-ndjson")
def lines(_: SerializationContext, value: object) -> bytes:
    """What is sent as a batch: text as it is, anything else as the one line it makes."""
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def document(service: str) -> Any:
    """The committed document, with values generated the same way at every run."""
    generation = GenerationConfig(deterministic=True)
    config = SchemathesisConfig(seed=1, projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
    return from_dict(json.loads((DOCUMENTS / f"{service}.json").read_text("utf-8")), config=config)


REGISTRY, IDENTITY = document("registry"), document("identity")
QUICK = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def token(house: Standing, caller: str) -> str:
    """A token of the caller's, renewed well before it ends."""
    handed_out, kept = _HANDED_OUT.get((house.admin_url, caller), (0.0, ""))
    if time.monotonic() - handed_out > 120 or not kept:
        kept = house.token(caller)
        _HANDED_OUT[house.admin_url, caller] = time.monotonic(), kept
    return kept


def not_checked(case: Case) -> list[CheckFunction]:
    """A form may fit the schema and still break a rule: a check digit, a day that its calendar does not have.

    A batch is never refused for its lines: each is answered on its own.
    """
    batch = case.operation.path.endswith(":batch")
    return [positive_data_acceptance, *([negative_data_rejection] if batch else [])]


def check(house: Standing, service: str, case: Case) -> None:
    security = case.operation.definition.raw.get("security", [])
    headers = {}
    if any("HTTPBearer" in each for each in security):
        scopes = [scope for each in security for scope in each.get("HTTPBearer", [])]
        caller = CALLERS[scopes[0]] if scopes else "charity"
        headers["Authorization"] = f"Bearer {token(house, caller)}"
    case.call_and_validate(base_url=house.urls[service], headers=headers, excluded_checks=not_checked(case))


@QUICK
@REGISTRY.parametrize()
def test_the_registry_answers_as_published(case: Case, house: Standing) -> None:
    check(house, "registry", case)


@QUICK
@IDENTITY.parametrize()
def test_identity_answers_as_published(case: Case, house: Standing) -> None:
    check(house, "identity", case)


@pytest.mark.long
@LONG
@REGISTRY.parametrize()
def test_the_registry_answers_as_published_to_many_calls(case: Case, house: Standing) -> None:
    check(house, "registry", case)


@pytest.mark.long
@LONG
@IDENTITY.parametrize()
def test_identity_answers_as_published_to_many_calls(case: Case, house: Standing) -> None:
    check(house, "identity", case)
