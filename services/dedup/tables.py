"""The tables of the schema `dedup`, for its migrations and the test that both agree."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
    true,
)

metadata = MetaData(schema="dedup")

# One row a registration: its normalised form, and the blocking keys under which it stands in blocking_key.
record = Table(
    "record",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    Column("charity_id", Uuid, nullable=False),
    Column("features", LargeBinary, nullable=False),
    Column("keys", ARRAY(BigInteger), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("record_updated_at_idx", "updated_at"),
)

# The narrow index of candidates: everything that is looked up lies in its primary key.
blocking_key = Table(
    "blocking_key",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", Uuid, primary_key=True),
)

# Versions of records that were replaced or removed, to be taken out of value_count; emptied by the worker.
retired = Table(
    "retired",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("features", LargeBinary, nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
)

# In how many registrations a value occurs.
value_count = Table(
    "value_count",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value_hash", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
)
Index(
    "value_count_frequent_idx",
    value_count.c.kind,
    value_count.c.value_hash,
    postgresql_include=["n"],
    postgresql_where=text("n >= 20"),
)

# One row: records stored before `counted_before` are in value_count, `registrations` of them.
counting = Table(
    "counting",
    metadata,
    Column("only_row", Boolean, CheckConstraint("only_row", name="counting_one_row"), primary_key=True,
           server_default=true()),
    Column("counted_before", DateTime(timezone=True), nullable=False),
    Column("registrations", BigInteger, nullable=False),
)  # fmt: skip
