"""The report of a linkage: one HTML page that needs nothing but itself.

It names records by their ids alone and quotes nothing that was typed of anyone.
"""

from dataclasses import dataclass
from datetime import datetime

from services.cli.link.judge import Judged
from services.cli.link.report import found, pairs, thresholds, truth, unlinkable, weights
from services.cli.link.report.page import page
from services.dedup.batch.link import Linked
from services.dedup.batch.records import Records


@dataclass(frozen=True)
class Report:
    """judged: against the truth, if that was given. made_at: when the linkage ended."""

    records: Records
    linked: Linked
    judged: Judged | None
    made_at: datetime


def html(report: Report) -> str:
    """The whole page."""
    records, linked, judged = report.records, report.linked, report.judged
    scorer = pairs.Scorer(records, linked)
    return page(
        [
            found.counts(records, linked),
            *(truth.against(linked, judged) if judged else ()),
            thresholds.section(linked, judged),
            pairs.samples(scorer),
            *(truth.worst(scorer, judged) if judged else ()),
            weights.section(linked.model),
            unlinkable.section(scorer),
            found.sizes(linked.clusters),
            found.blocking(linked),
        ],
        report.made_at,
    )
