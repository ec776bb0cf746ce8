"""Clients with their secrets, signing keys, and who got a token when.

Safe beside the running version: there is none before it.
The role sijill_identity may do what the service does and no more: it deletes nothing, changes no secret but
its end, and cannot touch a line of `token_issue` once written.
"""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE identity.client (
    client_id  text PRIMARY KEY,
    name       text NOT NULL,
    roles      text[] NOT NULL,
    scopes     text[] NOT NULL,
    charity_id uuid,
    zones      text[] NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    revoked_at timestamptz,
    revoked_by text,
    CONSTRAINT client_has_a_role CHECK (cardinality(roles) > 0),
    CONSTRAINT client_of_a_charity_names_it CHECK (('charity' = ANY (roles)) = (charity_id IS NOT NULL)),
    CONSTRAINT client_is_revoked_by_someone CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE TABLE identity.client_secret (
    client_id   text NOT NULL REFERENCES identity.client (client_id),
    secret_hash bytea NOT NULL,
    hint        text NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    PRIMARY KEY (client_id, secret_hash),
    CONSTRAINT secret_is_a_sha_256 CHECK (octet_length(secret_hash) = 32)
);
CREATE TABLE identity.signing_key (
    kid            text PRIMARY KEY,
    public_jwk     jsonb NOT NULL,
    sealed_private bytea NOT NULL,
    created_at     timestamptz NOT NULL,
    retired_at     timestamptz,
    CONSTRAINT published_key_is_public CHECK (NOT public_jwk ? 'd')
);
CREATE TABLE identity.token_issue (
    jti        uuid PRIMARY KEY,
    client_id  text NOT NULL,
    scopes     text[] NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX token_issue_by_client ON identity.token_issue (client_id, issued_at);
"""

GRANTS = """
GRANT USAGE ON SCHEMA identity TO sijill_identity;
GRANT SELECT ON identity.alembic_version TO sijill_identity;
GRANT SELECT, INSERT, UPDATE (name, roles, scopes, charity_id, zones, revoked_at, revoked_by)
    ON identity.client TO sijill_identity;
GRANT SELECT, INSERT, UPDATE (expires_at) ON identity.client_secret TO sijill_identity;
GRANT SELECT, INSERT, UPDATE (retired_at) ON identity.signing_key TO sijill_identity;
GRANT SELECT, INSERT ON identity.token_issue TO sijill_identity;
"""


def upgrade() -> None:
    for statement in (TABLES + GRANTS).split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in ("client", "client_secret", "token_issue"):
        op.execute(f"ALTER TABLE identity.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE identity.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY only_identity ON identity.{table} TO sijill_identity USING (true)")
