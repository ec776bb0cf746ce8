"""What the code really has: commands, settings, ports and paths, to hold a description against."""

import json
from functools import cache
from importlib import import_module

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from services.cli.main import app
from services.cli.openapi import document
from services.cli.settings import CommandSettings
from services.cli.up import plan
from services.cli.up.keys import ROLES
from shared.settings import HouseSettings

ROLE_URLS = {f"SIJILL_{role.upper()}_DATABASE_URL" for role in ROLES}
"""`sijill migrate` takes the passwords of the roles from these."""


def wrong_command(arguments: list[str]) -> str | None:
    """What the `sijill` command would say to `arguments`, None if it takes them. Nothing is run."""
    commands = typer.main.get_command(app)
    assert isinstance(commands, TyperGroup)
    if not arguments or arguments[0] not in commands.commands:
        return f"no command {arguments[:1]}"
    try:
        commands.commands[arguments[0]].make_context(arguments[0], list(arguments[1:]))
    except TyperException as error:
        return str(error)
    return None


def settings_of(command: list[str]) -> type[HouseSettings]:
    """The settings that a process of `command` reads."""
    if command[0] not in ("serve", "work"):
        return CommandSettings
    module = import_module(f"services.{plan.package(command[1])}.settings")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, HouseSettings)]
    return next(kind for kind in kinds if kind.__module__ == module.__name__)


def known_variables(command: list[str]) -> dict[str, bool]:
    """The variables that a process of `command` reads, and whether it must have each."""
    known = {f"SIJILL_{name.upper()}": field.is_required() for name, field in settings_of(command).model_fields.items()}
    if command == ["migrate"]:
        known |= dict.fromkeys({*ROLE_URLS, "SIJILL_DATABASE_URL"}, True)
    return known


def secret_variables(command: list[str]) -> set[str]:
    fields = settings_of(command).model_fields.items()
    secret = {f"SIJILL_{name.upper()}" for name, field in fields if "SecretStr" in str(field.annotation)}
    return secret | (ROLE_URLS if command == ["migrate"] else set())


def port_of(service: str) -> int:
    """The port on which `service` listens unless told otherwise."""
    return CommandSettings.model_construct().ports()[service]


@cache
def paths_of(service: str) -> frozenset[str]:
    """The paths that the app of `service` answers to GET."""
    paths = json.loads(document(service))["paths"]
    return frozenset(path for path, methods in paths.items() if "get" in methods)
