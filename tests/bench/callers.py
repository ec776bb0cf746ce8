"""Those who call in a benchmark: charities with machine clients, and the registry's own account."""

from dataclasses import dataclass

import httpx

from services.cli.client import Api, Credentials, Tokens
from services.cli.onboarding.register import add_charity, add_client
from services.cli.simulate import CHARITIES
from services.cli.up.house import House


@dataclass(frozen=True, slots=True)
class Callers:
    """ids: charity's key -> its id in the register. tokens: charity's key, or `linker` -> its tokens."""

    ids: dict[str, str]
    tokens: dict[str, Tokens]

    async def bearers(self) -> dict[str, str]:
        """The Authorization header of each, good for the next half minute at least."""
        return {name: f"Bearer {await tokens.current()}" for name, tokens in self.tokens.items()}


async def onboard(house: House, http: httpx.AsyncClient) -> Callers:
    """Register the simulation's charities, each with a client of its own."""
    issuer = house.urls["identity"]
    operator = Tokens(http, issuer, Credentials("operator", house.keys.clients["operator"]))
    registry, identity = Api(http, house.urls["registry"], operator), Api(http, issuer, operator)
    ids: dict[str, str] = {}
    tokens = {"linker": Tokens(http, issuer, Credentials("registry", house.keys.clients["registry"]))}
    for charity in CHARITIES:
        added = await add_charity(registry, charity.licence, charity.name_ar, charity.name_en, charity.zones)
        ids[charity.key] = added["id"]
        client = await add_client(identity, f"bench {charity.key}", "charity", added["id"])
        tokens[charity.key] = Tokens(http, issuer, client)
    return Callers(ids, tokens)
