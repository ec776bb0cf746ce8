"""Which programs make the house, and what each is told. No program gets another's secrets."""

import json
import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from services.cli.up.keys import ROLES, Keys
from services.cli.up.process import Program

SERVICES = ("nafath-mock", "identity", "dedup", "registry")
"""In the order of their start; they stop in the reverse one."""
WORKERS = ("dedup", "registry")
NOT_IN_PRODUCTION = ("nafath-mock",)
Urls = Mapping[str, str]


def installed() -> tuple[str, ...]:
    """The services that this installation has: production leaves the mock out."""
    missing = {name for name in NOT_IN_PRODUCTION if find_spec(f"services.{package(name)}.main") is None}
    return tuple(name for name in SERVICES if name not in missing)


def package(service: str) -> str:
    return service.replace("-", "_")


def role_urls(admin_url: str, keys: Keys) -> dict[str, str]:
    """Where each role logs in: the variable's own value if it is set, else the admin's database."""
    return {f"sijill_{role}": os.environ.get(_variable(role), _login(admin_url, role, keys)) for role in ROLES}


def missing_role_urls() -> set[str]:
    """The variables of roles' URLs that are not set."""
    return {_variable(role) for role in ROLES} - os.environ.keys()


def programs(data_dir: Path, urls: Urls, admin_url: str, keys: Keys) -> list[Program]:
    """The services at `urls` (name -> base URL), then their workers."""
    told = {name: environment(name, data_dir, urls, admin_url, keys) for name in urls}
    served = [_service(name, url, told[name]) for name, url in urls.items()]
    return served + [_worker(name, told[name]) for name in WORKERS if name in urls]


def environment(name: str, data_dir: Path, urls: Urls, admin_url: str, keys: Keys) -> dict[str, str]:
    """The environment of a service and its worker; what the user has set himself stays as he set it."""
    theirs = {key: value for key, value in os.environ.items() if key != "SIJILL_DATABASE_URL"}
    addresses = {f"SIJILL_{package(other).upper()}_URL": url for other, url in urls.items()}
    if "identity" in urls:
        addresses["SIJILL_ISSUER"] = urls["identity"]
    ours = OWN[name](role_urls(admin_url, keys), keys)
    return {**ours, **theirs, **addresses, "SIJILL_DATA_DIR": str(data_dir.resolve())}


def _service(name: str, url: str, environment: Mapping[str, str]) -> Program:
    place = urlsplit(url)
    command = _sijill("serve", name, "--port", str(place.port))
    return Program(name, command, environment, ready_url=f"{url}/readyz")


def _worker(name: str, environment: Mapping[str, str]) -> Program:
    return Program(f"{name}-worker", _sijill("work", name), environment)


def _sijill(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "services.cli.main", *arguments)


def _registry(logins: Mapping[str, str], keys: Keys) -> dict[str, str]:
    urls = {_variable(role): logins[f"sijill_{role}"] for role in ("registry", "screening", "oversight")}
    return {
        **urls,
        "SIJILL_NATIONAL_ID_KEY": keys.national_id_key,
        "SIJILL_REGISTRY_CLIENT_SECRET": keys.clients["registry"],
    }


def _dedup(logins: Mapping[str, str], _: Keys) -> dict[str, str]:
    return {_variable("dedup"): logins["sijill_dedup"]}


def _identity(logins: Mapping[str, str], keys: Keys) -> dict[str, str]:
    roles = {"registry": "service", "operator": "operator"}
    clients = [
        {"client_id": client, "secret": secret, "roles": [roles[client]]} for client, secret in keys.clients.items()
    ]
    return {
        _variable("identity"): logins["sijill_identity"],
        "SIJILL_IDENTITY_SEALING_KEY": keys.identity_sealing_key,
        "SIJILL_IDENTITY_BOOTSTRAP_CLIENTS": json.dumps(clients),
    }


def _nafath_mock(_: Mapping[str, str], __: Keys) -> dict[str, str]:
    return {"SIJILL_NAFATH_MOCK_ENABLED": "true"}


OWN = {"registry": _registry, "dedup": _dedup, "identity": _identity, "nafath-mock": _nafath_mock}
"""What each service needs besides the others' addresses."""


def _variable(role: str) -> str:
    return f"SIJILL_{role.upper()}_DATABASE_URL"


def _login(admin_url: str, role: str, keys: Keys) -> str:
    place = urlsplit(admin_url)
    host = place.netloc.rpartition("@")[2]
    return urlunsplit(place._replace(netloc=f"sijill_{role}:{keys.roles[role]}@{host}"))
