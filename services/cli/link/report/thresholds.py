"""What another threshold would link, and how many of its links would be wrong."""

import numpy as np

from services.cli.link.judge import Judged
from services.cli.link.report.charts import (
    AGAINST,
    FOR,
    PROBABILITY,
    Axis,
    Line,
    between,
    line_chart,
    odds_bits,
    rising,
    table,
)
from services.cli.link.report.page import Section, note
from services.cli.link.report.texts import Text, plain
from services.dedup.batch.calibration import Cut, cuts
from services.dedup.batch.coded import Floats
from services.dedup.batch.evaluate import true_pairs
from services.dedup.batch.link import Linked

SHOWN = (0.05, 0.1, 0.25, 0.5, 0.75, 0.85, 0.9, 0.95, 0.99, 0.999)
_POINTS = 80
_X = (PROBABILITY, Text("الحد (احتمال)", "threshold (probability)"))
_NOTE = Text(
    "الخطأ المتوقع من احتمالات النموذج نفسه: مجموع (1 − الاحتمال) لما بلغ الحد. الخط المتقطع هو الحد المستعمل.",
    "Wrong links are expected by the model's own probabilities: the sum of 1 − probability over what reaches the "
    "threshold. The dashed line is the threshold used.",
)
_JUDGED = Text(
    "الصواب والاستيفاء هنا للأزواج كما هي، قبل تجميعها.",
    "Precision and recall here are those of the pairs as they are, before they are clustered.",
)


def section(linked: Linked, judged: Judged | None) -> Section:
    """Charts and a table over thresholds; with the truth also what is really right."""
    probability = linked.pairs.probability
    grid = 1 / (1 + np.exp2(-np.linspace(PROBABILITY.low, PROBABILITY.high, _POINTS)))
    pairs, wrong = expected(probability, grid)
    mark = odds_bits(linked.threshold) if 0 < linked.threshold < 1 else None
    bits = np.linspace(PROBABILITY.low, PROBABILITY.high, _POINTS).tolist()
    share = np.divide(wrong, pairs, out=np.zeros_like(wrong), where=pairs > 0)
    linked_line = Line(Text("أزواج", "pairs"), FOR, _points(bits, pairs))
    wrong_lines = [Line(Text("المتوقع", "expected"), AGAINST, _points(bits, share), dashed=True)]
    highest = float(share.max(initial=0.0))
    if judged:
        real = 1 - np.array(
            [cut.precision if cut.precision is not None else 1.0 for cut in truth_cuts(linked, judged, grid)]
        )
        wrong_lines.append(Line(Text("الواقع", "real"), AGAINST, _points(bits, real)))
        highest = max(highest, float(real.max(initial=0.0)))
    charts = line_chart(
        Text("ما يربطه كل حد", "What each threshold links"), [linked_line], _X,
        (_narrow(pairs), Text("أزواج مربوطة", "pairs linked")), mark,
    ) + line_chart(
        Text("نسبة الخطأ فيما يربطه", "Share of wrong links among them"), wrong_lines, _X,
        (rising(highest or 0.01, percent=True), Text("نسبة الخطأ", "share of wrong links")), mark,
    )  # fmt: skip
    return Text("لو اختير حد آخر", "If another threshold were chosen"), note(_NOTE) + charts + _table(linked, judged)


def expected(probability: Floats, thresholds: Floats) -> tuple[Floats, Floats]:
    """Pairs of at least each threshold, and how many of them their probabilities expect to be wrong."""
    rising_order = np.sort(probability)
    below = np.concatenate(([0.0], np.cumsum(1.0 - rising_order)))
    first = np.searchsorted(rising_order, thresholds, side="left")
    return (len(rising_order) - first).astype(np.float64), below[-1] - below[first]


def truth_cuts(linked: Linked, judged: Judged, thresholds: Floats) -> list[Cut]:
    """How right the pairs above each threshold are, among records that the truth knows."""
    pairs, truth = linked.pairs, judged.truth
    ours, theirs = truth[pairs.left], truth[pairs.right]
    known = (ours >= 0) & (theirs >= 0)
    every = true_pairs(truth[truth >= 0])
    return cuts(pairs.probability[known], (ours == theirs)[known], every, thresholds.tolist())


def _points(x: list[float], y: Floats) -> list[tuple[float, float, str]]:
    return [(a, b, "") for a, b in zip(x, y.tolist(), strict=True)]


def _narrow(values: Floats) -> Axis:
    low, high = float(values.min(initial=0.0)), float(values.max(initial=1.0))
    return between(low, high if high > low else low + 1)


def _table(linked: Linked, judged: Judged | None) -> str:
    thresholds = np.array(sorted({*SHOWN, linked.threshold}))
    pairs, wrong = expected(linked.pairs.probability, thresholds)
    rows = [
        [plain(f"{at:g}"), plain(f"{int(n):,}"), plain(f"{bad:,.1f}")]
        for at, n, bad in zip(thresholds.tolist(), pairs.tolist(), wrong.tolist(), strict=True)
    ]
    headings = [
        Text("الحد", "threshold"), Text("أزواج مربوطة", "pairs linked"), Text("خطأ متوقع", "expected wrong"),
    ]  # fmt: skip
    if not judged:
        return table(headings, rows)
    headings += [
        Text("خطأ واقع", "really wrong"), Text("الصواب", "precision"),
        Text("مجال 95%", "95% interval"), Text("الاستيفاء", "recall"),
    ]  # fmt: skip
    for row, cut in zip(rows, truth_cuts(linked, judged, thresholds), strict=True):
        row += [plain(f"{cut.pairs - cut.right:,}"), _four(cut.precision), plain(f"{cut.low:.4f}–{cut.high:.4f}"),
                _four(cut.recall)]  # fmt: skip
    return table(headings, rows) + note(_JUDGED)


def _four(value: float | None) -> str:
    return plain("–" if value is None else f"{value:.4f}")
