"""Charities: the tenants of the register."""

from sqlalchemy import Column, DateTime, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry.schema import metadata

charity = Table(
    "charity",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("licence_number", Text, nullable=False),
    Column("name_ar", Text, nullable=False),
    Column("name_en", Text),
    Column("zones", ARRAY(Text), nullable=False, server_default="{}"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("licence_number", name="charity_licence_number"),
)
