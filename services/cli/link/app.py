"""`sijill link`, `evaluate`, `simulate` and `names` as the command line knows them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.options import Region


class NoiseLevel(StrEnum):
    USUAL = "usual"
    HEAVY = "heavy"


class Engine(StrEnum):
    LOCAL = "local"
    SPARK = "spark"


def link(
    inputs: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="CSV, Parquet or XLSX, by suffix.")],
    out: Annotated[Path, typer.Option(help="Folder for what is found; made if it is not there.")],
    model: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A model.json; by default one is learned.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Probability from which two records are linked.")
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="CSV of record_id and the true person, to judge by."),
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", exists=True, dir_okay=False, help="JSON: what headings do not say.")
    ] = None,
    links_only: Annotated[bool, typer.Option(help="Link between files only, never within one.")] = False,
    region: Region = "SA",
    engine: Annotated[
        Engine, typer.Option(help="What runs it: this process, or Apache Spark for what outgrows one machine.")
    ] = Engine.LOCAL,
) -> None:
    """Find which records of files are one person. Needs no labels and no network; learns from the files.

    Writes clusters.csv, pairs.parquet, model.json and report.html into the folder.
    """
    from services.cli.link import command

    job = command.Job(tuple(inputs), out, model, threshold, truth, map_file, links_only, engine.value, region)
    raise typer.Exit(command.link(job, Console()))


def evaluate(
    truth: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="CSV of record_id and the true person.")],
    clusters: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="CSV of record_id and cluster_id.")
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Parquet or CSV: record_id_l, record_id_r, probability."),
    ] = None,
    records: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The registrations, to tell errors by group.")
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=1.0, help="Probability from which a pair of --pairs counts as linked; by default as in link."
        ),
    ] = None,
    above: Annotated[
        list[float] | None, typer.Option(min=0.0, max=1.0, help="Tell precision from here on; may be repeated.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="File to write the verdict to, as JSON.")] = None,
) -> None:
    """Judge clusters, scored pairs or both by the truth.

    Precision, recall and F1 by pairs and by records (B-cubed); of pairs also completeness, calibration and
    precision above thresholds; with --records, errors of women and men, citizens and residents, and by script and ID.
    """
    from services.cli.link import judge

    if clusters is None and pairs is None:
        raise typer.BadParameter("give --clusters, --pairs or both")
    question = judge.Question(truth, clusters, pairs, records, threshold, above or judge.ABOVE, json)
    raise typer.Exit(judge.evaluate(question, Console()))


def simulate(
    records: Annotated[int, typer.Option(min=1, help="How many registrations.")],
    out: Annotated[Path, typer.Option(help="CSV to write; the truth goes beside it, with .truth before the suffix.")],
    noise: Annotated[NoiseLevel, typer.Option(help="How much clerks err.")] = NoiseLevel.USUAL,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file on every machine.")] = 1,
) -> None:
    """Write invented registrations whose truth is known, to try the linkage on."""
    from services.cli.link import invent

    raise typer.Exit(invent.simulate(records, out, noise.value, seed, Console()))


def names(
    a: Annotated[str | None, typer.Argument(help="A name, in Arabic or Latin letters.")] = None,
    b: Annotated[str | None, typer.Argument(help="Another.")] = None,
    pairs: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="CSV with the columns a and b, instead of A and B.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="CSV to write: the pairs with a score from 0 to 1.")] = None,
) -> None:
    """Say how likely two written names are one person's name, in either script, and why."""
    from services.cli import names as command

    if pairs is not None and out is not None and a is None:
        raise typer.Exit(command.of_pairs(pairs, out, Console()))
    if a is None or b is None or pairs is not None or out is not None:
        raise typer.BadParameter("give two names and nothing else, or --pairs with --out")
    raise typer.Exit(command.of_two(a, b, Console()))
