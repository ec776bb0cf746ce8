"""`sijill charity add`, `sijill client add` and `sijill token`."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from services.cli.client import Api, CallFailed, Tokens, connections
from services.cli.onboarding import access, register
from services.cli.onboarding.access import Given, NoAccess
from services.cli.onboarding.kept import KeptClient
from services.cli.up.keys import KeysUnreadable


@dataclass(frozen=True, slots=True)
class Operator:
    """The two services, called as an operator."""

    registry: Api
    identity: Api


def add_charity(
    given: Given, licence: str, names: tuple[str, str | None], zones: Sequence[str], console: Console
) -> int:
    """names: Arabic and English. Gives the exit status."""

    async def add(operator: Operator) -> int:
        added = await register.add_charity(operator.registry, licence, *names, zones)
        console.print(f"charity {added['id']} is registered, licence {added['licence_number']}", highlight=False)
        console.print(f"its client: sijill client add --charity {added['id']}", highlight=False, soft_wrap=True)
        return 0

    return _as_operator(given, add, console)


def add_client(
    given: Given, role: str, charity: str | None, zones: Sequence[str], name: str | None, console: Console
) -> int:
    """The secret goes to a file and nowhere else. Gives the exit status."""

    async def add(operator: Operator) -> int:
        known = await register.charity(operator.registry, charity) if charity else None
        if charity and known is None:
            console.print(f"there is no charity {charity}", style="red", highlight=False)
            return 1
        its_id = known["id"] if known else None
        title = name or (f"{known['name_en'] or known['name_ar']}: machine client" if known else role)
        made = await register.add_client(operator.identity, title, role, its_id, zones)
        client = KeptClient(
            client_id=made.client_id, client_secret=made.secret, roles=(role,), charity_id=its_id,
            licence_number=known["licence_number"] if known else None,
        )  # fmt: skip
        path = client.keep(given.data_dir)
        console.print(f"client {made.client_id}, role {role}", highlight=False)
        console.print(f"its secret is in {path}, shown nowhere else", highlight=False, soft_wrap=True)
        return 0

    return _as_operator(given, add, console)


def token(given: Given, named: str, console: Console) -> int:
    """Print an access token and nothing else, for use in another command. Gives the exit status."""

    async def run() -> int:
        places, credentials = access.addresses(given), access.of_any(given, named)
        async with connections() as http:
            print(await Tokens(http, places.issuer, credentials).current())
        return 0

    return _told(run, console)


def _as_operator(given: Given, work: Callable[[Operator], Awaitable[int]], console: Console) -> int:
    async def run() -> int:
        places, credentials = access.addresses(given), access.operator(given)
        async with connections() as http:
            tokens = Tokens(http, places.issuer, credentials)
            return await work(Operator(Api(http, places.registry, tokens), Api(http, places.issuer, tokens)))

    return _told(run, console)


def _told(run: Callable[[], Coroutine[Any, Any, int]], console: Console) -> int:
    try:
        return asyncio.run(run())
    except (NoAccess, KeysUnreadable, CallFailed, OSError) as error:
        console.print(str(error), style="red", soft_wrap=True, markup=False, highlight=False)
        return 1
