"""`sijill train` as the command line knows it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.options import Region


def train(
    inputs: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="CSV, Parquet or XLSX, by suffix.")],
    out: Annotated[Path, typer.Option(help="The model file to write.")],
    map_file: Annotated[
        Path | None, typer.Option("--map", exists=True, dir_okay=False, help="JSON: what headings do not say.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Reviewers' word: record_id_l, record_id_r, match (1 or 0)."),
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="A model to go on from, instead of learning anew from the files."
        ),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="A model whose names' shares to take, as where people are made up."
        ),
    ] = None,
    temper: Annotated[
        float, typer.Option(min=0.0, max=0.9, help="Share of the starting chances to mix in, for data of other kinds.")
    ] = 0.0,
    region: Region = "SA",
) -> None:
    """Learn a model without labels, and improve it by labels if there are any. Works without a network.

    The file serves `sijill link`, `sijill explain` and, as SIJILL_DEDUP_MODEL, the linker. It holds shares of single
    names that 20 records or more have in common, and nothing else of anyone's.
    """
    from services.cli.train import command

    job = command.Job(tuple(inputs), out, map_file, labels, base, names, temper, region)
    raise typer.Exit(command.train(job, Console()))
