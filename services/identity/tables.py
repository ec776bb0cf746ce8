"""The identity service's tables, for migrations and the test that they agree; queries are SQL text."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData(schema="identity")

client = Table(
    "client",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("charity_id", Uuid),
    Column("zones", ARRAY(Text), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", Text),
)

client_secret = Table(
    "client_secret",
    metadata,
    Column("client_id", Text, ForeignKey("identity.client.client_id"), primary_key=True),
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("hint", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True)),
)

signing_key = Table(
    "signing_key",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("public_jwk", JSONB, nullable=False),
    Column("sealed_private", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("retired_at", DateTime(timezone=True)),
)

token_issue = Table(
    "token_issue",
    metadata,
    Column("jti", Uuid, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("token_issue_by_client", "client_id", "issued_at"),
)
