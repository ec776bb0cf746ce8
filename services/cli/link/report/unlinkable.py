"""Records that say too little to be linked to anything, even to themselves (Splink calls them unlinkable)."""

from collections import Counter

import numpy as np

from services.cli.link.report.charts import AGAINST, PROBABILITY, Line, count_bars, line_chart, odds_bits, rising
from services.cli.link.report.page import Section, note
from services.cli.link.report.pairs import score
from services.cli.link.report.texts import Text, both, field
from services.dedup.batch.coded import Floats, Ints
from services.dedup.batch.link import Linked
from services.dedup.batch.records import Records

SAMPLE = 5_000
_POINTS = 60
_NOTE = Text(
    "كل سجل مقارن بنفسه: أقوى دليل يمكن أن يوجد له. ما لا يبلغ الحد حتى بذلك لا يمكن أن يربط بشيء، لقلة ما كتب فيه. "
    "نظر في {} من {} سجل، ولا يبلغ الحد منها {} ({}).",
    "Each record compared with itself, which is the best evidence there could be for it. What does not reach the "
    "threshold even so can be linked to nothing: too little was typed. Of {} out of {} records "
    "looked at, {} ({}) do not.",
)
_MISSING = Text("ما ينقص السجلات التي لا تبلغ الحد", "What the records that do not reach it lack")


def section(records: Records, linked: Linked) -> Section:
    """On a random sample, always the same one for as many records; all of them where they are few."""
    size = len(records)
    some = np.sort(np.random.default_rng(1).choice(size, min(size, SAMPLE), replace=False))
    best, lacks = _best(records, linked, some)
    short = best < odds_bits(min(max(linked.threshold, 1e-9), 1 - 1e-9))
    said = note(_NOTE, f"{len(some):,}", f"{size:,}", f"{int(short.sum()):,}", f"{short.mean() if size else 0:.2%}")
    missing = Counter(name for place in np.flatnonzero(short).tolist() for name in lacks[place])
    table = f"<h3>{both(_MISSING)}</h3>" + count_bars((field(name), (n,)) for name, n in missing.most_common())
    title = Text("سجلات لا يمكن ربطها", "Records that cannot be linked")
    return title, said + _chart(best, linked.threshold) + (table if missing else "")


def _best(records: Records, linked: Linked, some: Ints) -> tuple[Floats, list[list[str]]]:
    """Log2 odds of each record against itself, and the fields of which it says nothing."""
    bits, lacks = [], []
    for place in some.tolist():
        found = score(records, linked, place, place)
        bits.append(found.bits + linked.model.prior_bits)
        said = {evidence.field for evidence in found.evidence}
        lacks.append([name for name in ("given", "family", "birth", "id", "phone", "place") if name not in said])
    return np.array(bits, dtype=np.float64), lacks


def _chart(best: Floats, threshold: float) -> str:
    grid = np.linspace(PROBABILITY.low, PROBABILITY.high, _POINTS)
    shares = np.searchsorted(np.sort(best), grid, side="left") / max(1, len(best))
    points = [(bits, share, "") for bits, share in zip(grid.tolist(), shares.tolist(), strict=True)]
    return line_chart(
        Text("نصيب السجلات التي لا يمكن ربطها حسب الحد", "Share of records that cannot be linked, by threshold"),
        [Line(Text("سجلات", "records"), AGAINST, points)],
        (PROBABILITY, Text("الحد (احتمال)", "threshold (probability)")),
        (rising(float(shares.max(initial=0.0)) or 0.01, percent=True), Text("نصيب السجلات", "share of records")),
        odds_bits(threshold) if 0 < threshold < 1 else None,
    )
