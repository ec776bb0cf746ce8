"""The published API document: what FastAPI derives from the routes, completed by what all of them share.

Every answer is in it: each error with its status, its codes and an example in Arabic; the headers; the scope needed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.auth import BadToken, IssuerUnavailable, MissingScope, NoToken
from shared.db import DatabaseUnavailable
from shared.envelope import BodyTooLarge
from shared.errors import SijillError
from shared.problems import MEDIA, InternalError, InvalidInput, MalformedJson, NotJson, Problem, problem, status_of

Json = dict[str, Any]
Responses = dict[int | str, Json]
NDJSON = "application/x-ndjson"
_REF = "#/components/schemas/{model}"
_CODES = "x-codes"
_TEXT: Json = {"type": "string"}


@dataclass(frozen=True, slots=True)
class About:
    """What a service says of itself. tags: by name. lines: models that a line of NDJSON is, read by hand."""

    description: str
    tags: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[type[BaseModel], ...] = ()


CONVENTIONS = (
    "Errors are problems (RFC 9457) with a stable `code`, pointers to what is wrong, and sentences in Arabic, or in"
    " English where `Accept-Language` ranks it first. Every answer bears an `X-Request-Id`."
)
OPERATION = {"operation": "Whether the service runs, what it is, and what its problems mean."}
HEADERS: dict[str, Json] = {
    "X-Request-Id": {
        "description": "Names this call in our logs; your own, if you sent a harmless one.",
        "schema": _TEXT,
    },
    "ETag": {
        "description": "The version of this copy, for If-Match.",
        "schema": {"type": "string", "pattern": '^".+"$'},
    },
    "Location": {"description": "Where the new thing is read.", "schema": _TEXT},
    "Link": {"description": 'The next page, rel="next" (RFC 8288); absent on the last.', "schema": _TEXT},
    "Idempotent-Replayed": {"description": "`true`: stored before, under the same key.", "schema": _TEXT},
    "Cache-Control": {"description": "`no-store`: the answer holds a secret.", "schema": _TEXT},
    "Content-Language": {"description": "Of the texts.", "schema": {"type": "string", "enum": ["ar", "en"]}},
    "WWW-Authenticate": {"description": "RFC 6750, 3.", "schema": _TEXT},
    "Retry-After": {"description": "Seconds.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}
_SOMETIMES = frozenset({"Link"})
_REQUIRED_HEADERS: dict[str, Json] = {
    "Idempotency-Key": {
        "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$",
        "examples": ["2026-11-22-A-1042-food"],
    },
    "If-Match": {"type": "string", "pattern": r'^(\*|"[!#-~]*"(, *"[!#-~]*")*)$', "examples": ['"2"', "*"]},
}  # fmt: skip
"""What is required wherever it is read at all; the handler answers its absence itself, with a code of its own."""


def refusals(*kinds: type[SijillError]) -> Responses:
    """For a route's `responses`: the errors of its own, besides those that follow from its shape."""
    found: Responses = {}
    for kind in kinds:
        found.setdefault(status_of(kind()), {_CODES: [], "description": ""})[_CODES].append(kind.code)
    return found


def headers(*names: str) -> Json:
    """For one of a route's `responses`: the headers of a good answer."""
    return {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names}}


class DescribedApp(FastAPI):
    """An app whose document is complete."""

    about = About("")
    _completed: Json | None = None

    def openapi(self) -> Json:
        document = super().openapi()
        if document is not self._completed:
            _complete(document, self.about)
            self._completed = document
        return document


def _complete(document: Json, about: About) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name, schema in (_schemas((Problem,), "serialization") | _schemas(about.lines, "validation")).items():
        schemas.setdefault(name, schema)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["headers"] = {
        name: header | ({} if name in _SOMETIMES else {"required": True}) for name, header in HEADERS.items()
    }
    document["info"]["description"] = about.description
    document["tags"] = [{"name": name, "description": text} for name, text in about.tags.items()]
    for path, item in document["paths"].items():
        for operation in item.values():
            _complete_operation(operation, path)


