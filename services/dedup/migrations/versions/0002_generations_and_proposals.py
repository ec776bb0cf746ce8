"""The index bears the number of its generation, so that another can be built beside it; proposals have a place.

Safe beside the running version, but for two things. Making the index on `updated_at` anew holds writes up, for about a
second per million records. And a linker of the version before cannot read what this one stores: it answers 500 until
it is replaced, and the registry asks again.

Keys stored so far are generation 0, which stands for hashes without a number; the worker rebuilds them once.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE FUNCTION dedup.placed(generation smallint, hash bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE generation WHEN 0 THEN hash ELSE (generation::bigint << 56) | (hash & 72057594037927935) END;

CREATE TABLE dedup.generation (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT generation_one_row CHECK (only_row),
    number smallint NOT NULL CONSTRAINT generation_fits_a_byte CHECK (number BETWEEN 0 AND 127),
    scheme text NOT NULL,
    next_number smallint CONSTRAINT generation_next_fits_a_byte CHECK (next_number BETWEEN 1 AND 127),
    next_scheme text,
    filled_to uuid,
    swept boolean NOT NULL
) WITH (fillfactor = 50);
INSERT INTO dedup.generation (number, scheme, swept)
SELECT CASE WHEN stored THEN 0 ELSE 1 END, CASE WHEN stored THEN '' ELSE '2.1' END, true
FROM (SELECT EXISTS (SELECT FROM dedup.record) AS stored) AS there;

CREATE INDEX record_changes_idx ON dedup.record (updated_at, record_id);
DROP INDEX dedup.record_updated_at_idx;

CREATE TABLE dedup.answer (
    low_record uuid NOT NULL REFERENCES dedup.record ON DELETE CASCADE,
    high_record uuid NOT NULL REFERENCES dedup.record ON DELETE CASCADE,
    outcome text NOT NULL,
    PRIMARY KEY (low_record, high_record),
    CONSTRAINT answer_sides_in_order CHECK (low_record < high_record)
);
CREATE INDEX answer_high_record_idx ON dedup.answer (high_record);

CREATE SEQUENCE dedup.proposal_revision;
CREATE TABLE dedup.proposal (
    low_record uuid NOT NULL REFERENCES dedup.record ON DELETE CASCADE,
    high_record uuid NOT NULL REFERENCES dedup.record ON DELETE CASCADE,
    outcome text NOT NULL,
    rule text NOT NULL,
    answered text,
    probability double precision NOT NULL,
    bits double precision NOT NULL,
    evidence jsonb NOT NULL,
    model_version text NOT NULL,
    state text NOT NULL CONSTRAINT proposal_state_known CHECK (state IN ('open', 'withdrawn')),
    found_at timestamptz NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (low_record, high_record),
    CONSTRAINT proposal_sides_in_order CHECK (low_record < high_record)
);
CREATE INDEX proposal_high_record_idx ON dedup.proposal (high_record);
CREATE UNIQUE INDEX proposal_revision_idx ON dedup.proposal (revision);

CREATE TABLE dedup.relink_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_by text NOT NULL,
    changed_from timestamptz NOT NULL,
    changed_before timestamptz NOT NULL,
    reached_at timestamptz NOT NULL,
    reached_id uuid NOT NULL,
    records bigint NOT NULL,
    proposed bigint NOT NULL,
    withdrawn bigint NOT NULL,
    begun_at timestamptz NOT NULL,
    finished_at timestamptz
);
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    op.execute("GRANT USAGE ON SEQUENCE dedup.proposal_revision TO sijill_dedup")
    for table in ("generation", "answer", "proposal", "relink_run"):
        op.execute(f"REVOKE ALL ON dedup.{table} FROM PUBLIC")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON dedup.{table} TO sijill_dedup")
        op.execute(f"ALTER TABLE dedup.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY linker ON dedup.{table} TO sijill_dedup USING (true) WITH CHECK (true)")
