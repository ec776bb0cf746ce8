"""What is wrong with the compose file, held against the code: each fault in words."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from services.cli.up import plan
from shared.settings import HouseSettings
from tests.deploy import code
from tests.deploy.compose import Compose, Service, filled, parse, variables

KEY = "A" * 43 + "="  # 32 bytes in base64
LONG_ENOUGH = "f" * 64


def faults(text: str, example: str) -> list[str]:
    """text: docker-compose.yml. example: the file that explains its variables."""
    try:
        compose = parse(text)
    except ValidationError as error:
        return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    found = [*_processes(compose), *_interpolated(text, example), *_named(compose)]
    for name, service in compose.services.items():
        found += [f"{name}: {fault}" for fault in _of_service(name, service, compose)]
    return found


def _processes(compose: Compose) -> Iterator[str]:
    expected = [f"serve {name}" for name in plan.installed()] + [f"work {name}" for name in plan.WORKERS] + ["migrate"]
    ours = {" ".join(service.command): service for service in compose.services.values() if service.build}
    for command in set(expected).symmetric_difference(ours):
        yield f"`{command}` is missing, or nobody's"
    for command, service in ours.items():
        mock = command.removeprefix("serve ") in plan.NOT_IN_PRODUCTION
        if service.profiles != (["mock"] if mock else []):
            yield f"`{command}` must {'' if mock else 'not '}be in the profile `mock`, and in no other"


def _interpolated(text: str, example: str) -> Iterator[str]:
    used, explained = variables(text), dict(re.findall(r"(?m)^#.*\n(?:#.*\n)*([A-Z_]+)=(.*)$", example))
    listed = set(re.findall(r"(?m)^([A-Z_]+)=", example))
    for name in used.keys() - explained.keys():
        yield f"{name} is not explained in the example of variables"
    for name in listed - used.keys():
        yield f"{name} is in the example of variables, and nothing uses it"
    for name in listed & used.keys():
        if used[name] == bool(explained.get(name)):
            yield f"{name}: a variable that must be given has no value in the example, any other has"


def _named(compose: Compose) -> Iterator[str]:
    for name, service in compose.services.items():
        for network in set(service.networks) - compose.networks.keys():
            yield f"{name}: no network {network}"
        for volume in {each.partition(":")[0] for each in service.volumes} - compose.volumes.keys():
            yield f"{name}: no volume {volume}"
        for needed, how in service.depends_on.items():
            other = compose.services.get(needed)
            if other is None:
                yield f"{name}: no service {needed} to depend on"
            elif how.condition == "service_healthy" and other.healthcheck.disable:
                yield f"{name}: {needed} has no health check to wait for"
            elif (how.condition == "service_completed_successfully") != (other.restart == "no"):
                yield f"{name}: {needed} is not waited for as what it is"


def _of_service(name: str, service: Service, compose: Compose) -> Iterator[str]:
    yield from _literal_secrets(service)
    yield from _addresses(service, compose)
    if not service.build:
        return
    if wrong := code.wrong_command(service.command):
        yield f"`sijill {' '.join(service.command)}`: {wrong}"
        return
    wrong_variables = list(_environment(service))
    yield from wrong_variables
    if service.command[0] == "serve" and not wrong_variables:
        yield from _serving(service.command[1], service)
    if service.command[0] != "serve" and not service.healthcheck.disable:
        yield "it has no port to ask for its health"
    needs = service.depends_on.keys()
    if _uses_database(service) and ("postgres" if name == "migrate" else "migrate") not in needs:
        yield "it does not wait for its database"


def _environment(service: Service) -> Iterator[str]:
    known = code.known_variables(service.command)
    for variable in service.environment.keys() - known.keys():
        yield f"no setting reads {variable}"
    for variable in {each for each, required in known.items() if required} - service.environment.keys():
        yield f"{variable} must be set"
    try:
        _settings(service)
    except ValidationError as error:
        yield from (f"{each['loc']}: {each['msg']}" for each in error.errors(include_input=False))


def _settings(service: Service) -> HouseSettings:
    """The settings that the process would run with. Raises pydantic's ValidationError."""
    kind = code.settings_of(service.command)
    given: dict[str, Any] = {key.removeprefix("SIJILL_").lower(): value for key, value in told(service).items()}
    return kind(**{key: value for key, value in given.items() if key in kind.model_fields})


def told(service: Service) -> dict[str, str]:
    """The environment with made-up secrets put in."""
    return {key: filled(value, example_secret) for key, value in service.environment.items()}


def example_secret(name: str) -> str:
    return KEY if name.endswith("_KEY") else LONG_ENOUGH


def _literal_secrets(service: Service) -> Iterator[str]:
    """A secret is given from outside: never a value in the file, never a default."""
    secret = code.secret_variables(service.command) if service.build else {"POSTGRES_PASSWORD"}
    for variable in secret & service.environment.keys():
        raw = filled(service.environment[variable], lambda _: "GIVEN")
        if any(part != "GIVEN" for part in _secret_parts(raw)):
            yield f"{variable} holds a secret"


def _secret_parts(raw: str) -> list[str]:
    if "://" in raw:
        return [urlsplit(raw).password or ""]
    if raw.startswith("["):
        return [client["secret"] for client in json.loads(raw)]
    return [raw]


def _addresses(service: Service, compose: Compose) -> Iterator[str]:
    """Each URL leads to a service of the file, on its port, over a network that both are in, as the right role."""
    for variable, value in told(service).items():
        place = urlsplit(value)
        if not place.hostname or not place.scheme:
            continue
        other = compose.services.get(place.hostname)
        if other is None or not set(other.networks) & set(service.networks):
            yield f"{variable}: {place.hostname} is out of reach"
        elif place.port != (code.port_of(other.command[1]) if other.build else 5432):
            yield f"{variable}: {place.hostname} does not listen on {place.port}"
        elif not other.build and not _logs_in_rightly(variable, value, other):
            yield f"{variable}: not that role, or not that database"


def _logs_in_rightly(variable: str, url: str, server: Service) -> bool:
    place, owner = urlsplit(url), server.environment["POSTGRES_USER"]
    role = variable.removeprefix("SIJILL_").removesuffix("DATABASE_URL").strip("_").lower()
    wanted = f"sijill_{role}" if role else owner
    return place.username == wanted and place.path == f"/{server.environment['POSTGRES_DB']}"


def _uses_database(service: Service) -> bool:
    return any(key.endswith("DATABASE_URL") for key in service.environment)


def _serving(name: str, service: Service) -> Iterator[str]:
    port = code.port_of(name)
    if any(int(published.rpartition(":")[2]) != port for published in service.ports):
        yield f"publishes another port than {port}, which it listens on"
    if service.environment.get("SIJILL_HOST") != "0.0.0.0":
        yield "listens on no address that others reach"
    asked = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", " ".join(service.healthcheck.test))
    if asked != [(str(port), "/readyz")]:
        yield f"its health is asked at {asked}, not at port {port}, /readyz"
    elif "/readyz" not in code.paths_of(name):
        yield "it has no path /readyz"
