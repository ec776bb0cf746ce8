"""The linkage against the truth: quality, precision and recall, calibration, and the worst errors."""

from collections.abc import Iterator, Sequence

import numpy as np

from services.cli.link.judge import Judged
from services.cli.link.report.charts import FOR, PROBABILITY, QUIET, Axis, Line, between, line_chart, odds_bits, table
from services.cli.link.report.page import Section, note
from services.cli.link.report.pairs import Scorer, waterfall
from services.cli.link.report.texts import Text, both, filled, plain
from services.cli.link.report.thresholds import SHOWN, truth_cuts
from services.cli.link.verdict import counted
from services.dedup.batch.calibration import Bin, brier, calibration_error, reliability
from services.dedup.batch.coded import Ints
from services.dedup.batch.evaluate import true_pairs
from services.dedup.batch.link import Linked

_WORST, _LOOKED_AT = 5, 200
_CURVE = 60
_KNOWN = Text("تعرف الحقيقة {} من {} سجلا، وعليها وحدها الحكم.", "Judged on {} of {} records: those of the truth.")
_EXPLAINED = Text(
    "خطأ المعايرة المتوقع: متوسط الفرق بين الاحتمال المعلن ونصيب الصحيح في عشر فئات متساوية العرض، موزونا بعددها. "
    "تمام الأزواج: نصيب الأزواج الصحيحة التي بقيت بين الأزواج المحفوظة.",
    "Expected calibration error: the mean gap between the probability said and the share that is true, in ten bins of "
    "equal width, weighted by pairs. Pairs completeness: the share of true pairs among those that were kept.",
)


def against(linked: Linked, judged: Judged) -> Iterator[Section]:
    """Quality of the clusters, the precision/recall curve of the pairs, and their calibration."""
    yield Text("بالمقارنة مع الحقيقة", "Against the truth"), "".join((
        _quality(judged), _calibration(linked, judged), _precision_recall(linked, judged),
    ))  # fmt: skip


def _quality(judged: Judged) -> str:
    quality, records = judged.quality, judged.quality.records
    rows = [
        (both(name), *(plain("–" if rate is None else f"{rate:.4f}") for rate in rates))
        for name, rates in (
            (Text("بالأزواج", "by pairs"), counted(quality.pairs, quality.found_pairs, quality.true_pairs)),
            (Text("بالسجلات (B-cubed)", "by records (B-cubed)"), (records.precision, records.recall, records.f1)),
        )
    ]  # fmt: skip
    headings = (
        Text("المجموعات", "clusters"),
        Text("الصواب", "precision"),
        Text("الاستيفاء", "recall"),
        Text("F1", "F1"),
    )
    on = filled(_KNOWN, f"{judged.known:,}", f"{len(judged.truth):,}")
    return f"<p>{on}</p>" + table(headings, rows)


def _calibration(linked: Linked, judged: Judged) -> str:
    pairs, truth = linked.pairs, judged.truth
    ours, theirs = truth[pairs.left], truth[pairs.right]
    known = (ours >= 0) & (theirs >= 0)
    probability, right = pairs.probability[known], (ours == theirs)[known]
    curve, every = reliability(probability, right), true_pairs(truth[truth >= 0])
    rows = [
        (Text("تمام الأزواج", "pairs completeness"), right.sum() / every if every else None),
        (Text("خطأ المعايرة المتوقع", "expected calibration error"), calibration_error(curve)),
        (Text("مقياس برير", "Brier score"), brier(probability, right)),
    ]
    cells = [(both(name), plain("–" if value is None else f"{value:.4f}")) for name, value in rows]
    return table((), cells) + note(_EXPLAINED) + _reliability(curve)