def _schemas(models: Iterable[type[BaseModel]], mode: Literal["validation", "serialization"]) -> Json:
    """The schemas of `models` and of all that they are made of, by name."""
    _, found = models_json_schema([(model, mode) for model in models], ref_template=_REF)
    schemas: Json = found.get("$defs", {})
    return schemas


def _complete_operation(operation: Json, path: str) -> None:
    operation["summary"] = _first_sentence(str(operation.get("description", operation["summary"])))
    for parameter in operation.get("parameters", []):
        if required := _REQUIRED_HEADERS.get(parameter["name"]):
            parameter |= {"required": True, "schema": dict(required)}
    responses = operation["responses"]
    validated = _CODES in responses.get("422", {}) or "HTTPValidationError" in str(responses.get("422"))
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    codes: dict[str, list[str]] = {}
    for kind in (*_following(operation, validated), *_declared(responses)):
        codes.setdefault(str(status_of(kind())), []).append(kind.code)
    for status, of_it in codes.items():
        if "content" not in responses.get(status, {}):
            responses[status] = _refusal(list(dict.fromkeys(of_it)), path)
    for response in responses.values():
        _name_lines(response)
        response.setdefault("headers", {})["X-Request-Id"] = {"$ref": "#/components/headers/X-Request-Id"}
    operation["responses"] = dict(sorted(responses.items()))


def _first_sentence(text: str) -> str:
    return text.split("\n")[0].split(". ")[0].rstrip(".")


def _name_lines(response: Json) -> None:
    """A stream of lines is no JSON document: the schema is that of each line."""
    stream = response.get("content", {}).get(NDJSON)
    if stream is not None:
        stream["x-ndjson-line"] = {"$ref": stream["schema"]["$ref"]}
        stream["schema"] = {"type": "string", "description": "A JSON object a line, as `x-ndjson-line` says."}


def _declared(responses: Json) -> list[type[SijillError]]:
    kinds = known()
    return [kinds[code] for response in responses.values() for code in response.get(_CODES, [])]


def _following(operation: Json, validated: bool) -> Iterable[type[SijillError]]:
    """The errors that follow from an operation's shape. validated: FastAPI checks its input."""
    yield InternalError
    if security := operation.get("security"):
        if any("HTTPBearer" in each for each in security):
            yield from (NoToken, BadToken, IssuerUnavailable)
        if any(scopes for each in security for scopes in each.values()):
            yield MissingScope
        yield DatabaseUnavailable
    media = operation.get("requestBody", {}).get("content", {})
    if media:
        yield BodyTooLarge
    if validated and "application/json" in media:
        yield from (MalformedJson, NotJson, InvalidInput)
    if validated and any(each["name"] not in _REQUIRED_HEADERS for each in operation.get("parameters", [])):
        yield InvalidInput


def _refusal(codes: list[str], path: str) -> Json:
    kinds = known()
    examples = {code: {"summary": kinds[code].text.en, "value": _example(kinds[code], path)} for code in codes}
    status = status_of(kinds[codes[0]]())
    named = ["Content-Language", *_ALSO.get(status, ())]
    return {
        "description": " ".join(f"`{code}`: {kinds[code].text.en}" for code in codes),
        "content": {MEDIA: {"schema": {"$ref": _REF.format(model="Problem")}, "examples": examples}},
        **headers(*named),
    }


_ALSO = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def _example(kind: type[SijillError], path: str) -> Json:
    return problem(kind(), "ar", path).model_dump() | {"request_id": "01a20141-2752-71fd-ad07-47207e8047c9"}


def known() -> dict[str, type[SijillError]]:
    """Every error with a code of its own, by code, of what is imported."""
    found: dict[str, type[SijillError]] = {}
    rest: list[type[SijillError]] = [SijillError]
    while rest:
        kind = rest.pop()
        rest.extend(kind.__subclasses__())
        if "code" in vars(kind) and kind is not SijillError:
            found[kind.code] = kind
    return found
