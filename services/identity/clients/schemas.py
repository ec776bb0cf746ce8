"""Clients on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from services.identity.clients.roles import Role

ZoneCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Za-z0-9]{1,12}){0,5}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Scope = Annotated[str, StringConstraints(pattern=r"^[a-z:]{1,40}$")]
LONGEST_OVERLAP_SECONDS = 7 * 86_400


class ClientForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line = Field(description="For people: what this client is.")
    roles: frozenset[Role] = Field(min_length=1, description="`service` accounts are made by the deployment only.")
    scopes: frozenset[Scope] | None = Field(default=None, description="Fewer than the roles give; else all.")
    charity_id: UUID | None = Field(default=None, description="The charity that a client of role `charity` acts for.")
    zones: frozenset[ZoneCode] = Field(
        default=frozenset(),
        max_length=100,
        description="Zones the client may look at, each with all below it.",
    )


class PageQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,64}$")
    limit: int = Field(default=50, ge=1, le=200)


class RotationForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    overlap_seconds: int = Field(
        default=86_400,
        ge=0,
        le=LONGEST_OVERLAP_SECONDS,
        description="How long the secrets until now stay valid.",
    )


class SecretView(BaseModel):
    """A secret without the secret."""

    hint: str = Field(description="Its last four characters.")
    created_at: datetime
    expires_at: datetime | None


class ClientView(BaseModel):
    client_id: str
    name: str
    roles: list[Role]
    scopes: list[str]
    charity_id: UUID | None
    zones: list[str]
    created_at: datetime
    revoked_at: datetime | None
    secrets: list[SecretView] = Field(description="Those still valid, oldest first.")


class NewSecret(BaseModel):
    client_id: str
    client_secret: str = Field(description="Shown this once; only its hash is kept.")


class ClientPage(BaseModel):
    items: list[ClientView]
    next: str | None = Field(description="Send it as `after` for the next page; null on the last.")


class BootstrapClient(BaseModel):
    """A client that the deployment itself needs, such as the first operator or a service's own account.

    Its secret is hashed without salt or stretching, so it must be random: 32 characters at least.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    client_id: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    secret: SecretStr = Field(min_length=32, max_length=200)
    roles: frozenset[Role] = Field(min_length=1)
    scopes: frozenset[str] | None = Field(default=None, description="Fewer than the roles give; else all.")
