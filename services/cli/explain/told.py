"""Explanations as text for a terminal, and as plain data."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.explain.run import Step, Told
from services.dedup.engine.explain import Step as Field
from services.dedup.engine.explain import Waterfall

_ISOLATE, _END = "\u2068", "\u2069"  # keep Arabic cells from turning their neighbours about
_WIDTH = 150
_BAR, _BITS_A_MARK = 14, 2.0
_MOST_REASONS = 3


def as_data(found: Waterfall) -> dict[str, Any]:
    return {
        "outcome": found.verdict.outcome, "rule": found.verdict.rule, "probability": found.probability,
        "prior_bits": found.prior, "family_tie_bits": found.tie, "total_bits": found.total,
        "reason_ar": found.reason.ar, "reason_en": found.reason.en, "fields": [*map(_field, found.steps)],
    }  # fmt: skip


def _field(step: Field) -> dict[str, Any]:
    said = step.evidence
    return {
        "field": step.field, "level": step.level, "left": step.left, "right": step.right,
        "bits": said.bits if said else 0.0, "m": said.m if said else None, "u": said.u if said else None,
        "frequency": said.frequency if said else None,
    }  # fmt: skip


def show_pair(a: str, b: str, found: Waterfall, version: str, console: Console) -> None:
    table = Table("field", "level", _isolated(a), _isolated(b), box=None, pad_edge=False)
    for heading in ("m", "u", "share", "bits"):
        table.add_column(heading, justify="right")
    table.add_column("")
    table.add_row("prior", "", "", "", "", "", "", f"{found.prior:+.1f}", _bar(found.prior))
    for step in found.steps:
        table.add_row(*_cells(step))
    table.add_row("family tie", "once", "", "", "", "", "", f"{found.tie:+.1f}", _bar(found.tie))
    table.add_row("total", "", "", "", "", "", "", f"{found.total:+.1f}", _bar(found.total))
    _wide(console).print(table)
    verdict = f"probability {found.probability:.4f}: {found.verdict.outcome} (rule: {found.verdict.rule})"
    _lines(console, ("", verdict, found.reason.en, found.reason.ar, f"model {version}"))


def _cells(step: Field) -> Iterable[Text | str]:
    sides = _plain(step.left), _plain(step.right)
    said = step.evidence
    if said is None:
        level = "missing" if step.level == "missing" else f"{step.level}: a default, shared by too many"
        return step.field, level, *sides, "", "", "", "0.0", ""
    share = f"{said.frequency:.2g}" if said.frequency is not None else ""
    return (step.field, step.level, *sides, f"{said.m:.2g}", f"{said.u:.2g}", share, f"{said.bits:+.1f}",
            _bar(said.bits))  # fmt: skip


def show_cluster(found: Told, console: Console) -> None:
    size = len(found.records)
    _lines(console, (f"cluster {found.cluster}: {size:,} records; links from probability {found.threshold:g} on",))
    for number, join in enumerate(found.joins, start=1):
        mark = "  <- the weakest link" if join.weakest else ""
        sizes = " + ".join(map(str, join.sizes or ()))
        _lines(console, (f"{number:3}. {_link(join)}  joins {sizes}{mark}",))
    if found.confirming:
        _lines(console, (f"     {found.confirming:,} more links within it agree",))
    if not found.joins:
        _lines(console, ("     nothing was linked to this record",))
    for refused in found.left_out:
        whole = refused.on_the_whole
        why = "the groups speak against each other" if whole else "records contradict"
        _lines(console, (f"left out, as {why}: {_link(refused.link)}",))
        if whole:
            _lines(console, (f"     {whole['reason_en']}", f"     {whole['reason_ar']}"))
        for reason in refused.because[:_MOST_REASONS]:
            pair = f"     {reason['left']} and {reason['right']}: "
            _lines(console, (pair + reason["reason_en"], pair + reason["reason_ar"]))


def _link(step: Step) -> str:
    said = ", ".join(f"{field} {bits:+.1f}" for field, bits in step.said.items())
    return f"{step.left} – {step.right}  {step.probability:.4f}  {step.bits:+.1f} bits ({said})"


def _plain(text: str) -> Text:
    """A cell in which no markup is looked for."""
    return Text(_isolated(text))


def _isolated(text: str) -> str:
    return f"{_ISOLATE}{text}{_END}" if text else ""


def _bar(bits: float) -> str:
    marks = min(_BAR, round(abs(bits) / _BITS_A_MARK))
    return ("+" if bits > 0 else "-") * marks


def _wide(console: Console) -> Console:
    return console if console.is_terminal else Console(width=_WIDTH, file=console.file)


def _lines(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
