"""What the simulated charities send: the demo's own requests, doubles and all, as many and as often as wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import orjson

from services.cli.simulate import simulate
from shared.ids import InvalidNationalId, parse_national_id
from tests.bench.wire import message


@dataclass(frozen=True, slots=True)
class Application:
    """charity: its key in the simulation. form: the API's body."""

    charity: str
    form: dict[str, Any]


def applications(seed: int) -> Iterator[Application]:
    """Without end: households of ever new seeds, the requests of some hundreds at a time in order of days."""
    for part in count(seed * 1_000):
        for request in simulate(400, part).requests:
            if has_a_valid_id(request.form["applicant"]):
                yield Application(request.charity, renamed(request.form, f"{part}-"))


def has_a_valid_id(applicant: dict[str, Any]) -> bool:
    """Whether the API takes the ID, or there is none: some clerks fill in ten equal digits."""
    try:
        return applicant["national_id"] is None or bool(parse_national_id(applicant["national_id"]))
    except InvalidNationalId:
        return False


def renamed(form: dict[str, Any], prefix: str) -> dict[str, Any]:
    """With `prefix` before the charity's own references: those of another seed are other people's."""
    applicant = form["applicant"]
    household = applicant["household"]
    ref = f"{prefix}{household['ref']}" if household["ref"] else None
    return form | {
        "applicant": applicant
        | {"source_ref": f"{prefix}{applicant['source_ref']}", "household": household | {"ref": ref}}
    }


def single(application: Application, bearers: dict[str, str]) -> bytes:
    """The message that submits it alone."""
    return message(
        "/v1/aid-requests", orjson.dumps(application.form),
        Authorization=bearers[application.charity], Idempotency_Key=str(uuid4()),
    )  # fmt: skip


def batches(several: list[Application], bearers: dict[str, str], lines: int) -> list[bytes]:
    """The messages that submit them in batches of at most `lines`, each of one charity."""
    by_charity: dict[str, list[bytes]] = {}
    for each in several:
        by_charity.setdefault(each.charity, []).append(orjson.dumps(each.form))
    return [
        message(
            "/v1/aid-requests:batch", b"\n".join(forms[start : start + lines]), "application/x-ndjson",
            Authorization=bearers[charity], Idempotency_Key=str(uuid4()),
        )
        for charity, forms in by_charity.items()
        for start in range(0, len(forms), lines)
    ]  # fmt: skip
