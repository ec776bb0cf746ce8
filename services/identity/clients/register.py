"""Clients come, get new secrets, and go."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.identity.clients import queries
from services.identity.clients.credentials import Secret, new_secret, secret_of
from services.identity.clients.errors import (
    CharityMissing,
    ClientNotFound,
    ClientRevoked,
    ScopeBeyondRole,
    ZonesMissing,
)
from services.identity.clients.queries import Client
from services.identity.clients.roles import BOUND_TO_ZONES, Role, scopes_of
from services.identity.clients.schemas import BootstrapClient, ClientForm
from shared.db import Connection
from shared.errors import Flaw, Text
from shared.ids import new_id

DEPLOYMENT = "deployment"
"""Author of the clients that the settings list."""

_DEPLOYMENT_ONLY = Text("تنشئ منصة التشغيل حسابات الخدمات.", "Service accounts are made by the deployment.")


async def register(connection: Connection, form: ClientForm, author: str, now: datetime) -> tuple[Client, Secret]:
    """A new client with its first secret. Raises ScopeBeyondRole, CharityMissing, ZonesMissing."""
    check(form)
    client = Client(
        client_id=str(new_id()), name=form.name, roles=form.roles,
        scopes=_granted(form.roles, form.scopes), charity_id=form.charity_id, zones=form.zones,
        created_at=now,
    )  # fmt: skip
    secret = new_secret()
    await queries.add(connection, client, author)
    await queries.add_secret(connection, client.client_id, secret, now)
    return client, secret


def check(form: ClientForm) -> None:
    """Raises ScopeBeyondRole, CharityMissing or ZonesMissing, with where it is."""
    if Role.SERVICE in form.roles:
        raise ScopeBeyondRole(text=_DEPLOYMENT_ONLY, flaws=(Flaw("/roles", "deployment_only", _DEPLOYMENT_ONLY),))
    if (Role.CHARITY in form.roles) != (form.charity_id is not None):
        raise CharityMissing(flaws=(Flaw("/charity_id", CharityMissing.code, CharityMissing.text),))
    needed, allowed = Role.COORDINATOR in form.roles, bool(form.roles & BOUND_TO_ZONES)
    if (needed and not form.zones) or (form.zones and not allowed):
        raise ZonesMissing(flaws=(Flaw("/zones", ZonesMissing.code, ZonesMissing.text),))


def _granted(roles: frozenset[Role], asked: frozenset[str] | None) -> frozenset[str]:
    """What was asked, or all that the roles give. Raises ScopeBeyondRole."""
    given = scopes_of(roles)
    if asked is None:
        return given
    if not asked <= given:
        raise ScopeBeyondRole(flaws=(Flaw("/scopes", ScopeBeyondRole.code, ScopeBeyondRole.text),))
    return asked


async def rotate(connection: Connection, client_id: str, overlap: timedelta, now: datetime) -> Secret:
    """A new secret; older ones last `overlap` longer at most. Raises ClientNotFound, ClientRevoked."""
    client = await queries.lock(connection, client_id)
    if client is None:
        raise ClientNotFound
    if client.revoked_at is not None:
        raise ClientRevoked
    secret = new_secret()
    await queries.end_secrets(connection, client_id, now + overlap)
    await queries.add_secret(connection, client_id, secret, now)
    return secret


async def revoke(connection: Connection, client_id: str, author: str, now: datetime) -> None:
    """The client gets no more tokens; those it has live out their minutes. Twice is as good as once.

    Raises ClientNotFound.
    """
    if await queries.lock(connection, client_id) is None:
        raise ClientNotFound
    await queries.revoke(connection, client_id, author, now)


async def put_bootstrap(connection: Connection, listed: Iterable[BootstrapClient], now: datetime) -> None:
    """Make the deployment's own clients be as listed; a secret that is listed no longer ends now.

    Raises ScopeBeyondRole.
    """
    for wanted in sorted(listed, key=lambda one: one.client_id):
        client = Client(
            client_id=wanted.client_id, name=wanted.client_id, roles=wanted.roles,
            scopes=_granted(wanted.roles, wanted.scopes), charity_id=None, zones=frozenset(), created_at=now,
        )  # fmt: skip
        secret = secret_of(wanted.secret.get_secret_value())
        await queries.put(connection, client, DEPLOYMENT)
        await queries.end_secrets(connection, client.client_id, now, but=secret.digest)
        await queries.add_secret(connection, client.client_id, secret, now)
