"""`sijill link`: files in, clusters, pairs, model and report out. Nothing of anyone's data is printed."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console

from services.cli.link.judge import linked_well
from services.cli.link.labels import TruthUnusable
from services.cli.link.report import Report, html
from services.cli.link.verdict import lines
from services.cli.link.write import write_clusters, write_pairs
from services.dedup.batch.fields import FIELDS, layout
from services.dedup.batch.link import Linked
from services.dedup.batch.link import link as link_records
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.read import FileUnreadable, Sheet, read_sheet, stack
from services.dedup.batch.records import Records
from services.dedup.model import Model, load_model

_NO_EVIDENCE = {"record_id", "charity_id", "source_ref"}


class Unusable(ValueError):
    """The files or the options do not allow a linkage; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Job:
    inputs: tuple[Path, ...]
    out: Path
    model: Path | None
    threshold: float | None
    truth: Path | None
    map: Path | None
    links_only: bool


def link(job: Job, console: Console) -> int:
    """The exit status: 0, or 1 when it could not be done."""
    try:
        _link(job, console)
    except (FileUnreadable, Unusable, TruthUnusable) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    return 0


def _link(job: Job, console: Console) -> None:
    started = time.perf_counter()

    def tell(what: str, done: float) -> None:
        console.print(f"{time.perf_counter() - started:7.1f} s  {what} {done:.0%}" if done else
                      f"{time.perf_counter() - started:7.1f} s  {what}", highlight=False)  # fmt: skip

    model = _model(job.model)
    tell("read", 0.0)
    sheets = [read_sheet(path) for path in job.inputs]
    layouts = _layouts(sheets, job.map, console)
    columns, source = stack(sheets, layouts)
    tell("normalise", 0.0)
    records = normalise_columns(columns, source)
    _check(records, job)
    try:
        linked = link_records(records, model, job.threshold, job.links_only, datetime.now(UTC).date(), tell)
    except ValueError as error:
        raise Unusable(f"nothing could be learned: {error}; give a model (--model)") from None
    tell("write", 0.0)
    _write(job, records, linked, console)
    tell("done", 0.0)


def _model(path: Path | None) -> Model | None:
    try:
        return load_model(path) if path else None
    except (OSError, ValueError, TypeError, KeyError):
        raise Unusable(f"{path}: this is no model") from None


def _layouts(sheets: list[Sheet], mapping: Path | None, console: Console) -> list[dict[str, str]]:
    """field -> heading for each file, told on the screen. Raises Unusable."""
    told = _told(mapping)
    layouts = [layout(list(sheet.columns), told) for sheet in sheets]
    for sheet, found in zip(sheets, layouts, strict=True):
        console.print(f"{sheet.name}: {sheet.rows:,} rows", markup=False, highlight=False)
        for field, heading in found.items():
            console.print(f"  {heading} → {field}", markup=False, highlight=False)
        for heading in sheet.columns:
            if heading not in found.values():
                console.print(f"  {heading} → not read (name its field with --map)", style="yellow", markup=False)
        if not set(found) - _NO_EVIDENCE:
            raise Unusable(f"{sheet.name}: no column says anything of a person; name the columns with --map")
    return layouts


def _told(mapping: Path | None) -> dict[str, str | None]:
    """heading -> field, as the mapping file says. Raises Unusable."""
    if mapping is None:
        return {}
    try:
        columns = json.loads(mapping.read_bytes())["columns"]
        unknown = {field for field in columns.values() if field is not None} - set(FIELDS)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise Unusable(f'{mapping.name}: write it as {{"columns": {{"heading": "field"}}}}') from None
    if unknown:
        raise Unusable(
            f"{mapping.name}: there is no field {', '.join(sorted(unknown))}; fields are {', '.join(FIELDS)}"
        )
    return dict(columns)


def _check(records: Records, job: Job) -> None:
    if len(set(records.ids)) < len(records):
        raise Unusable("two records have one record_id; every record needs its own, over all files")
    if job.links_only and len(job.inputs) < 2:
        raise Unusable("--links-only links between files: give two at least")


def _write(job: Job, records: Records, linked: Linked, console: Console) -> None:
    job.out.mkdir(parents=True, exist_ok=True)
    write_clusters(job.out / "clusters.csv", records, linked)
    write_pairs(job.out / "pairs.parquet", records, linked)
    (job.out / "model.json").write_bytes(linked.model.dump())
    judged = linked_well(job.truth, records.ids, linked.clusters) if job.truth else None
    page = html(Report(records, linked, judged, datetime.now(UTC)))
    (job.out / "report.html").write_text(page, encoding="utf-8")
    persons = len(np.unique(linked.clusters))
    console.print(f"{len(records):,} records, {persons:,} persons; {job.out}", highlight=False, soft_wrap=True)
    for line in lines(judged.quality) if judged else ():
        console.print(line, highlight=False)
