"""A stand-in for the national sign-on that speaks its app-push wire, for demos and tests with made-up people.

uvicorn --factory services.nafath_mock.main:create_app
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from joserfc.jwk import RSAKey

from services.nafath_mock import errors, phone, wire
from services.nafath_mock.callback import ALGORITHM
from services.nafath_mock.settings import NafathMockSettings
from services.nafath_mock.transactions import Transactions
from shared import web
from shared.openapi import OPERATION, About

ABOUT = About(
    "A stand-in for the national sign-on that speaks its app-push wire, for demos and tests with made-up people."
    " The errors of the wire are the sign-on's own.",
    {"wire": "What an integrator calls.", "phone": "What the person would do on his phone.", **OPERATION},
)


def create_app(settings: NafathMockSettings | None = None) -> FastAPI:
    """Raises pydantic's ValidationError unless the mock is enabled."""
    settings = settings or NafathMockSettings()
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)

    async def can_sign() -> bool:
        return key.is_private

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=5.0) as http:
            app.state.http = http
            yield

    prefix = settings.nafath_mock_prefix
    app = web.create_app(
        "nafath_mock",
        "Mock of the national sign-on",
        settings,
        lifespan,
        routers=(wire.router(prefix), phone.router, wire.nowhere(prefix)),
        about=ABOUT,
    )
    app.add_exception_handler(errors.WireError, errors.answer)
    app.state.settings = settings
    app.state.transactions = Transactions()
    app.state.signing_key = key
    app.state.readiness = web.Readiness(checks={"signing_key": can_sign})
    return app
