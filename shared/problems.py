"""RFC 9457 problems: the only place that knows both our errors and HTTP's statuses."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from shared import errors, log
from shared.errors import Flaw, SijillError, Text
from shared.flaws import flaws_of
from shared.ids import masked

STATUS: dict[type[SijillError], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.Invalid: 422,
    errors.PreconditionMissing: 428,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
MEDIA = "application/problem+json"
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_JSON = re.compile(r"application/([^/;]+\+)?json")
_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class ProblemError(BaseModel):
    pointer: str = Field(description="RFC 6901 pointer into the body, or `#/query/…`, `#/header/…`.")
    code: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details. `code` is stable; `title` follows Accept-Language."""

    type: str = Field(examples=["/problems/invalid_input"])
    title: str
    status: int
    code: str = Field(examples=["invalid_input"])
    instance: str
    request_id: str
    errors: list[ProblemError] = Field(default_factory=list)


class InvalidInput(errors.Invalid):
    code = "invalid_input"
    text = Text(
        "في الطلب ما لا يصح؛ انظر القائمة errors.",
        "Something in the input is not valid; see the list `errors`.",
    )


class MalformedJson(errors.Malformed):
    code = "malformed_json"
    text = Text("النص المرسل ليس JSON صحيحاً.", "The body is not valid JSON.")


class NotJson(errors.UnsupportedMedia):
    code = "unsupported_media_type"
    text = Text(
        "نوع الوسائط غير مقبول هنا؛ أرسل النوع المذكور في توثيق الواجهة.",
        "This media type is not read here; send the one that the API's description names.",
    )


class NoSuchPath(errors.NotFound):
    code = "no_such_path"
    text = Text("لا يوجد شيء في هذا العنوان.", "There is nothing at this address.")


class MethodNotAllowed(errors.Conflict):
    code = "method_not_allowed"
    text = Text("هذا الفعل غير مقبول في هذا العنوان.", "This method is not taken at this address.")


class InternalError(SijillError):
    code = "internal_error"
    text = Text(
        "خطأ في النظام؛ سُجّل برقم الطلب ولم يُحفظ شيء.",
        "A fault on our side; it is logged under the request id, and nothing was stored.",
    )


def status_of(error: SijillError) -> int:
    if isinstance(error, MethodNotAllowed):
        return 405
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def language_of(accept: str) -> str:
    """`ar` unless the header (RFC 9110, 12.5.4) ranks English above it."""
    ranked = dict.fromkeys(("ar", "en"), 0.0)
    for part in accept.split(","):
        tag, *parameters = (piece.strip().lower() for piece in part.split(";"))
        language = tag.partition("-")[0]
        if language in ranked:
            ranked[language] = max(ranked[language], _weight(parameters))
    return "en" if ranked["en"] > ranked["ar"] else "ar"


def _weight(parameters: Sequence[str]) -> float:
    """The q-value, 1 where there is none, 0 for what is no weight."""
    said = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    return float(said) if _WEIGHT.fullmatch(said) else 0.0


def problem(error: SijillError, language: str, path: str) -> Problem:
    return Problem(
        type=f"/problems/{error.code}",
        title=error.message.in_language(language),
        status=status_of(error),
        code=error.code,
        instance=masked(path),
        request_id=log.request_id.get(),
        errors=[_line(flaw, language) for flaw in error.flaws],
    )


def _line(flaw: Flaw, language: str) -> ProblemError:
    return ProblemError(pointer=flaw.pointer, code=flaw.code, message=flaw.message.in_language(language))


def answer(error: SijillError, language: str, path: str) -> Response:
    body = problem(error, language, path)
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    if body.status == 401:
        headers["WWW-Authenticate"] = f'Bearer error="{error.code}"'
    if body.status in (429, 503):
        headers["Retry-After"] = "2"
    return Response(body.model_dump_json(), body.status, headers, media_type=MEDIA)


def install(app: FastAPI) -> None:
    """Every error of this app leaves as a problem, in the caller's language."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, SijillError)
        return _answer_to(request, error)

    async def theirs(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code != 405:
            return _answer_to(request, _named(error))
        refusal = _answer_to(request, MethodNotAllowed())
        refusal.headers["Allow"] = ", ".join(_methods_taken(request))
        return refusal

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _answer_to(request, _from_validation(request, error.errors()))

    app.add_exception_handler(SijillError, ours)
    app.add_exception_handler(HTTPException, theirs)
    app.add_exception_handler(RequestValidationError, unreadable)


def _answer_to(request: Request, error: SijillError) -> Response:
    language = language_of(request.headers.get("accept-language", ""))
    return answer(error, language, request.url.path)


def _methods_taken(request: Request) -> list[str]:
    """The methods that some route takes at this address."""
    return [method for method in _METHODS if _taken(request, method)]


def _taken(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.router.routes)


def _named(error: HTTPException) -> SijillError:
    """One of ours; FastAPI wraps what is raised while a body comes in, such as its being too large."""
    if isinstance(error.__cause__, SijillError):
        return error.__cause__
    by_status: dict[int, type[SijillError]] = {404: NoSuchPath, 400: MalformedJson}
    return by_status.get(error.status_code, InternalError)()


def _from_validation(request: Request, found: Sequence[Any]) -> SijillError:
    if any(flaw["type"] == "json_invalid" for flaw in found):
        return MalformedJson()
    of_the_whole = [flaw["type"] for flaw in found if tuple(flaw["loc"]) == ("body",)]
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if of_the_whole and not _JSON.fullmatch(sent):
        return NotJson()
    if "missing" in of_the_whole:
        return MalformedJson()
    return InvalidInput(flaws=flaws_of(found))
