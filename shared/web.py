"""What every service's app has: problems, health, version, metrics, and its place in the house."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from shared import log, telemetry
from shared.db import Connection, transaction
from shared.envelope import Envelope
from shared.errors import Unavailable
from shared.openapi import About, DescribedApp, known, refusals
from shared.outbox import Backlog
from shared.problems import NoSuchPath, install
from shared.settings import HouseSettings

Check = Callable[[], Awaitable[bool]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(slots=True)
class Readiness:
    """Named checks that must all hold before the service takes work, and what waits in its queue, if it has one."""

    checks: dict[str, Check] = field(default_factory=dict)
    backlog: Callable[[], Awaitable[Backlog]] | None = None


class Ready(BaseModel):
    status: str
    checks: dict[str, bool]
    queue_lag_seconds: float | None = None
    parked_letters: int | None = None


class Version(BaseModel):
    service: str
    version: str


class KnownProblem(BaseModel):
    code: str
    title_ar: str
    title_en: str


def create_app(
    service: str,
    title: str,
    settings: HouseSettings,
    lifespan: Lifespan,
    routers: tuple[APIRouter, ...],
    larger_bodies: Mapping[str, int] | None = None,
    about: About | None = None,
) -> FastAPI:
    """The service's app. `lifespan` sets `app.state.readiness` and whatever its routes need."""
    log.configure(service, settings.log_level)
    app = DescribedApp(
        title=title,
        version=version("sijill"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )
    app.about = about or About(title)
    app.state.service = service
    app.state.metrics = telemetry.Metrics()
    app.state.readiness = Readiness()
    install(app)
    app.include_router(_health)
    for router in routers:
        app.include_router(router)
    telemetry.trace(app, service, settings)
    app.add_middleware(Envelope, metrics=app.state.metrics, limit=settings.max_body_bytes, larger=larger_bodies or {})
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


_health = APIRouter(tags=["operation"])


@_health.get("/livez", response_class=Response, status_code=204)
async def live() -> None:
    """The process runs."""


@_health.get("/readyz", responses={503: {"model": Ready}})
async def ready(request: Request) -> Ready:
    """Whether the service can take work: each check by name, and its queue's lag in seconds."""
    readiness: Readiness = request.app.state.readiness
    checks = {name: await check() for name, check in readiness.checks.items()}
    holds = bool(checks) and all(checks.values())
    waiting = await readiness.backlog() if holds and readiness.backlog else None
    body = Ready(
        status="ready" if holds else "not ready",
        checks=checks,
        queue_lag_seconds=waiting.lag_seconds if waiting else None,
        parked_letters=waiting.parked if waiting else None,
    )
    return body if holds else JSONResponse(body.model_dump(), 503)  # type: ignore[return-value]


@_health.get("/version")
async def which_version(request: Request) -> Version:
    """What runs here."""
    return Version(service=request.app.state.service, version=version("sijill"))


@_health.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """Prometheus metrics."""
    counted: telemetry.Metrics = request.app.state.metrics
    backlog = request.app.state.readiness.backlog
    if backlog is not None:
        waiting = await _known(backlog)
        counted.queue_lag.set(waiting.lag_seconds)
        counted.parked.set(waiting.parked)
    return Response(generate_latest(counted.registry), media_type=CONTENT_TYPE_LATEST)


@_health.get("/problems/{code}", responses=refusals(NoSuchPath))
async def known_problem(code: str) -> KnownProblem:
    """What a problem's `type` stands for."""
    kind = known().get(code)
    if kind is None:
        raise NoSuchPath
    return KnownProblem(code=code, title_ar=kind.text.ar, title_en=kind.text.en)


async def _known(backlog: Callable[[], Awaitable[Backlog]]) -> Backlog:
    """Not a number while the database does not answer: the other metrics are wanted then most of all."""
    try:
        return await backlog()
    except Unavailable:
        return Backlog(math.nan, parked=0)


async def open_transaction(request: Request) -> AsyncIterator[Connection]:
    """A transaction on `app.state.pool` bound to no charity; committed before the answer leaves."""
    async with transaction(request.app.state.pool) as connection:
        yield connection


Transaction = Annotated[Connection, Depends(open_transaction, scope="function")]
