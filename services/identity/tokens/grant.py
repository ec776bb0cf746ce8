"""Client credentials grant (RFC 6749, 4.4): who asks, for what, and what he gets."""

from datetime import datetime, timedelta

from services.identity.clients import credentials
from services.identity.clients import queries as clients
from services.identity.clients.queries import Client
from services.identity.tokens import queries
from services.identity.tokens.claims import Token
from services.identity.tokens.errors import InvalidClient, InvalidRequest, InvalidScope, UnsupportedGrant
from services.identity.tokens.form import Credentials
from shared.db import Connection
from shared.ids import new_id


async def authenticate(connection: Connection, given: Credentials, now: datetime) -> Client:
    """The client with that id and secret. Raises InvalidClient, the same whatever is wrong."""
    client = await clients.find(connection, given.client_id)
    kept = await clients.valid_secrets(connection, [given.client_id], now)
    right = credentials.matches(given.secret, [secret.digest for secret in kept])
    if client is None or client.revoked_at is not None or not right:
        raise InvalidClient
    return client


async def issue(connection: Connection, client: Client, form: dict[str, str], life: timedelta, now: datetime) -> Token:
    """A token with the scopes asked for, or all of the client's; recorded.

    Raises InvalidRequest, UnsupportedGrant, InvalidScope.
    """
    if "grant_type" not in form:
        raise InvalidRequest("Say grant_type=client_credentials.")
    if form["grant_type"] != "client_credentials":
        raise UnsupportedGrant
    if form.get("client_id", client.client_id) != client.client_id:
        raise InvalidRequest("The form names another client than the Authorization header.")
    asked = frozenset(form.get("scope", "").split()) or client.scopes
    if not asked <= client.scopes:
        raise InvalidScope
    token = Token(new_id(), client.client_id, asked, now, now + life)
    await queries.record(connection, token)
    return token
