"""`sijill explain` as the command line knows it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.options import Region


def explain(
    a: Annotated[str | None, typer.Argument(help="A record's id.")] = None,
    b: Annotated[str | None, typer.Argument(help="Another's.")] = None,
    records: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="The file that holds them; may be repeated.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A model.json; by default the one that ships.")
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", exists=True, dir_okay=False, help="JSON: what headings do not say.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Instead of two records: a cluster_id, for how it was built.")] = (
        None
    ),
    out: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="With --cluster: the folder of `sijill link`.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="With --cluster: the threshold that the run was given.")
    ] = None,
    region: Region = "SA",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say why two records are one person or not, in bits; or how a cluster was built, and its weakest link.

    Prints what the two records hold: it is for whoever may see the file.
    """
    from services.cli.explain import command

    if cluster is not None and out is not None and a is None:
        asked = command.Cluster(cluster, out, tuple(records or ()), map_file, threshold, region)
        raise typer.Exit(command.how(asked, json, Console()))
    if a is None or b is None or not records or cluster is not None:
        raise typer.BadParameter("give two record ids with --records, or --cluster with --out")
    pair = command.Pair(a, b, tuple(records), model, map_file, region)
    raise typer.Exit(command.why(pair, json, Console()))
