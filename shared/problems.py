"""RFC 9457 problems: the only place that knows both our errors and HTTP's statuses."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from shared import errors, log
from shared.errors import Flaw, SijillError, Text
from shared.flaws import flaws_of

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
    """`ar` unless the header (RFC 9110, 12.5.4) ranks English first."""
    ranked: list[tuple[float, str]] = []
    for part in accept.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((float(weight or 1), tag.lower()[:2]))
        except ValueError:
            continue
    known = [entry for entry in ranked if entry[1] in ("ar", "en") and entry[0] > 0]
    return max(known, key=lambda entry: entry[0])[1] if known else "ar"


def problem(error: SijillError, language: str, path: str) -> Problem:
    return Problem(
        type=f"/problems/{error.code}",
        title=error.message.in_language(language),
        status=status_of(error),
        code=error.code,
        instance=path,
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
        return _answer_to(request, MethodNotAllowed() if error.status_code == 405 else _named(error))

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _answer_to(request, _from_validation(request, error.errors()))

    app.add_exception_handler(SijillError, ours)
    app.add_exception_handler(HTTPException, theirs)
    app.add_exception_handler(RequestValidationError, unreadable)


def _answer_to(request: Request, error: SijillError) -> Response:
    language = language_of(request.headers.get("accept-language", ""))
    return answer(error, language, request.url.path)


def _named(error: HTTPException) -> SijillError:
    by_status: dict[int, type[SijillError]] = {404: NoSuchPath, 400: MalformedJson}
    return by_status.get(error.status_code, InternalError)()


def _from_validation(request: Request, found: Sequence[Any]) -> SijillError:
    if any(flaw["type"] == "json_invalid" for flaw in found):
        return MalformedJson()
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(tuple(flaw["loc"]) == ("body",) for flaw in found) and not sent.endswith("json"):
        return NotJson()
    return InvalidInput(flaws=flaws_of(found))
