"""How well records were linked: as a value, as JSON, and as tables on the screen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from services.dedup.batch.calibration import Bin, Cut, calibration_error
from services.dedup.batch.evaluate import Agreed, GroupErrors, Quality


@dataclass(frozen=True)
class PairsJudged:
    """The pairs of a file against the truth.

    completeness: the share of true pairs that are among the pairs at all, at whatever probability.
    unknown: pairs left out, as the truth does not know their records. brier: None without a pair. found, true: pairs
    linked, and true ones.
    """

    threshold: float
    pairs: int
    unknown: int
    completeness: float | None
    linked: Agreed
    found: int
    true: int
    curve: Sequence[Bin]
    brier: float | None
    cuts: Sequence[Cut]


@dataclass(frozen=True)
class Verdict:
    """of: what `quality` and `groups` judge, in words. groups: name -> errors, with all records as `average`.

    records: those that the truth knows. linked: all that have a cluster; None where no clusters were given.
    """

    records: int
    linked: int | None
    of: str
    quality: Quality
    pairs: PairsJudged | None
    average: GroupErrors
    groups: Mapping[str, GroupErrors]


def ratio(rate: float | None, average: float | None) -> float | None:
    """How many times the average a rate is; None where either is undefined or the average is 0."""
    return rate / average if rate is not None and average else None


def coverage(known: int, records: int) -> str:
    """How many of the records the truth speaks of: of few, the figures say little of the rest."""
    return f"judged on {known:,} of {records:,} records"


def counted(agreed: Agreed, found: int, true: int) -> tuple[float | None, float | None, float | None]:
    """Precision, recall and F1 by pairs; None where there is no pair to be right or wrong about."""
    return (
        agreed.precision if found else None,
        agreed.recall if true else None,
        agreed.f1 if found or true else None,
    )


def lines(judged: Quality) -> list[str]:
    """Precision, recall and F1 by pairs and by records."""
    by_pairs = counted(judged.pairs, judged.found_pairs, judged.true_pairs)
    return [
        f"pairs:   {_told(by_pairs)}  ({judged.found_pairs:,} found, {judged.true_pairs:,} true)",
        f"records: {_told(_every(judged.records))}  (B-cubed)",
    ]


def tables(verdict: Verdict) -> Iterator[Table | str]:
    """What to print, in order."""
    of_all = verdict.records if verdict.linked is None else verdict.linked
    yield f"{coverage(verdict.records, of_all)}: {verdict.of}"
    yield from lines(verdict.quality)
    if verdict.pairs:
        yield from _of_pairs(verdict.pairs)
    if verdict.groups:
        yield _of_groups(verdict)
        yield "a rate or ratio that is – has nothing to be counted on, or an average of 0"


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The whole verdict; rates and ratios that are undefined are null."""
    quality = verdict.quality
    by_pairs = counted(quality.pairs, quality.found_pairs, quality.true_pairs)
    pairwise = {**_agreed(by_pairs), "found": quality.found_pairs, "true": quality.true_pairs}
    return {
        "records": verdict.records,
        "linked_records": verdict.linked,
        "judged": verdict.of,
        "pairwise": pairwise,
        "b_cubed": _agreed(_every(quality.records)),
        "pairs": _pairs(verdict.pairs) if verdict.pairs else None,
        "subgroups": {name: _group(errors, verdict.average) for name, errors in verdict.groups.items()},
        "average": _group(verdict.average, verdict.average),
    }


def _of_pairs(judged: PairsJudged) -> Iterator[Table | str]:
    left_out = f"; {judged.unknown:,} more are of records that the truth does not know" if judged.unknown else ""
    yield f"pairs of the file: {judged.pairs:,}{left_out}"
    yield f"pairs completeness {_number(judged.completeness)}: the share of true pairs that are in the file"
    yield f"linked from {judged.threshold:g} on: {_told(counted(judged.linked, judged.found, judged.true))}"
    error = calibration_error(judged.curve)
    yield f"calibration: expected error {_number(error)}, Brier score {_number(judged.brier)}"
    yield _filled(
        "Reliability", ("probability", "pairs", "mean said", "share true"),
        ((f"{b.low:g}–{b.high:g}", f"{b.pairs:,}", f"{b.said:.4f}", f"{b.seen:.4f}") for b in judged.curve),
    )  # fmt: skip
    yield _filled(
        "Pairs above a threshold", ("from", "pairs", "precision", "95 % interval", "recall"),
        ((f"{c.threshold:g}", f"{c.pairs:,}", _number(c.precision), f"{c.low:.4f}–{c.high:.4f}", _number(c.recall))
         for c in judged.cuts),
    )  # fmt: skip


def _of_groups(verdict: Verdict) -> Table:
    average = verdict.average
    rows = []
    for name, errors in {"all": average, **verdict.groups}.items():
        wrong, missed = errors.false_link_rate, errors.missed_rate
        times = ratio(wrong, average.false_link_rate), ratio(missed, average.missed_rate)
        rows.append((
            name, f"{errors.records:,}", f"{errors.linked:,}", _number(wrong), _times(times[0]),
            f"{errors.true:,}", _number(missed), _times(times[1]),
        ))  # fmt: skip
    headings = ("group", "records", "linked", "wrong", "×", "true", "missed", "×")
    return _filled(
        "Errors by group: ends of links and of true pairs, shares of them, times the average", headings, rows
    )


def _filled(title: str, headings: Sequence[str], rows: Any) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


_Rates = tuple[float | None, float | None, float | None]
"""Precision, recall, F1."""


def _every(agreed: Agreed) -> _Rates:
    return agreed.precision, agreed.recall, agreed.f1


def _told(rates: _Rates) -> str:
    return "  ".join(f"{name} {_number(rate)}" for name, rate in zip(("precision", "recall", "F1"), rates, strict=True))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _times(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _agreed(rates: _Rates) -> dict[str, float | None]:
    return dict(zip(("precision", "recall", "f1"), rates, strict=True))


def _pairs(judged: PairsJudged) -> dict[str, Any]:
    return {
        "count": judged.pairs,
        "of_unknown_records": judged.unknown,
        "completeness": judged.completeness,
        "threshold": judged.threshold,
        "linked": _agreed(counted(judged.linked, judged.found, judged.true)),
        "calibration_error": calibration_error(judged.curve),
        "brier": judged.brier,
        "reliability": [each._asdict() for each in judged.curve],
        "above": [
            {"threshold": cut.threshold, "pairs": cut.pairs, "right": cut.right, "precision": cut.precision,
             "precision_low": cut.low, "precision_high": cut.high, "recall": cut.recall}
            for cut in judged.cuts
        ],
    }  # fmt: skip


def _group(errors: GroupErrors, average: GroupErrors) -> dict[str, Any]:
    wrong, missed = errors.false_link_rate, errors.missed_rate
    return {
        **errors._asdict(),
        "false_link_rate": wrong, "false_link_ratio": ratio(wrong, average.false_link_rate),
        "missed_rate": missed, "missed_ratio": ratio(missed, average.missed_rate),
    }  # fmt: skip
