"""The published documents are valid OpenAPI, complete, and readable by people."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from services.cli.openapi import document

SERVICES = ["registry", "dedup", "identity", "nafath-mock"]
NO_PROBLEMS = {"204", "200", "201", "503"}
DOCUMENTS = Path(__file__).parents[2] / "docs" / "openapi"


@pytest.fixture(scope="module", params=SERVICES)
def published(request: pytest.FixtureRequest) -> Any:
    return json.loads(document(request.param))


def operations(published: Any) -> list[tuple[str, Any]]:
    return [(path, operation) for path, item in published["paths"].items() for operation in item.values()]


def test_a_document_is_valid_openapi(published: Any) -> None:
    validate(published)
    assert published["openapi"].startswith("3.1")


def test_every_operation_has_a_name_words_and_a_tag_that_is_explained(published: Any) -> None:
    tags = {tag["name"] for tag in published["tags"] if tag["description"]}
    names = [operation["operationId"] for _, operation in operations(published)]
    assert len(names) == len(set(names))
    for path, operation in operations(published):
        assert operation["operationId"].isidentifier(), path
        assert len(operation["summary"].split()) >= 2, path
        assert operation["description"], path
        assert set(operation["tags"]) <= tags, path


def test_every_refusal_has_a_body_that_is_described(published: Any) -> None:
    assert "HTTPValidationError" not in json.dumps(published)
    assert "x-codes" not in json.dumps(published)
    for path, operation in operations(published):
        assert "500" in operation["responses"], path
        for status, response in operation["responses"].items():
            assert "X-Request-Id" in response["headers"], (path, status)
            if status >= "400":
                assert response["content"], (path, status)
        if any("HTTPBearer" in each for each in operation.get("security", [])):
            assert {"401", "503"} <= set(operation["responses"]), path


def test_headers_that_are_required_are_published_as_required(published: Any) -> None:
    for path, operation in operations(published):
        for parameter in operation.get("parameters", []):
            if parameter["name"] in ("Idempotency-Key", "If-Match"):
                assert parameter["required"], path
                assert parameter["schema"]["type"] == "string"


def test_every_example_fits_its_own_schema(published: Any) -> None:
    seen = 0
    for schema in published["components"]["schemas"].values():
        for example in schema.get("examples", []) if isinstance(schema.get("examples"), list) else []:
            Draft202012Validator(schema | {"components": published["components"]}).validate(example)
            seen += 1
    for _, operation in operations(published):
        for response in operation["responses"].values():
            for name, example in (
                response.get("content", {}).get("application/problem+json", {}).get("examples", {}).items()
            ):
                problem = published["components"]["schemas"]["Problem"] | {"components": published["components"]}
                Draft202012Validator(problem).validate(example["value"])
                assert example["value"]["code"] == name
                seen += 1
    assert seen


def test_the_main_operations_have_examples_in_arabic() -> None:
    schemas = json.loads(document("registry"))["components"]["schemas"]
    for name in ("AidRequestForm", "AidRequestView", "CheckView", "DecisionForm"):
        text = json.dumps(schemas[name]["examples"], ensure_ascii=False)
        assert any("\u0600" <= letter < "\u0700" for letter in text), name


def test_a_batch_is_described_by_the_line() -> None:
    published = json.loads(document("registry"))
    batch = published["paths"]["/v1/aid-requests:batch"]["post"]
    asked = batch["requestBody"]["content"]["application/x-ndjson"]
    answered = batch["responses"]["200"]["content"]["application/x-ndjson"]
    for place, model in ((asked, "BatchLine"), (answered, "LineResult")):
        assert place["x-ndjson-line"] == {"$ref": f"#/components/schemas/{model}"}
        assert model in published["components"]["schemas"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_document_is_that_of_the_code(service: str) -> None:
    assert (DOCUMENTS / f"{service}.json").read_text("utf-8") == document(service), "run `make openapi`"
