"""`sijill demo` as the command line knows it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def demo(
    households: Annotated[int, typer.Option(min=1, help="How many households to make up.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes up the same people.")] = 1,
    leave: Annotated[bool, typer.Option("--exit", help="Stop the house when the summary is out.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the summary to this file as well.")] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="By default `demo` in the data directory. Wiped first, and only if a demo made it."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Do not wipe it: what is sent again is known, and stored once.")
    ] = False,
) -> None:
    """The whole house at work: charities send what they have, the doubles are caught, and the figures are shown.

    It has a data directory of its own, which is wiped at the start, so that every run begins alike. Requests of one
    week go in together and are linked in the order in which they arrive: figures of two runs may differ by one or two.
    """
    from services.cli.demo import command
    from services.cli.onboarding.settings import AccessSettings

    place = data_dir or AccessSettings().data_dir / "demo"
    raise typer.Exit(command.demo(command.Wish(households, seed, place, json, leave, keep), Console()))
