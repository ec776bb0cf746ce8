"""The `sijill` command. What a command needs is imported when it runs: `sijill --help` answers at once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.demo.app import demo
from services.cli.explain.app import explain
from services.cli.link.app import evaluate, link, names, simulate
from services.cli.onboarding.app import charity, client, token
from services.cli.submit.app import submit
from services.cli.train.app import train

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, help="One register of aid.")

DataDir = Annotated[Path, typer.Option(envvar="SIJILL_DATA_DIR", help="Where the house keeps its data.")]
HERE = Path(".sijill")


class Service(StrEnum):
    REGISTRY = "registry"
    DEDUP = "dedup"
    IDENTITY = "identity"
    NAFATH_MOCK = "nafath-mock"


class Worker(StrEnum):
    REGISTRY = "registry"
    DEDUP = "dedup"


class Language(StrEnum):
    EN = "en"
    AR = "ar"


@app.command()
def up(
    data_dir: DataDir = HERE,
    only: Annotated[list[Service] | None, typer.Option(help="Only these services, and their workers.")] = None,
) -> None:
    """Run the whole house on this machine, until Ctrl-C."""
    from services.cli.up import command

    names = [service.value for service in only] if only else None
    raise typer.Exit(command.up(data_dir, names, Console()))


@app.command()
def serve(
    service: Service,
    port: Annotated[int | None, typer.Option(help="By default SIJILL_<SERVICE>_PORT.")] = None,
    host: Annotated[str, typer.Option(envvar="SIJILL_HOST")] = "127.0.0.1",
) -> None:
    """Run one service in the foreground, on the settings of the environment."""
    from services.cli import serve as one
    from services.cli.settings import CommandSettings

    one.serve(service.value, host, port or CommandSettings().ports()[service.value])


@app.command()
def work(service: Worker) -> None:
    """Run the worker of one service in the foreground, on the settings of the environment."""
    from services.cli import serve as one

    one.work(service.value)


@app.command()
def migrate(data_dir: DataDir = HERE) -> None:
    """Bring the database's roles and every service's schema to this version. Safe to run again."""
    from services.cli import migrate as command

    raise typer.Exit(command.migrate(data_dir, Console()))


@app.command()
def relink(
    data_dir: DataDir = HERE,
    everything: Annotated[
        bool, typer.Option("--all", help="All records, not only those changed since the last run.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Rebuild the linker's index beside the running one instead.")
    ] = False,
) -> None:
    """Look once more which registrations are one person; write what differs from the answers as proposals."""
    from services.cli import relink as command

    raise typer.Exit(command.run(data_dir, everything, rebuild, Console()))


@app.command()
def config(data_dir: DataDir = HERE) -> None:
    """Print the effective settings of all services, secrets masked."""
    from services.cli import config as command

    raise typer.Exit(command.show(data_dir, Console()))


@app.command()
def doctor(
    data_dir: DataDir = HERE,
    lang: Annotated[Language | None, typer.Option(help="By default from LANG.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False,
) -> None:
    """Say in plain words what is wrong and what to do; exit 1 if anything is."""
    from services.cli.doctor import command

    raise typer.Exit(command.doctor(data_dir, lang.value if lang else None, json, Console()))


@app.command()
def openapi(
    check: Annotated[bool, typer.Option("--check", help="Only say whether they are up to date.")] = False,
) -> None:
    """Write the API document of every service to docs/openapi."""
    from services.cli import openapi as command

    raise typer.Exit(command.write(check, Console()))


@app.command()
def erase(
    data_dir: DataDir = HERE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove the embedded PostgreSQL, its data, the secrets and the logs, for good."""
    from services.cli import erase as command

    if data_dir.exists() and not yes:
        typer.confirm(f"Erase everything in {data_dir}?", abort=True)
    raise typer.Exit(command.erase(data_dir, Console()))


app.command()(demo)
app.command()(submit)
app.command()(link)
app.command()(evaluate)
app.command()(simulate)
app.command()(names)
app.command()(train)
app.command()(explain)
app.command()(token)
app.add_typer(charity, name="charity")
app.add_typer(client, name="client")


if __name__ == "__main__":
    app()
