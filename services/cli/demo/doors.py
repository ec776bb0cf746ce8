"""Who takes part: the twelve charities, a coordinator and an auditor, each with a client and tokens of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import httpx

from services.cli.client import Api, Credentials, Tokens
from services.cli.onboarding import register
from services.cli.onboarding.access import Addresses
from services.cli.onboarding.kept import KeptClient
from services.cli.simulate import CHARITIES

COUNTRY = "SA"


@dataclass(frozen=True, slots=True)
class Doors:
    """The registry as each of them calls it; charities by their key."""

    charities: dict[str, Api]
    coordinator: Api
    auditor: Api


@dataclass(frozen=True, slots=True)
class Registrar:
    """Registers them, as the house's operator, and keeps their secrets in the data directory."""

    http: httpx.AsyncClient
    places: Addresses
    operator: Credentials
    data_dir: Path

    async def open(self) -> Doors:
        """Raises Refused, Unreachable."""
        tokens = Tokens(self.http, self.places.issuer, self.operator)
        registry, identity = Api(self.http, self.places.registry, tokens), Api(self.http, self.places.issuer, tokens)
        charities = {}
        for one in CHARITIES:
            known = await register.ensure_charity(registry, one.licence, one.name_ar, one.name_en, one.zones)
            charities[one.key] = await self._client(identity, one.name_en, "charity", known["id"], one.licence)
        return Doors(
            charities,
            await self._client(identity, "Coordinator of the country", "coordinator", zones=(COUNTRY,)),
            await self._client(identity, "Auditor of the country", "auditor", zones=(COUNTRY,)),
        )

    async def _client(
        self, identity: Api, name: str, role: str, charity: str | None = None, licence: str | None = None,
        zones: Collection[str] = (),
    ) -> Api:  # fmt: skip
        made = await register.add_client(identity, name, role, charity, zones)
        KeptClient(
            client_id=made.client_id, client_secret=made.secret, roles=(role,), charity_id=charity,
            licence_number=licence,
        ).keep(self.data_dir)  # fmt: skip
        return Api(self.http, self.places.registry, Tokens(self.http, self.places.issuer, made))
