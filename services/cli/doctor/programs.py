"""The running house's programs: is each there, and ready?"""

from collections.abc import AsyncIterator

import httpx

from services.cli.doctor.ailment import Ailment
from services.cli.up.plan import WORKERS
from services.cli.up.record import Record

PATIENCE = 5.0  # seconds


async def check(house: Record) -> AsyncIterator[Ailment]:
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
        for service, url in house.urls.items():
            if ailment := await _service(http, service, url, house):
                yield ailment
    for worker in (f"{name}-worker" for name in WORKERS if name in house.urls):
        if worker not in house.processes:
            yield Ailment("program_down", {"service": worker, "log": _log(house, worker)})


async def _service(http: httpx.AsyncClient, service: str, url: str, house: Record) -> Ailment | None:
    facts = {"service": service, "url": url, "log": _log(house, service)}
    try:
        answer = await http.get(f"{url}/readyz")
    except httpx.HTTPError:
        return Ailment("service_silent", facts)
    if answer.status_code == 200:
        return None
    return Ailment("service_not_ready", {**facts, "checks": _failing(answer)})


def _failing(answer: httpx.Response) -> str:
    """The names of the checks that do not hold, or the bare status if the answer names none."""
    try:
        checks = answer.json()["checks"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
    return ", ".join(name for name, holds in checks.items() if not holds) or f"HTTP {answer.status_code}"


def _log(house: Record, program: str) -> str:
    return str(house.logs / f"{program}.log")
