"""The shipped aid taxonomy and policies into the database."""

import csv
from pathlib import Path

from services.registry.aid.catalogue import put_aid_types, put_policies
from shared.db import Connection
from shared.jsonb import to_json

DATA = Path(__file__).parent / "data"


async def load_aid_types(connection: Connection) -> int:
    """Load what is shipped; a policy version that is there already is left as it is. Returns how many types."""
    await put_aid_types(connection, to_json(list(_rows("aid_types.csv"))))
    return await put_policies(connection, to_json([_policy(row) for row in _rows("policies.csv")]))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _policy(row: dict[str, str]) -> dict[str, object]:
    filled: dict[str, object] = {key: value or None for key, value in row.items()}
    return filled | {"conflicts_with": [code for code in row["conflicts_with"].split("|") if code]}