def _reliability(curve: Sequence[Bin]) -> str:
    unit = Axis(0.0, 1.0, [(n / 5, f"{n / 5:g}") for n in range(6)])
    points = [(b.said, b.seen, f"{b.pairs:,}: {b.said:.3f} / {b.seen:.3f}") for b in curve]
    return line_chart(
        Text("هل تصدق الاحتمالات؟", "Do the probabilities keep their word?"),
        [
            Line(Text("وعد النموذج", "as promised"), QUIET, [(0.0, 0.0, ""), (1.0, 1.0, "")], dashed=True),
            Line(Text("الواقع", "as found"), FOR, points),
        ],
        (unit, Text("متوسط الاحتمال المعلن", "mean probability said")),
        (unit, Text("نصيب الصحيح", "share that is true")),
        None,
    )


def _precision_recall(linked: Linked, judged: Judged) -> str:
    grid = 1 / (1 + np.exp2(-np.linspace(PROBABILITY.low, odds_bits(SHOWN[-1]), _CURVE)))
    thresholds = np.unique(np.concatenate([grid, SHOWN]))
    points = []
    for cut in truth_cuts(linked, judged, thresholds):
        if cut.precision is not None and cut.recall is not None and cut.right:
            label = f"{cut.threshold:g}: {cut.precision:.4f} / {cut.recall:.4f}" if cut.threshold in SHOWN else ""
            points.append((cut.recall, cut.precision, label))
    if len(points) < 2:
        return ""
    low = min(min(x for x, _, _ in points), 0.99), min(min(y for _, y, _ in points), 0.99)
    return line_chart(
        Text("الصواب والاستيفاء، حدا بعد حد", "Precision and recall, threshold by threshold"),
        [Line(Text("الأزواج", "pairs"), FOR, points)],
        (between(low[0], 1.0), Text("الاستيفاء", "recall")), (between(low[1], 1.0), Text("الصواب", "precision")), None,
    )  # fmt: skip


def worst(scorer: Scorer, judged: Judged) -> Iterator[Section]:
    """The surest wrong links, and the least likely true pairs that were missed."""
    wrong = _wrong(scorer.linked, judged.truth)
    missed = _missed(scorer, judged.truth)
    parts = []
    for title, some in (
        (Text("روابط خاطئة، أوثقها أولا", "Wrong links, the surest first"), wrong),
        (Text(f"أزواج صحيحة فاتت، أبعدها أولا (من {_LOOKED_AT} نظر فيها على الأكثر)",
              f"True pairs missed, the least likely first (of at most {_LOOKED_AT} looked at)"), missed),
    ):  # fmt: skip
        if some:
            parts.append(f"<h3>{both(title)}</h3>")
            parts.extend(waterfall(scorer, left, right) for left, right in some)
    yield Text("أسوأ الأخطاء", "The worst errors"), "".join(parts)


def _wrong(linked: Linked, truth: Ints) -> list[tuple[int, int]]:
    pairs = linked.pairs
    ours, theirs = truth[pairs.left], truth[pairs.right]
    together = linked.clusters[pairs.left] == linked.clusters[pairs.right]
    places = np.flatnonzero((ours >= 0) & (theirs >= 0) & (ours != theirs) & together)
    surest = places[np.argsort(-pairs.bits[places], kind="stable")][:_WORST]
    return list(zip(pairs.left[surest].tolist(), pairs.right[surest].tolist(), strict=True))


def _missed(scorer: Scorer, truth: Ints) -> list[tuple[int, int]]:
    """True pairs of two clusters: neighbours when records are sorted by person and cluster, so that none are listed."""
    clusters, known = scorer.linked.clusters, np.flatnonzero(truth >= 0)
    order = known[np.lexsort((clusters[known], truth[known]))]
    one, other = order[:-1], order[1:]
    apart = np.flatnonzero((truth[one] == truth[other]) & (clusters[one] != clusters[other]))
    some = np.random.default_rng(1).permutation(apart)[:_LOOKED_AT]
    one, other = one[some], other[some]
    least = np.argsort(scorer.score(one, other).bits, kind="stable")[:_WORST]
    return list(zip(one[least].tolist(), other[least].tolist(), strict=True))
