"""The dedup service: which records are one person."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from fastapi import FastAPI

from services.dedup.endpoints import router
from services.dedup.index import Index
from services.dedup.model import Model
from services.dedup.settings import DedupSettings
from services.dedup.shares import model_in_force, read_weights, weights_of
from shared import db, log, revisions, web
from shared.auth import AUDIENCE, TokenChecker
from shared.db import DatabaseUnavailable, Pool
from shared.openapi import CONVENTIONS, OPERATION, About
from shared.telemetry import Metrics

LARGEST_BATCH = 4_000_000  # bytes; 500 records with long names and all their keyed IDs are about 1 MB

ABOUT = About(
    f"Which registrations are one person. For the registry only: charities never call it.\n\n{CONVENTIONS}",
    {"links": "Records, and which of them may be one person.", **OPERATION},
)


def create_app(settings: DedupSettings | None = None) -> FastAPI:
    """The app. Raises ValueError if a setting or the model is not valid, before anything is served."""
    told = settings or DedupSettings()
    model = model_in_force(told)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = await db.open_pool(
            with_kept_plans(told.dedup_database_url.get_secret_value()),
            size=told.database_pool_size,
            application="sijill-dedup",
        )
        async with pool, httpx.AsyncClient(timeout=5) as http:
            _equip(app, told, pool, TokenChecker(told.issuer, AUDIENCE, http), model)
            refreshing = asyncio.create_task(_refresh(app, pool, model, told.dedup_refresh_seconds))
            yield
            refreshing.cancel()
            with suppress(asyncio.CancelledError):
                await refreshing

    larger = {"/v1/links": LARGEST_BATCH, "/v1/matches": LARGEST_BATCH}
    return web.create_app("dedup", "Sijill dedup", told, lifespan, (router,), larger, ABOUT)


def with_kept_plans(url: str) -> str:
    """`url` with one plan for each statement, made once: it does not tip over to a scan for a large batch,
    and planning anew would take as long as storing a record does."""
    return f"{url}{'&' if '?' in url else '?'}plan_cache_mode=force_generic_plan"


def _equip(app: FastAPI, settings: DedupSettings, pool: Pool, tokens: TokenChecker, model: Model) -> None:
    metrics: Metrics = app.state.metrics
    app.state.pool = pool
    app.state.tokens = tokens
    app.state.index = Index(pool, settings, metrics.registry)
    app.state.weights = weights_of(model)

    async def migrated() -> bool:
        return await db.answers(pool) and await revisions.current("dedup", pool) == revisions.head("dedup")

    app.state.readiness.checks = {
        "database": lambda: db.answers(pool),
        "migrations": migrated,
        "issuer": tokens.ready,
    }


async def _refresh(app: FastAPI, pool: Pool, model: Model, seconds: float) -> None:
    """Keep the shares of values in memory up to date; what was read last stays while the database is away."""
    while True:
        try:
            app.state.weights = await read_weights(pool, model)
        except DatabaseUnavailable as error:
            log.logger().warning("value counts not read", error=error.code)
        await asyncio.sleep(seconds)
