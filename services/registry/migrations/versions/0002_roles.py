"""Who may touch what: a role for each kind of work, and row-level security on all that charities own.

sijill_registry   answers charities: sees the rows of the charities named in `sijill.charities`, no others.
sijill_screening  links people and finds overlaps: sees across charities. What a charity is answered from it
                  is what the overlap policy tells, nothing else (docs/decisions/0009).
sijill_oversight  coordinators' coverage and auditors' reports: reads across charities, without names, numbers,
                  phones or addresses.
None owns a table, and none may bypass row security. What is history can be added to, not changed.

Safe beside the running version: there is none yet.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OWN = "charity_id = ANY (string_to_array(nullif(current_setting('sijill.charities', true), ''), ',')::uuid[])"
OF_A_CHARITY = (
    "registration", "registration_history", "aid_request", "request_status", "assistance", "overlap_notice",
    "idempotency_key",
)  # fmt: skip
ACROSS_CHARITIES = ("person", "household", "identity_link", "possible_match", "overlap_finding")
REFERENCE = ("zone", "charity", "aid_type", "aid_policy")
NOT_PERSONAL = (
    "id, charity_id, person_id, household_id, id_kind, birth_precision, gender, zone_code, household_role,"
    " household_size, version, created_at, updated_at"
)


def upgrade() -> None:
    op.execute("GRANT USAGE ON SCHEMA registry TO sijill_registry, sijill_screening, sijill_oversight")
    op.execute(
        "GRANT SELECT ON registry.alembic_version TO sijill_registry, sijill_screening, sijill_oversight"
    )
    for table in REFERENCE:
        op.execute(f"GRANT SELECT ON registry.{table} TO sijill_registry, sijill_screening, sijill_oversight")
    op.execute("GRANT INSERT, UPDATE ON registry.charity TO sijill_registry")
    _secure_rows()
    _grant_charity_bound()
    _grant_screening()
    _grant_oversight()
    _keep_history()


def _secure_rows() -> None:
    for table in (*OF_A_CHARITY, *ACROSS_CHARITIES, "access"):
        op.execute(f"ALTER TABLE registry.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE registry.{table} FORCE ROW LEVEL SECURITY")
    for table in OF_A_CHARITY:
        op.execute(f"CREATE POLICY own ON registry.{table} TO sijill_registry USING ({OWN}) WITH CHECK ({OWN})")
    for table in (*OF_A_CHARITY, *ACROSS_CHARITIES):
        op.execute(f"CREATE POLICY linker ON registry.{table} TO sijill_screening USING (true) WITH CHECK (true)")
    for table in ("registration", "aid_request", "request_status", "assistance", *ACROSS_CHARITIES, "access"):
        op.execute(f"CREATE POLICY overseer ON registry.{table} FOR SELECT TO sijill_oversight USING (true)")
    op.execute(
        "CREATE POLICY witness ON registry.access FOR INSERT TO sijill_screening, sijill_oversight WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY own_witness ON registry.access FOR INSERT TO sijill_registry"
        f" WITH CHECK (charity_id IS NULL OR {OWN})"
    )


def _grant_charity_bound() -> None:
    op.execute("GRANT SELECT, INSERT, UPDATE ON registry.registration, registry.aid_request TO sijill_registry")
    op.execute(
        "GRANT SELECT, INSERT ON registry.registration_history, registry.request_status, registry.assistance,"
        " registry.idempotency_key TO sijill_registry"
    )
    op.execute("GRANT SELECT ON registry.overlap_notice TO sijill_registry")
    op.execute("GRANT INSERT ON registry.letter, registry.access TO sijill_registry")


def _grant_screening() -> None:
    op.execute("GRANT SELECT, UPDATE ON registry.registration, registry.aid_request TO sijill_screening")
    op.execute("GRANT SELECT, INSERT, UPDATE ON registry.overlap_notice, registry.letter TO sijill_screening")
    op.execute("GRANT SELECT, INSERT ON registry.request_status, registry.registration_history TO sijill_screening")
    op.execute("GRANT SELECT ON registry.assistance TO sijill_screening")
    op.execute("GRANT INSERT ON registry.access TO sijill_screening")
    for table in ACROSS_CHARITIES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON registry.{table} TO sijill_screening")


def _grant_oversight() -> None:
    op.execute(f"GRANT SELECT ({NOT_PERSONAL}) ON registry.registration TO sijill_oversight")
    op.execute(
        "GRANT SELECT (id, priority, charity_id, registration_id, aid_type, starts_on, ends_on, amount, currency,"
        " zone_code, status, version, created_at, updated_at, screened_at) ON registry.aid_request TO sijill_oversight"
    )
    op.execute("GRANT SELECT ON registry.request_status, registry.assistance, registry.access TO sijill_oversight")
    op.execute("GRANT INSERT ON registry.access TO sijill_oversight")
    for table in ACROSS_CHARITIES:
        op.execute(f"GRANT SELECT ON registry.{table} TO sijill_oversight")


def _keep_history() -> None:
    """What a charity typed before is kept whenever it types anew (`version` moves); a new link leaves no copy."""
    op.execute(
        """
        CREATE FUNCTION registry.keep_registration() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO registry.registration_history (registration_id, version, charity_id, was, until)
            VALUES (OLD.id, OLD.version, OLD.charity_id, to_jsonb(OLD) - 'person_id' - 'household_id', NEW.updated_at);
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_registration BEFORE UPDATE ON registry.registration FOR EACH ROW"
        " WHEN (OLD.version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION registry.keep_registration()"
    )
