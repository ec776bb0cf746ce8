"""The tables of the schema `dedup`, for its migrations and the test that both agree."""

from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

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
    Index("record_changes_idx", "updated_at", "record_id"),
)

# The narrow index of candidates: everything that is looked up lies in its primary key.
blocking_key = Table(
    "blocking_key",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", Uuid, primary_key=True),
)

# One row: the generation of keys that is read, by what it was made, and the next one while it is being built.
generation = Table(
    "generation",
    metadata,
    Column("only_row", Boolean, CheckConstraint("only_row", name="generation_one_row"), primary_key=True,
           server_default=true()),
    Column("number", SmallInteger, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("next_number", SmallInteger),
    Column("next_scheme", Text),
    Column("filled_to", Uuid),
    Column("swept", Boolean, nullable=False),
)  # fmt: skip


def _side(name: str) -> Column[UUID]:
    return Column(name, Uuid, ForeignKey("dedup.record.record_id", ondelete="CASCADE"), primary_key=True)


# What the register was last told of a pair, where it was told that the two may be one person.
answer = Table("answer", metadata, _side("low_record"), _side("high_record"), Column("outcome", Text, nullable=False))
Index("answer_high_record_idx", answer.c.high_record)

# Pairs of which more would be said now than the register was told; `answered` is what that was.
proposal_revision = Sequence("proposal_revision", metadata=metadata)
proposal = Table(
    "proposal",
    metadata,
    _side("low_record"),
    _side("high_record"),
    Column("outcome", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("answered", Text),
    Column("probability", Double, nullable=False),
    Column("bits", Double, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("revision", BigInteger, nullable=False),
)
Index("proposal_high_record_idx", proposal.c.high_record)
Index("proposal_revision_idx", proposal.c.revision, unique=True)

# The runs of `relink`: which changes each covers, and how far it is.
relink_run = Table(
    "relink_run",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("made_by", Text, nullable=False),
    Column("changed_from", DateTime(timezone=True), nullable=False),
    Column("changed_before", DateTime(timezone=True), nullable=False),
    Column("reached_at", DateTime(timezone=True), nullable=False),
    Column("reached_id", Uuid, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("proposed", BigInteger, nullable=False),
    Column("withdrawn", BigInteger, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
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
