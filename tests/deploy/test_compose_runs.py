"""The house comes up from the compose file's own commands and variables, each process with those and no others.

Stands for a Docker engine, which no test needs: the commands run on this machine, with the names of the containers
put as addresses of this machine. What only an engine can tell (images, networks, limits) is not tried here.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from graphlib import TopologicalSorter
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from services.cli.up import plan
from services.cli.up.ports import free
from shared.postgres import Server
from tests import databases
from tests.databases import Database
from tests.deploy import code, faults
from tests.deploy.compose import Service, filled, parse

ROOT = Path(__file__).parents[2]
SIJILL = Path(sys.executable).with_name("sijill")
PATIENCE = 60.0


@pytest.mark.long
async def test_the_house_comes_up_as_the_compose_file_describes_it(server: Server, tmp_path: Path) -> None:
    database = await databases.copy(server, "template1", f"test_{uuid4().hex}")
    try:
        async with house(database, tmp_path) as urls, httpx.AsyncClient(trust_env=False) as http:
            token = await _token(http, urls["identity"])
            zones = await http.get(f"{urls['registry']}/v1/zones", headers={"Authorization": f"Bearer {token}"})
            ready = [await http.get(f"{url}/readyz") for url in urls.values()]
    finally:
        await databases.drop(database)

    assert [answer.status_code for answer in ready] == [200] * 4
    assert zones.status_code == 200
    assert list(tmp_path.iterdir()) == []  # a read-only container would have let them live


@asynccontextmanager
async def house(database: Database, directory: Path) -> AsyncIterator[dict[str, str]]:
    """The file's processes, started in the order of what they wait for; their addresses by service."""
    services = {name: each for name, each in parse(_text()).services.items() if each.build}
    ports = {name: free("127.0.0.1") for name in plan.SERVICES}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    order = TopologicalSorter({name: each.depends_on.keys() & services for name, each in services.items()})
    running: dict[str, asyncio.subprocess.Process] = {}
    try:
        for name in order.static_order():
            process = await _start(services[name], _environment(services[name], database, ports), directory)
            running[name] = process
            if services[name].restart == "no":
                assert await asyncio.wait_for(process.wait(), PATIENCE) == 0, name
            elif name in urls:
                await _until_ready(urls[name], process)
        yield urls
        assert [name for name, each in running.items() if each.returncode is not None] == ["migrate"]
    finally:
        await asyncio.gather(*(_end(process) for process in running.values()))


def _text() -> str:
    return (ROOT / "docker-compose.yml").read_text("utf-8")


def _environment(service: Service, database: Database, ports: Mapping[str, int]) -> dict[str, str]:
    owner = urlsplit(database.admin_url)
    places = {f"{name}:{code.port_of(name)}": f"127.0.0.1:{port}" for name, port in ports.items()}
    places |= {"postgres:5432/sijill": f"127.0.0.1:{owner.port}/{database.name}", "0.0.0.0": "127.0.0.1"}
    told = {f"SIJILL_{plan.package(name).upper()}_PORT": str(port) for name, port in ports.items()}
    for variable, text in service.environment.items():
        value = filled(text, lambda name: _secret(name, database))
        for name, place in places.items():
            value = value.replace(name, place)
        told[variable] = value
    return told | {"PATH": os.defpath}


def _secret(name: str, database: Database) -> str:
    """The roles keep the passwords that all tests on this server use."""
    if name == "OWNER_PASSWORD":
        return str(urlsplit(database.admin_url).password)
    if name.endswith("_ROLE_PASSWORD"):
        return str(urlsplit(database.url("registry")).password)
    return faults.example_secret(name)


async def _start(service: Service, environment: dict[str, str], directory: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        SIJILL, *service.command, cwd=directory, env=environment, stdout=asyncio.subprocess.DEVNULL
    )


async def _until_ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(trust_env=False) as http:
        while process.returncode is None:
            with suppress(httpx.TransportError):
                if (await http.get(f"{url}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.1)
    raise AssertionError(f"it ended with {process.returncode} before it was ready")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()


async def _token(http: httpx.AsyncClient, issuer: str) -> str:
    document = (await http.get(f"{issuer}/.well-known/openid-configuration")).json()
    answer = await http.post(
        document["token_endpoint"], data={"grant_type": "client_credentials"}, auth=("operator", faults.LONG_ENOUGH)
    )
    return str(answer.raise_for_status().json()["access_token"])
