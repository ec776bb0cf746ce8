"""Who read or wrote which personal data, when and what for. Rows are added, never changed."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry.schema import metadata

access = Table(
    "access",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("client_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("charity_id", Uuid),
    Column("act", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("targets", ARRAY(Uuid), nullable=False),
    Column("request_id", Text, nullable=False),
)
