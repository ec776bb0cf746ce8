"""Where the register is, and as whom to call it: options first, then the environment, then the house that runs here."""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from services.cli.client import Credentials
from services.cli.onboarding import kept
from services.cli.onboarding.settings import AccessSettings
from services.cli.up.keys import FILE, load
from services.cli.up.record import running_house


class NoAccess(RuntimeError):
    """It is not known where the register is, or as whom to call it; the message says what to give."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the options of a command said; None where they said nothing."""

    data_dir: Path
    registry_url: str | None = None
    issuer: str | None = None
    client_id: str | None = None
    secret_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    registry: str
    issuer: str


def addresses(given: Given) -> Addresses:
    """Raises NoAccess."""
    settings = AccessSettings()
    house = running_house(given.data_dir)
    told = settings.issuer if "issuer" in settings.model_fields_set else None
    registry = given.registry_url or settings.registry_url or (house and house.urls.get("registry"))
    issuer = given.issuer or told or (house and house.urls.get("identity"))
    if not registry or not issuer:
        raise NoAccess(
            f"no house runs on {given.data_dir}: start one with `sijill up`, name another with --data-dir,"
            " or give --registry-url and --issuer"
        )
    return Addresses(registry, issuer)


def operator(given: Given) -> Credentials:
    """The credentials given, else the operator's of the house on this machine. Raises NoAccess."""
    if found := _given(given):
        return found
    if not (given.data_dir / FILE).exists():
        raise NoAccess("give the operator's --client-id and --secret-file (or SIJILL_CLIENT_SECRET)")
    return Credentials("operator", load(given.data_dir).clients["operator"])


def of_charity(given: Given, charity: str) -> Credentials:
    """The credentials given, else those kept for the charity of this id or licence number. Raises NoAccess."""
    if found := _given(given):
        return found
    client = kept.find(given.data_dir, charity)
    if client is None:
        raise NoAccess(
            "give --client-id and --secret-file (or SIJILL_CLIENT_SECRET);"
            f" `sijill client add --charity {charity}` makes a client and keeps it on this machine"
        )
    return Credentials(client.client_id, client.client_secret)


def of_any(given: Given, named: str) -> Credentials:
    """As `of_charity`, and for the clients of other roles by their role or client id; "operator" is the house's own."""
    if named == "operator":
        return operator(given)
    client = kept.find(given.data_dir, named)
    if client is None:
        raise NoAccess(f"no client {named} is kept in {given.data_dir}; `sijill client add` makes one")
    return Credentials(client.client_id, client.client_secret)


def claims(token: str) -> dict[str, Any]:
    """What our own token says of us, unchecked: to say whom we act for before anything is sent, and no more."""
    try:
        body = token.split(".")[1]
        said = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, binascii.Error, orjson.JSONDecodeError):
        return {}
    return said if isinstance(said, dict) else {}


def _given(given: Given) -> Credentials | None:
    settings = AccessSettings()
    client_id = given.client_id or settings.client_id
    secret = settings.client_secret.get_secret_value() if settings.client_secret else None
    if given.secret_file is not None:
        client = kept.KeptClient.read(given.secret_file)
        if client is not None:
            return Credentials(client_id or client.client_id, client.client_secret)
        secret = given.secret_file.read_text("utf-8").strip()
    if bool(client_id) != bool(secret):
        raise NoAccess("a client id and its secret go together: --client-id with --secret-file or SIJILL_CLIENT_SECRET")
    return Credentials(client_id, secret) if client_id and secret else None
