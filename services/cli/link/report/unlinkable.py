"""Records that say too little to be linked to anything, even to themselves (Splink calls them unlinkable)."""

from collections import Counter

import numpy as np

from services.cli.link.report.charts import AGAINST, PROBABILITY, Line, count_bars, line_chart, odds_bits, rising
from services.cli.link.report.page import Section, note
from services.cli.link.report.pairs import Scorer
from services.cli.link.report.texts import Text, both, field
from services.dedup.batch.coded import Floats, Ints

SAMPLE = 100_000
_POINTS = 60
_NOTE = Text(
    "كل سجل مقارن بنفسه: أقوى دليل يمكن أن يوجد له. ما لا يبلغ الحد حتى بذلك لا يمكن أن يربط بشيء، لقلة ما كتب فيه. "
    "نظر في {} من {} سجل، ولا يبلغ الحد منها {} ({}).",
    "Each record compared with itself, which is the best evidence there could be for it. What does not reach the "
    "threshold even so can be linked to nothing: too little was typed. Of {} out of {} records "
    "looked at, {} ({}) do not.",
)
_EXPLAINED = 2_000
_MISSING = Text(
    f"ما ينقص السجلات التي لا تبلغ الحد (أول {_EXPLAINED:,} منها)",
    f"What the records that do not reach it lack (the first {_EXPLAINED:,} of them)",
)


def section(scorer: Scorer) -> Section:
    """On a random sample, always the same one for as many records; all of them where they are few."""
    size, linked = len(scorer.records), scorer.linked
    some = np.sort(np.random.default_rng(1).choice(size, min(size, SAMPLE), replace=False))
    best = scorer.score(some, some).bits + linked.model.prior_bits
    short = best < odds_bits(min(max(linked.threshold, 1e-9), 1 - 1e-9))
    said = note(_NOTE, f"{len(some):,}", f"{size:,}", f"{int(short.sum()):,}", f"{short.mean() if size else 0:.2%}")
    missing = _missing(scorer, some[short][:_EXPLAINED])
    table = f"<h3>{both(_MISSING)}</h3>" + count_bars((field(name), (n,)) for name, n in missing.most_common())
    title = Text("سجلات لا يمكن ربطها", "Records that cannot be linked")
    return title, said + _chart(best, linked.threshold) + (table if missing else "")


def _missing(scorer: Scorer, places: Ints) -> Counter[str]:
    """Field -> of how many of the records it says nothing."""
    found = Counter[str]()
    for place in places.tolist():
        said = scorer.levels(place, place)
        found.update(name for name in ("given", "family", "birth", "id", "phone", "place") if name not in said)
    return found


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
