"""Findings as CSV (RFC 4180): a heading, then a line a finding, CRLF after each, text always in quotes.

Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV Injection); numbers are ours
and stay numbers. Evidence is one cell: `tie | rule: field level bits, …`, a semicolon between comparisons.
"""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from services.registry.decisions.views import EvidenceView, FindingView, SideView

BOM = "\ufeff"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SIDE = (
    "request", "charity_id", "charity_name_ar", "charity_name_en", "aid_type", "zone", "start", "end", "start_hijri",
    "end_hijri", "amount", "currency", "status", "version",
)  # fmt: skip
HEADINGS = (
    "finding", "state", "certainty", "probability", "rule", "unit", "common_from", "common_to",
    *(f"later_{name}" for name in _SIDE), *(f"earlier_{name}" for name in _SIDE),
    "tie", "evidence", "model_version", "policy_version", "effect", "found_at", "closed_at", "closed_because",
)  # fmt: skip
Cell = object


def lines(rows: Iterable[Iterable[Cell]]) -> str:
    """The rows as CSV text."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([cell_text(cell) for cell in row] for row in rows)
    return text.getvalue()


def cell_text(cell: Cell) -> str | float | Decimal:
    """A number as it is; all else as text that no spreadsheet runs."""
    if isinstance(cell, (int, float, Decimal)):
        return cell
    text = "" if cell is None else _plain(cell)
    return f"'{text}" if text.startswith(_RUNS) else text


def _plain(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, (date, datetime)) else str(cell)


def row(finding: FindingView) -> tuple[Cell, ...]:
    """The cells of one finding, in the order of HEADINGS."""
    return (
        finding.id, finding.state, finding.certainty, finding.probability, finding.rule, finding.unit,
        finding.common_from, finding.common_to, *_side(finding.later), *_side(finding.earlier),
        finding.evidence.tie, _evidence(finding.evidence), finding.model_version, finding.policy_version,
        finding.effect, finding.found_at, finding.closed_at, finding.closed_because,
    )  # fmt: skip


def _side(side: SideView) -> tuple[Cell, ...]:
    period = side.period
    return (
        side.request, side.charity.id, side.charity.name_ar, side.charity.name_en, side.aid_type, side.zone,
        period.start, period.end, period.start_hijri, period.end_hijri, side.amount, side.currency, side.status,
        side.version,
    )  # fmt: skip


def _evidence(evidence: EvidenceView) -> str:
    return "; ".join(
        f"{each.rule}: " + ", ".join(f"{e.field} {e.level} {e.bits:+.2f}" for e in each.fields)
        for each in evidence.support
    )
