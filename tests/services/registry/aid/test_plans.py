"""The plans of a screening: a few rows of each table by index, however little is known of the tables."""

import asyncio
import re

import asyncpg
import pytest

from services.registry.aid import findings
from services.registry.main import KEPT_PLANS
from tests.databases import Database
from tests.services.registry import make

STATEMENTS = {
    "to screen": findings._TO_SCREEN,
    "neighbours": findings._ASKED + findings._NEIGHBOURS,
    "locked": findings._LOCKED,
}


REGISTRATIONS = 2_000
_FILL = """
WITH typed AS (
    INSERT INTO registry.registration (id, charity_id, source_ref, person_id, household_id, name, created_at,
                                       updated_at)
    SELECT uuidv7(), $1, n::text, uuidv7(), uuidv7(), 'x', now(), now() FROM generate_series(1, $2::int) AS n
    RETURNING id, household_id
), homes AS (
    INSERT INTO registry.household (id, unit_id, created_at) SELECT household_id, household_id, now() FROM typed
)
INSERT INTO registry.aid_request (id, charity_id, registration_id, aid_type, starts_on, ends_on, created_at, updated_at)
SELECT uuidv7(), $1, id, 'X', '2026-10-01', '2026-10-31', now(), now() FROM typed
"""


@pytest.fixture(scope="module")
def filled(database: Database) -> Database:
    """Registrations, each in a household of its own, that PostgreSQL has counted nothing of."""
    asyncio.run(_fill(database))
    return database


async def _fill(database: Database) -> None:
    connection = await asyncpg.connect(database.admin_url)
    charity = await make.charity(connection)
    await connection.execute(
        "INSERT INTO registry.aid_type (code, group_code, name_ar, name_en) VALUES ('X', 'x', 'x', 'x')"
        " ON CONFLICT DO NOTHING"
    )
    await connection.execute(_FILL, charity, REGISTRATIONS)
    await connection.close()


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_no_step_of_a_screening_reads_a_whole_table(filled: Database, statement: str) -> None:
    connection = await asyncpg.connect(filled.url("screening"), server_settings=KEPT_PLANS)
    await connection.execute(f"PREPARE step(uuid[]) AS {STATEMENTS[statement]}")
    lines = await connection.fetch("EXPLAIN EXECUTE step(ARRAY[gen_random_uuid()])")
    await connection.close()
    plan = "\n".join(line[0] for line in lines)

    assert not re.findall(r"Seq Scan on (?:registration|aid_request|household|identity_link|possible_match)\b", plan)
    assert "hashed SubPlan" not in plan, plan
