"""The linker's index: records, their blocking keys, and how common their values are.

Safe beside the running version: there is none yet.

Only the role `sijill_dedup` may touch these tables. It is the linker and sees the records of all charities;
row security is on and forced all the same, so that a role that is granted a table by mistake reads no row.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE dedup.record (
    record_id uuid PRIMARY KEY,
    charity_id uuid NOT NULL,
    features bytea NOT NULL,
    keys bigint[] NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.02);
CREATE INDEX record_updated_at_idx ON dedup.record (updated_at);

CREATE TABLE dedup.blocking_key (
    hash bigint NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (hash, record_id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.02);

CREATE TABLE dedup.retired (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    features bytea NOT NULL,
    stored_at timestamptz NOT NULL
);

CREATE TABLE dedup.value_count (
    kind text NOT NULL,
    value_hash bigint NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (kind, value_hash)
) WITH (fillfactor = 70);
CREATE INDEX value_count_frequent_idx ON dedup.value_count (kind, value_hash) INCLUDE (n) WHERE n >= 20;

CREATE TABLE dedup.counting (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT counting_one_row CHECK (only_row),
    counted_before timestamptz NOT NULL,
    registrations bigint NOT NULL
);
INSERT INTO dedup.counting (counted_before, registrations) VALUES ('1970-01-01 00:00Z', 0);
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA dedup FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA dedup TO sijill_dedup")
    op.execute("GRANT SELECT ON dedup.alembic_version TO sijill_dedup")
    for table in ("record", "blocking_key", "retired", "value_count", "counting"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON dedup.{table} TO sijill_dedup")
        op.execute(f"ALTER TABLE dedup.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY linker ON dedup.{table} TO sijill_dedup USING (true) WITH CHECK (true)")
