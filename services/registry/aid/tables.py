"""Aid types and their policies, aid requests with their history, and the overlaps found between them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.registry.schema import metadata

STATES = "('pending','cleared','held','approved','rejected','delivered','closed','cancelled')"

aid_type = Table(
    "aid_type",
    metadata,
    Column("code", Text, primary_key=True),
    Column("group_code", Text, nullable=False),
    Column("name_ar", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

aid_policy = Table(
    "aid_policy",
    metadata,
    Column("aid_type", Text, ForeignKey("registry.aid_type.code"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("concurrency", Text, nullable=False),
    Column("max_grants", Integer),
    Column("max_amount", Numeric(14, 2)),
    Column("window_days", Integer),
    Column("cool_down_days", Integer, nullable=False),
    Column("conflicts_with", ARRAY(Text), nullable=False, server_default="{}"),
    Column("discloses_charity", Boolean, nullable=False),
    Column("effect", Text, nullable=False),
    CheckConstraint("unit IN ('person','household')", name="aid_policy_unit"),
    CheckConstraint("concurrency IN ('forbidden','limited','allowed')", name="aid_policy_concurrency"),
    CheckConstraint("effect IN ('hold','inform')", name="aid_policy_effect"),
)

aid_request = Table(
    "aid_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("priority", BigInteger, Identity(always=True), nullable=False, comment="lower = stored earlier"),
    Column("charity_id", Uuid, ForeignKey("registry.charity.id"), nullable=False),
    Column("registration_id", Uuid, ForeignKey("registry.registration.id"), nullable=False),
    Column("aid_type", Text, ForeignKey("registry.aid_type.code"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False, comment="the last day covered"),
    Column("amount", Numeric(14, 2)),
    Column("currency", Text),
    Column("note", Text),
    Column("zone_code", Text, ForeignKey("registry.zone.code")),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("screened_at", DateTime(timezone=True)),
    CheckConstraint("starts_on <= ends_on", name="aid_request_has_days"),
    CheckConstraint("amount > 0 AND (amount IS NULL) = (currency IS NULL)", name="aid_request_amount"),
    CheckConstraint(f"status IN {STATES}", name="aid_request_status"),
    Index("aid_request_registration", "registration_id"),
    Index("aid_request_charity", "charity_id", "id"),
    Index("aid_request_zone", "zone_code", "starts_on"),
)

request_status = Table(
    "request_status",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("request_id", Uuid, ForeignKey("registry.aid_request.id"), nullable=False),
    Column("charity_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"status IN {STATES}", name="request_status_status"),
    Index("request_status_request", "request_id"),
)

assistance = Table(
    "assistance",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, ForeignKey("registry.aid_request.id"), nullable=False),
    Column("charity_id", Uuid, nullable=False),
    Column("delivered_on", Date, nullable=False),
    Column("amount", Numeric(14, 2)),
    Column("currency", Text),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("request_id", name="assistance_once_a_request"),
)

overlap_finding = Table(
    "overlap_finding",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column(
        "request_id",
        Uuid,
        ForeignKey("registry.aid_request.id"),
        nullable=False,
        comment="the one to look at",
    ),
    Column(
        "earlier_id",
        Uuid,
        ForeignKey("registry.aid_request.id"),
        nullable=False,
        comment="keeps its priority",
    ),
    Column("rule", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("probability", Double),
    Column("common_from", Date),
    Column("common_to", Date),
    Column("evidence", JSONB, nullable=False),
    Column("model_version", Text),
    Column("policy_version", Integer, nullable=False),
    Column("effect", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_because", Text),
    CheckConstraint(
        "rule IN ('same_type','conflicting_type','cool_down','limit')", name="overlap_finding_rule"
    ),
    CheckConstraint("certainty IN ('confirmed','suspected')", name="overlap_finding_certainty"),
    CheckConstraint("state IN ('open','closed')", name="overlap_finding_state"),
    CheckConstraint("request_id <> earlier_id", name="overlap_finding_two_requests"),
    Index("overlap_finding_request", "request_id"),
    Index("overlap_finding_earlier", "earlier_id"),
    Index(
        "overlap_finding_open_pair",
        text("least(request_id, earlier_id)"),
        text("greatest(request_id, earlier_id)"),
        unique=True,
        postgresql_where=text("state = 'open'"),
    ),
)

overlap_notice = Table(
    "overlap_notice",
    metadata,
    Column("finding_id", Uuid, ForeignKey("registry.overlap_finding.id"), primary_key=True),
    Column("request_id", Uuid, ForeignKey("registry.aid_request.id"), nullable=False),
    Column("charity_id", Uuid, nullable=False),
    Column("aid_type", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("zone_code", Text),
    Column("certainty", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("own_request_id", Uuid),
    Column("charity_name_ar", Text),
    Column("charity_name_en", Text),
    Column("reason_ar", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Index("overlap_notice_request", "request_id"),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("charity_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("idempotency_key_created", "created_at"),
)
