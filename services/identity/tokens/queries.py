"""Who got a token when: append-only."""

from services.identity.tokens.claims import Token
from shared.db import Connection


async def record(connection: Connection, token: Token) -> None:
    await connection.execute(
        "INSERT INTO identity.token_issue (jti, client_id, scopes, issued_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        token.jti, token.client_id, sorted(token.scopes), token.issued_at, token.expires_at,
    )  # fmt: skip
