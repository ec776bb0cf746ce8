"""`sijill submit` as the command line knows it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.options import HERE, ClientId, DataDir, Issuer, Language, RegistryUrl, SecretFile


def submit(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, or NDJSON by its suffix.")],
    charity: Annotated[str, typer.Option(help="Id or licence number of the charity that sends.")],
    map_file: Annotated[
        Path | None,
        typer.Option("--map", exists=True, dir_okay=False, help="What headings do not say; see examples/."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="By default FILE with .answers before its suffix.")] = None,
    lang: Annotated[Language, typer.Option(help="Of the answers and errors.")] = Language.EN,
    data_dir: DataDir = HERE,
    registry_url: RegistryUrl = None,
    issuer: Issuer = None,
    client_id: ClientId = None,
    secret_file: SecretFile = None,
) -> None:
    """Send a charity's own sheet to the register; write it again with the answer beside each row.

    Sending it twice changes nothing: a row goes by the charity's own request number where there is such a column,
    else by its content. Exit status 0: all rows are stored; 2: some are not, and say why; 1: it could not be done.
    """
    from services.cli.onboarding.access import Given
    from services.cli.submit import command

    given = Given(data_dir, registry_url, issuer, client_id, secret_file)
    job = command.Job(file, charity, map_file, out or answers_of(file), lang.value)
    raise typer.Exit(command.submit(job, given, Console()))


def answers_of(file: Path) -> Path:
    return file.with_name(f"{file.stem}.answers{file.suffix}")
