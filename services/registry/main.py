"""The registry: who a person is and what aid they have."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import httpx
from fastapi import FastAPI

from services.registry.aid.catalogue import load_catalogue
from services.registry.aid.endpoints import router as aid
from services.registry.aid.gate import Gate
from services.registry.aid.schemas import BatchLine
from services.registry.aid.screen import LETTERS, Screener
from services.registry.aid.submit import Intake
from services.registry.charities.endpoints import router as charities
from services.registry.coverage.endpoints import router as coverage
from services.registry.decisions.endpoints import router as decisions
from services.registry.people.dedup import Dedup
from services.registry.reports.endpoints import router as reports
from services.registry.settings import RegistrySettings
from services.registry.zones.endpoints import router as zones
from services.registry.zones.queries import load_tree
from shared import revisions
from shared.auth import TokenChecker
from shared.clock import now
from shared.db import Pool, answers, open_pool, transaction
from shared.openapi import CONVENTIONS, OPERATION, About
from shared.outbox import Backlog
from shared.tokens import OwnToken
from shared.vault import Vault
from shared.web import Readiness
from shared.web import create_app as create

AUDIENCE = "sijill"
ABOUT = About(
    "One register of the people whom many charities help: charities submit aid requests, and learn at once whether the"
    f" person or household has that help already.\n\n{CONVENTIONS}",
    {
        "charities": "The charities of the register.",
        "zones": "Regions, governorates and districts, by code.",
        "aid requests": "What a charity asks for, and what became of it. A charity sees its own requests only.",
        "aid types": "The aid taxonomy, and what counts as an overlap of each type.",
        "decisions": "A reviewer's word on a request that is held.",
        "coverage": "Who is helped where, by whom, and how much of it twice.",
        "reports": "What auditors get.",
        **OPERATION,
    },
    (BatchLine,),
)
_KEPT = 4.0  # seconds that an idle connection to the linker is used again: its server closes them after five
KEPT_PLANS = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}
"""For statements that find rows by their keys, planned once a connection: to plan the neighbours of a request takes
many times as long as to read them. By index in any case, as such a plan is made while tables are still small."""


def create_app(settings: RegistrySettings | None = None) -> FastAPI:
    settings = settings or RegistrySettings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            state = app.state
            state.pool = await _pool(stack, settings, settings.registry_database_url.get_secret_value(), **KEPT_PLANS)
            state.oversight_pool = await _pool(stack, settings, settings.oversight_database_url.get_secret_value())
            state.screener = await open_screener(stack, settings)
            state.zones, state.catalogue = state.screener.zones, state.screener.catalogue
            state.intake = Intake(Vault(settings.national_id_key.get_secret_value()), state.zones, state.catalogue)
            state.gate = Gate(state.pool, state.screener, settings.screening_budget)
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=5))
            state.tokens = TokenChecker(settings.issuer, AUDIENCE, http)
            state.readiness = _readiness(state.pool, state.screener.pool, state.tokens)
            yield

    return create(
        "registry",
        "Sijill registry",
        settings,
        lifespan,
        (charities, zones, aid, decisions, coverage, reports),
        larger_bodies={"/v1/aid-requests:batch": settings.max_batch_bytes},
        about=ABOUT,
    )


async def open_screener(stack: AsyncExitStack, settings: RegistrySettings) -> Screener:
    """What screens requests, in the service and in its worker; closed with `stack`."""
    pool = await _pool(stack, settings, settings.screening_database_url.get_secret_value(), **KEPT_PLANS)
    http = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
    secret = settings.registry_client_secret.get_secret_value()
    token = OwnToken(settings.issuer, settings.registry_client_id, secret, "dedup:link", http)
    kept = aiohttp.TCPConnector(keepalive_timeout=_KEPT)
    session = aiohttp.ClientSession(connector=kept, timeout=aiohttp.ClientTimeout(total=30))
    dedup = Dedup(settings.dedup_url, token, await stack.enter_async_context(session))
    return Screener(pool, dedup, await load_tree(pool), await load_catalogue(pool))


async def _pool(stack: AsyncExitStack, settings: RegistrySettings, url: str, **session: str) -> Pool:
    pool = await open_pool(url, size=settings.database_pool_size, application="sijill-registry", **session)
    stack.push_async_callback(pool.close)
    return pool


def _readiness(pool: Pool, screening: Pool, tokens: TokenChecker) -> Readiness:
    async def database() -> bool:
        return await answers(pool)

    async def migrated() -> bool:
        return await answers(pool) and await revisions.current("registry", pool) == revisions.head("registry")

    async def backlog() -> Backlog:
        async with transaction(screening) as connection:
            return await LETTERS.backlog(connection, now())

    return Readiness({"database": database, "migrations": migrated, "issuer": tokens.ready}, backlog)
