"""The report of a linkage: one HTML page that needs nothing but itself, and quotes no one's data."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import numpy as np

from services.cli.link.write import EVIDENCE
from services.dedup.batch.coded import Ints
from services.dedup.batch.evaluate import Quality
from services.dedup.batch.link import Linked
from services.dedup.batch.records import Records

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:start;border-bottom:1px solid #ddd}
td.n{text-align:end;font-variant-numeric:tabular-nums}svg text{font:12px system-ui,sans-serif}h2{margin-top:2rem}"""
_FOR, _AGAINST = "#1a7f5a", "#b3452c"
_SAMPLES = 6
_ROW = 18


@dataclass(frozen=True)
class Report:
    """judged: against the truth, if that was given."""

    records: Records
    linked: Linked
    judged: Quality | None


def html(report: Report) -> str:
    sections = [
        ("What was found", _table(_counts(report))),
        ("Against the truth", _table(_truth(report.judged)) if report.judged else ""),
        ("Weights: bits of each level, one person against strangers", _weights(report)),
        ("Why pairs were linked or not", "".join(_waterfalls(report))),
        ("Pairs by probability", _bars(_by_probability(report))),
        ("Records a person has", _bars(_sizes(report.linked.clusters))),
    ]
    body = "".join(f"<h2>{escape(title)}</h2>{content}" for title, content in sections if content)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Linkage</title>'
        f"<style>{_STYLE}</style><h1>Linkage</h1>{body}</html>"
    )


def _counts(report: Report) -> list[tuple[str, str]]:
    linked, records = report.linked, report.records
    alone = (records.main < 0) & (records.id < 0)
    return [
        ("records", f"{len(records):,}"),
        ("persons", f"{len(np.unique(linked.clusters)):,}"),
        ("pairs compared", f"{linked.candidates:,}"),
        ("pairs linked", f"{int((linked.pairs.probability >= linked.threshold).sum()):,}"),
        ("threshold (probability)", f"{linked.threshold:g}"),
        ("expected share of wrong links among the automatic ones", f"{linked.model.upper_error:.2%}"),
        ("records with neither a name nor an ID: nothing to link by", f"{int(alone.sum()):,}"),
        ("blocks too large, met under a further fact", f"{linked.blocked.refined:,}"),
        ("of these blocks still too large, left out", f"{linked.blocked.left_out:,}"),
        ("model", f"{linked.model.version}: {linked.model.data}"),
    ]


def _truth(judged: Quality) -> list[tuple[str, str]]:
    return [
        (f"{name}: {measure}", f"{value:.4f}")
        for name, agreed in (("pairs", judged.pairs), ("records (B-cubed)", judged.records))
        for measure, value in (("precision", agreed.precision), ("recall", agreed.recall), ("F1", agreed.f1))
    ]


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f'<tr><td>{escape(name)}</td><td class="n">{escape(value)}</td></tr>' for name, value in rows)
    return f"<table>{cells}</table>"


def _weights(report: Report) -> str:
    logs = report.linked.model.logs
    return _signed([(f"{field}: {level}", found.m - found.u) for (field, level), found in sorted(logs.items())])


def _waterfalls(report: Report) -> Iterable[str]:
    """Pairs about the threshold, where evidence for and against meet; by their ids alone."""
    pairs, ids = report.linked.pairs, report.records.ids
    nearest = np.argsort(np.abs(pairs.probability - report.linked.threshold), kind="stable")[:_SAMPLES]
    for place in nearest.tolist():
        left, right = ids[int(pairs.left[place])], ids[int(pairs.right[place])]
        yield f"<h3>{escape(left)} · {escape(right)}: probability {pairs.probability[place]:.3f}</h3>"
        steps = [("prior", report.linked.model.prior_bits)]
        steps += [(name, float(bits)) for name, bits in zip(EVIDENCE, pairs.evidence[place], strict=True) if bits]
        yield _signed(steps)


def _by_probability(report: Report) -> list[tuple[str, int]]:
    edges = np.array([0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.85, 0.9, 0.95, 0.99, 1.0001])
    counts, _ = np.histogram(report.linked.pairs.probability, edges)
    return [(f"{low:g}–{min(high, 1):g}", int(n)) for low, high, n in zip(edges, edges[1:], counts, strict=False)]


def _sizes(clusters: Ints) -> list[tuple[str, int]]:
    _, sizes = np.unique(clusters, return_counts=True)
    held, times = np.unique(sizes, return_counts=True)
    return [(str(size), int(n)) for size, n in zip(held.tolist(), times.tolist(), strict=True)]


def _signed(bars: list[tuple[str, float]]) -> str:
    """Horizontal bars from a middle line: right speaks for one person, left against."""
    most = max((abs(value) for _, value in bars), default=1.0) or 1.0
    drawn = []
    for row, (name, value) in enumerate(bars):
        width, y = 200 * abs(value) / most, row * _ROW
        x, colour = (440.0, _FOR) if value > 0 else (440 - width, _AGAINST)
        drawn.append(
            f'<text x="200" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="12" fill="{colour}"/>'
            f'<text x="700" y="{y + 13}" text-anchor="end">{value:+.1f}</text>'
        )
    return f'<svg width="720" height="{len(bars) * _ROW}" role="img">{"".join(drawn)}</svg>'


def _bars(bars: list[tuple[str, int]]) -> str:
    """Horizontal bars, long by the logarithm of the count."""
    most = max((np.log1p(n) for _, n in bars), default=1.0) or 1.0
    drawn = [
        f'<text x="120" y="{row * _ROW + 13}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="130" y="{row * _ROW + 3}" width="{440 * np.log1p(n) / most:.1f}" height="12" fill="{_FOR}"/>'
        f'<text x="700" y="{row * _ROW + 13}" text-anchor="end">{n:,}</text>'
        for row, (name, n) in enumerate(bars)
    ]
    return f'<svg width="720" height="{len(bars) * _ROW}" role="img">{"".join(drawn)}</svg>'
