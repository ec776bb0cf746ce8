"""/v1/clients: who may get tokens."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Response

from services.identity.clients import queries, register
from services.identity.clients.errors import (
    CharityMissing,
    ClientNotFound,
    ClientRevoked,
    ScopeBeyondRole,
    ZonesMissing,
)
from services.identity.clients.queries import Client, KeptSecret
from services.identity.clients.schemas import (
    ClientForm,
    ClientPage,
    ClientView,
    NewSecret,
    PageQuery,
    RotationForm,
    SecretView,
)
from shared.auth import Caller, scope
from shared.bodies import StrictRoute
from shared.clock import now
from shared.openapi import headers, refusals
from shared.web import Transaction

router = APIRouter(prefix="/v1/clients", tags=["clients"], route_class=StrictRoute)

Manager = Annotated[Caller, Depends(scope("clients:manage"))]
ClientId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


@router.post(
    "",
    status_code=201,
    responses={201: headers("Cache-Control"), **refusals(ScopeBeyondRole, CharityMissing, ZonesMissing)},
)
async def register_client(form: ClientForm, manager: Manager, connection: Transaction, response: Response) -> NewSecret:
    """Register a client. Its secret is in this answer and nowhere else."""
    client, secret = await register.register(connection, form, manager.client_id, now())
    response.headers["Cache-Control"] = "no-store"
    return NewSecret(client_id=client.client_id, client_secret=secret.clear)


@router.get("")
async def list_clients(
    manager: Manager,
    connection: Transaction,
    query: Annotated[PageQuery, Query()],
) -> ClientPage:
    """All clients by id, a page at a time; no secrets."""
    found = await queries.page(connection, query.after, query.limit + 1)
    clients = found[: query.limit]
    secrets = await queries.valid_secrets(connection, [client.client_id for client in clients], now())
    return ClientPage(
        items=[_view(client, secrets) for client in clients],
        next=clients[-1].client_id if len(found) > query.limit else None,
    )


@router.post(
    "/{client_id}/secrets",
    status_code=201,
    responses={201: headers("Cache-Control"), **refusals(ClientNotFound, ClientRevoked)},
)
async def rotate_client_secret(
    client_id: ClientId,
    manager: Manager,
    connection: Transaction,
    response: Response,
    form: Annotated[RotationForm, Body()] = RotationForm(),  # noqa: B008  a frozen value
) -> NewSecret:
    """A new secret for the client; the old ones stay valid for `overlap_seconds`."""
    secret = await register.rotate(connection, client_id, timedelta(seconds=form.overlap_seconds), now())
    response.headers["Cache-Control"] = "no-store"
    return NewSecret(client_id=client_id, client_secret=secret.clear)


@router.delete("/{client_id}", status_code=204, responses=refusals(ClientNotFound))
async def revoke_client(client_id: ClientId, manager: Manager, connection: Transaction) -> None:
    """The client gets no more tokens, from now on and for good."""
    await register.revoke(connection, client_id, manager.client_id, now())


def _view(client: Client, secrets: list[KeptSecret]) -> ClientView:
    return ClientView(
        client_id=client.client_id,
        name=client.name,
        roles=sorted(client.roles),
        scopes=sorted(client.scopes),
        charity_id=client.charity_id,
        zones=sorted(client.zones),
        created_at=client.created_at,
        revoked_at=client.revoked_at,
        secrets=[
            SecretView(hint=secret.hint, created_at=secret.created_at, expires_at=secret.expires_at)
            for secret in secrets
            if secret.client_id == client.client_id
        ],
    )
