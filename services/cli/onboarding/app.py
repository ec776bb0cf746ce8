"""`sijill charity`, `sijill client` and `sijill token` as the command line knows them."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from services.cli.options import HERE, ClientId, DataDir, Issuer, RegistryUrl, SecretFile

charity = typer.Typer(no_args_is_help=True, help="Charities of the register.")
client = typer.Typer(no_args_is_help=True, help="Machine clients, which get tokens to call the register.")

Zones = Annotated[list[str] | None, typer.Option("--zone", help="A zone's code, such as SA-02-02; may be repeated.")]


class Role(StrEnum):
    CHARITY = "charity"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@charity.callback()
def charities() -> None:
    """Charities of the register."""


@client.callback()
def clients() -> None:
    """Machine clients, which get tokens to call the register."""


@charity.command("add")
def add_charity(
    licence: Annotated[str, typer.Argument(help="The licence number of the non-profit regulator, digits.")],
    name_ar: Annotated[str, typer.Option(help="The name in Arabic.")],
    name_en: Annotated[str | None, typer.Option(help="The name in English.")] = None,
    zone: Zones = None,
    data_dir: DataDir = HERE,
    registry_url: RegistryUrl = None,
    issuer: Issuer = None,
    client_id: ClientId = None,
    secret_file: SecretFile = None,
) -> None:
    """Register a charity, as the operator of the house on this machine or with the credentials given."""
    from services.cli.onboarding import command
    from services.cli.onboarding.access import Given

    given = Given(data_dir, registry_url, issuer, client_id, secret_file)
    raise typer.Exit(command.add_charity(given, licence, (name_ar, name_en), zone or [], Console()))


@client.command("add")
def add_client(
    charity: Annotated[str | None, typer.Option(help="Id or licence number of the charity it acts for.")] = None,
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.CHARITY,
    zone: Zones = None,
    name: Annotated[str | None, typer.Option(help="For people: what this client is.")] = None,
    data_dir: DataDir = HERE,
    registry_url: RegistryUrl = None,
    issuer: Issuer = None,
    client_id: ClientId = None,
    secret_file: SecretFile = None,
) -> None:
    """Make a client; its secret goes to a file in the data directory that only its owner can read."""
    from services.cli.onboarding import command
    from services.cli.onboarding.access import Given

    given = Given(data_dir, registry_url, issuer, client_id, secret_file)
    raise typer.Exit(command.add_client(given, role.value, charity, zone or [], name, Console()))


def token(
    client: Annotated[
        str, typer.Argument(help="A client kept here: its charity's id or licence number, its role, or its own id.")
    ],
    data_dir: DataDir = HERE,
    registry_url: RegistryUrl = None,
    issuer: Issuer = None,
) -> None:
    """Print an access token, to call the API with: it is good for five minutes."""
    from services.cli.onboarding import command
    from services.cli.onboarding.access import Given

    given = Given(data_dir, registry_url, issuer)
    raise typer.Exit(command.token(given, client, Console(stderr=True)))
