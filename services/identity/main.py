"""The identity service: uvicorn --factory services.identity.main:create_app"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
from fastapi import FastAPI

from services.identity.clients import endpoints as clients
from services.identity.clients.register import put_bootstrap
from services.identity.keys import signing
from services.identity.keys.sealing import Seal
from services.identity.settings import IdentitySettings
from services.identity.tokens import endpoints as tokens
from services.identity.tokens.throttle import Throttle
from shared import db, revisions, web
from shared.auth import AUDIENCE, TokenChecker
from shared.clock import now
from shared.openapi import CONVENTIONS, OPERATION, About

ABOUT = About(
    "Who is calling: access tokens for machine clients (RFC 6749, client credentials; RFC 9068), and the clients."
    f"\n\n{CONVENTIONS} The token endpoint's errors are those of RFC 6749.",
    {"tokens": "Access tokens, and the keys that check them.", "clients": "Who may get tokens.", **OPERATION},
)


def create_app(settings: IdentitySettings | None = None) -> FastAPI:
    """Raises pydantic's ValidationError when a setting is missing or wrong."""
    settings = settings or IdentitySettings()
    bootstrap = settings.bootstrap_clients()
    seal = Seal(settings.identity_sealing_key.get_secret_value())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.identity_database_url.get_secret_value()
        ourselves = httpx.AsyncClient(transport=httpx.ASGITransport(app))
        pool = await db.open_pool(url, size=settings.database_pool_size, application="sijill-identity")
        async with ourselves, pool:
            async with db.transaction(pool) as connection:
                app.state.signing_key = await signing.current(connection, seal, now())
                await put_bootstrap(connection, bootstrap, now())
            app.state.pool, app.state.throttle = pool, Throttle()
            app.state.tokens = TokenChecker(settings.issuer, AUDIENCE, ourselves)
            app.state.readiness = _readiness(app, pool)
            yield

    app = web.create_app(
        "identity", "Sijill identity", settings, lifespan, (tokens.router, clients.router), about=ABOUT
    )
    app.state.settings = settings
    return app


def _readiness(app: FastAPI, pool: db.Pool) -> web.Readiness:
    newest = revisions.head("identity")

    async def database() -> bool:
        return await db.answers(pool)

    async def migrated() -> bool:
        try:
            async with asyncio.timeout(2):
                return await revisions.current("identity", pool) == newest
        except (TimeoutError, *db.LOST, asyncpg.PostgresError):
            return False

    async def signing_key() -> bool:
        tokens: TokenChecker = app.state.tokens
        return app.state.signing_key is not None and await tokens.ready()

    return web.Readiness(checks={"database": database, "migrations": migrated, "signing_key": signing_key})
