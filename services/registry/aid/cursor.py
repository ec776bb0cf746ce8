"""Opaque cursors: where a page ended. They name no charity: row-level security bounds every page anyway."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from services.registry.aid.errors import BadCursor
from shared.errors import Flaw


def cursor(last: UUID) -> str:
    return urlsafe_b64encode(last.bytes).decode().rstrip("=")


def after(text: str | None) -> UUID | None:
    """The id that a cursor stands for. Raises BadCursor."""
    if text is None:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise BadCursor(flaws=(Flaw("#/query/cursor", BadCursor.code, BadCursor.text),)) from error
