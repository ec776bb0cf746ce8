"""The token request as it comes: HTTP Basic and a form (RFC 6749, 2.3.1 and 4.4.2)."""

import re
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from services.identity.tokens.errors import InvalidClient, InvalidRequest

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Credentials:
    client_id: str
    secret: str


def credentials(authorization: str) -> Credentials:
    """Id and secret from an Authorization header. Raises InvalidClient."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise InvalidClient from error
    client_id = unquote_plus(client_id)
    if not colon or not _CLIENT_ID.fullmatch(client_id):
        raise InvalidClient
    return Credentials(client_id, unquote_plus(secret))


def fields(content_type: str, body: bytes) -> dict[str, str]:
    """The form's fields; one without a value counts as left out (RFC 6749, 3.2). Raises InvalidRequest."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise InvalidRequest
    try:
        pairs = parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise InvalidRequest from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidRequest
    if "client_secret" in found:
        raise InvalidRequest("Send the client's secret by HTTP Basic only, not in the form.")
    return {name: value for name, value in found.items() if value}
