"""Registrations as charities typed them, and what the register believes of the people behind them.

`registration.person_id` is the active link; `identity_link` is its history, appended to, never erased.
A household is one charity's own (`id`), or stands for itself where the charity named none; `unit_id` is the
household that the register believes it to be part of, the same for all that are one.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.registry.schema import metadata

registration = Table(
    "registration",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("charity_id", Uuid, ForeignKey("registry.charity.id"), nullable=False),
    Column("source_ref", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("name", Text),
    Column("name_latin", Text),
    Column("id_kind", Text),
    Column("id_sealed", LargeBinary),
    Column("id_token", Text),
    Column("id_near", ARRAY(Text), nullable=False, server_default="{}"),
    Column("birth_date", Date),
    Column("birth_typed", Text),
    Column("birth_calendar", Text),
    Column("birth_precision", Text),
    Column("gender", Text),
    Column("phones", ARRAY(Text), nullable=False, server_default="{}"),
    Column("address_text", Text),
    Column("zone_code", Text, ForeignKey("registry.zone.code")),
    Column("household_ref", Text),
    Column("household_role", Text),
    Column("household_size", SmallInteger),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("charity_id", "source_ref", name="registration_source_ref"),
    CheckConstraint("name IS NOT NULL OR name_latin IS NOT NULL", name="registration_has_a_name"),
    Index("registration_person", "person_id"),
    Index("registration_household", "household_id"),
)

registration_history = Table(
    "registration_history",
    metadata,
    Column("registration_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("charity_id", Uuid, nullable=False),
    Column("was", JSONB, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("joined_into", Uuid, comment="the person all its registrations moved to, if they did"),
)

household = Table(
    "household",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("household_unit", "unit_id"),
)

identity_link = Table(
    "identity_link",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("registration_id", Uuid, ForeignKey("registry.registration.id"), nullable=False),
    Column("registration_version", Integer, nullable=False),
    Column("person_id", Uuid, ForeignKey("registry.person.id"), nullable=False),
    Column("how", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("by_registration", Uuid, comment="the registration it was matched to, if any"),
    Column("probability", Double),
    Column("bits", Double),
    Column("evidence", JSONB, nullable=False, server_default="[]"),
    Column("model_version", Text),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("author", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("how IN ('first','verified','national_id','probabilistic','reviewer')", name="identity_link_how"),
    Index("identity_link_active", "registration_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    Index("identity_link_person", "person_id"),
)

possible_match = Table(
    "possible_match",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("low_registration", Uuid, ForeignKey("registry.registration.id"), nullable=False),
    Column("high_registration", Uuid, ForeignKey("registry.registration.id"), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("probability", Double, nullable=False),
    Column("bits", Double, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("closed_at", DateTime(timezone=True)),
    UniqueConstraint("low_registration", "high_registration", name="possible_match_pair"),
    CheckConstraint("low_registration < high_registration", name="possible_match_ordered"),
    CheckConstraint("state IN ('open','same','different','withdrawn')", name="possible_match_state"),
    Index("possible_match_high", "high_registration"),
)
