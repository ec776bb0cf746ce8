"""Aid types and their policies in the database."""

from services.registry.aid.policy import AidType, Catalogue, Concurrency, Effect, Policy, Unit
from shared.db import Connection, Pool, Row


async def load_catalogue(database: Pool | Connection) -> Catalogue:
    """The aid types with the newest version of their policies."""
    rows = await database.fetch(
        "SELECT DISTINCT ON (t.code) t.*, p.* FROM registry.aid_type AS t"
        " JOIN registry.aid_policy AS p ON p.aid_type = t.code ORDER BY t.code, p.version DESC"
    )
    return Catalogue({row["code"]: _aid_type(row) for row in rows})


def _aid_type(row: Row) -> AidType:
    policy = Policy(
        aid_type=row["code"], version=row["version"], unit=Unit(row["unit"]),
        concurrency=Concurrency(row["concurrency"]), max_grants=row["max_grants"], max_amount=row["max_amount"],
        window_days=row["window_days"], cool_down_days=row["cool_down_days"],
        conflicts_with=frozenset(row["conflicts_with"]), discloses_charity=row["discloses_charity"],
        effect=Effect(row["effect"]),
    )  # fmt: skip
    return AidType(row["code"], row["group_code"], row["name_ar"], row["name_en"], policy)


async def put_aid_types(connection: Connection, document: str) -> None:
    await connection.execute(
        'INSERT INTO registry.aid_type (code, group_code, name_ar, name_en) SELECT code, "group", name_ar, name_en'
        ' FROM jsonb_to_recordset($1::jsonb) AS t(code text, "group" text, name_ar text, name_en text)'
        " ON CONFLICT (code) DO UPDATE SET group_code = excluded.group_code, name_ar = excluded.name_ar,"
        " name_en = excluded.name_en",
        document,
    )


async def put_policies(connection: Connection, document: str) -> int:
    await connection.execute(
        "INSERT INTO registry.aid_policy SELECT * FROM jsonb_populate_recordset(NULL::registry.aid_policy, $1::jsonb)"
        " ON CONFLICT (aid_type, version) DO NOTHING",
        document,
    )
    return int(await connection.fetchval("SELECT count(*) FROM registry.aid_type"))
