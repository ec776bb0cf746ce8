"""`sijill link`: files in, clusters, pairs, model and report out. Nothing of anyone's data is printed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from rich.console import Console

from services.cli.kernels import FIRST_TIME, compiled_before
from services.cli.link.folder import FolderUnusable, written_whole
from services.cli.link.judge import linked_well
from services.cli.link.labels import TruthUnusable, labels
from services.cli.link.progress import Progress
from services.cli.link.report import Report, html
from services.cli.link.verdict import coverage, lines
from services.cli.link.write import write_clusters, write_pairs
from services.cli.records import Unusable, check_comparisons, not_learned, read_model
from services.dedup.batch.inputs import Inputs, read_inputs
from services.dedup.batch.layout import Layout
from services.dedup.batch.link import Linked, Tell
from services.dedup.batch.link import link as link_records
from services.dedup.batch.mapping import MappingUnusable
from services.dedup.batch.read import FileUnreadable, Sheet
from services.dedup.batch.records import Records
from services.dedup.engine.normalise import HOME
from services.dedup.model import Model
from services.dedup.spark.errors import SparkUnusable

INTERRUPTED = 130
RESUME = ".resume"
"""Folder within the results' where a run that is broken off leaves what it has compared; no data of anyone."""
Link = Callable[[Records, Model | None, float | None, bool, date, Tell, Path | None, Path | None], Linked]


@dataclass(frozen=True, slots=True)
class Job:
    inputs: tuple[Path, ...]
    out: Path
    model: Path | None
    threshold: float | None
    truth: Path | None
    map: Path | None
    links_only: bool
    engine: Literal["local", "spark"] = "local"
    region: str = HOME


def link(job: Job, console: Console) -> int:
    """The exit status: 0; 1 when it could not be done, INTERRUPTED when it was broken off. Then `out` is as it was."""
    try:
        with written_whole(job.out) as draft, Progress(console) as progress:
            _link(job, draft, progress)
    except (FileUnreadable, MappingUnusable, Unusable, TruthUnusable, FolderUnusable, SparkUnusable) as error:
        _complain(console, str(error))
    except MemoryError:
        _complain(console, "there is not enough memory for so many records; link fewer files at once")
    except KeyboardInterrupt:
        _complain(console, f"interrupted; nothing was written to {job.out}; the same command goes on from there")
        return INTERRUPTED
    else:
        return 0
    return 1


def _link(job: Job, draft: Path, progress: Progress) -> None:
    """Raises the errors that `link` names, and KeyboardInterrupt."""
    if job.links_only and len(job.inputs) < 2:
        raise Unusable("--links-only links between files: give two at least")
    run, model = _engine(job.engine), read_model(job.model) if job.model else None
    if job.truth:
        labels(job.truth)  # what is wrong with it must not come out at the end of a long run
    progress("read", 0.0)
    inputs = read_inputs(job.inputs, job.map)
    _tell(inputs, progress)
    if not compiled_before():
        progress.say(FIRST_TIME, "yellow")
    progress("normalise", 0.0)
    records = inputs.records(job.region)
    if model:
        check_comparisons(model, records)
    spill = draft / "pairs"
    spill.mkdir()
    today = datetime.now(UTC).date()
    try:
        linked = run(records, model, job.threshold, job.links_only, today, progress, spill, job.out / RESUME)
    except ValueError as error:
        raise not_learned(error, records, "give a model (--model)") from None
    progress("write", 0.0)
    _write(job, draft, records, linked, progress)
    progress("done", 0.0)


def _engine(name: str) -> Link:
    """What links; Spark is looked for only when it is asked for."""
    if name == "local":
        return link_records
    try:
        from services.dedup.spark.link import link as link_on_spark
    except ModuleNotFoundError as error:
        raise Unusable(f"--engine spark needs {error.name}: pip install 'sijill[spark]'") from None
    return link_on_spark


def _tell(inputs: Inputs, progress: Progress) -> None:
    """Which column is read as what, and what was found of the files."""
    for sheet, layout in zip(inputs.sheets, inputs.layouts, strict=True):
        _tell_columns(sheet, layout, {spec.name: spec.kind for spec in inputs.specs}, progress)
    for note in inputs.notes:
        progress.say(note, "yellow")


def _tell_columns(sheet: Sheet, layout: Layout, kinds: dict[str, str], progress: Progress) -> None:
    progress.say(f"{sheet.name}: {sheet.rows:,} rows")
    for field, headings in layout.fields.items():
        for heading in headings:
            progress.say(f"  {heading} → {field}")
    for name, heading in layout.compared.items():
        progress.say(f"  {heading} → {name}: compared as {kinds[name]}")
    for heading in layout.unread:
        progress.say(f"  {heading} → not read (name its field with --map)", "yellow")


def _write(job: Job, draft: Path, records: Records, linked: Linked, progress: Progress) -> None:
    """Raises FileUnreadable, TruthUnusable."""
    write_clusters(draft / "clusters.csv", records, linked)
    write_pairs(draft / "pairs.parquet", records, linked)
    (draft / "model.json").write_bytes(linked.model.dump())
    ids = pa.array(records.ids, pa.string())
    judged = linked_well(job.truth, ids, linked.clusters) if job.truth else None
    page = html(Report(records, linked, judged, datetime.now(UTC)))
    (draft / "report.html").write_text(page, encoding="utf-8")
    persons = len(np.unique(linked.clusters))
    progress.say(f"{len(records):,} records, {persons:,} persons; {job.out}")
    if judged:
        progress.say(coverage(judged.known, len(records)))
        for line in lines(judged.quality):
            progress.say(line)


def _complain(console: Console, words: str) -> None:
    console.print(words, style="red", markup=False, highlight=False, soft_wrap=True)
