"""Single pairs explained: the evidence of each field from the prior to the total. Records by their ids alone."""

from collections.abc import Iterator, Mapping

import numpy as np

from services.cli.link.report.charts import AGAINST, FOR, QUIET, Bar, signed, signed_bars
from services.cli.link.report.found import refused
from services.cli.link.report.page import Section, note
from services.cli.link.report.texts import Text, both, field, filled, level
from services.cli.link.write import EVIDENCE
from services.dedup.batch.coded import Ints
from services.dedup.batch.link import CONTRADICTS, Linked
from services.dedup.batch.pairs import probabilities
from services.dedup.batch.records import Records
from services.dedup.batch.weigh import Scores
from services.dedup.engine.compare import compare
from services.dedup.engine.weigh import weigh

_NEAREST, _STRONGEST, _REFUSED = 4, 2, 2
_MOST_OF_A_CLUSTER = 200

_NOTE = Text(
    "يبدأ كل زوج من الترجيح المسبق، ثم يضيف كل حقل بتاته لصالح أنهما شخص واحد أو ضده، إلى المجموع ومنه الاحتمال. "
    "السجلات بأرقامها، ولا يذكر شيء من بيانات أحد.",
    "Each pair begins at the prior; each field adds its bits for one person or against, down to the total, which gives "
    "the probability. Records are named by their ids; nothing of anyone's data is quoted.",
)
_PRIOR, _TOTAL = Text("الترجيح المسبق", "prior"), Text("المجموع", "total")
_OTHERS = Text("أعمدة أخرى في الملف", "other columns of the file")
_PAIR = Text("{} و {}: احتمال {}", "{} and {}: probability {}")
_AGAINST = Text(
    "رفض الرابط لأنه يجمع السجلين {} و {} في مجموعة واحدة، واحتمال أنهما شخص واحد {}.",
    "The link was refused, as it would bring records {} and {} into one cluster: their probability is {}.",
)

_ON_THE_WHOLE = Text(
    "رفض الرابط وإن لم يتعارض سجلان بعينهما: المجموعتان في جملتهما تشهد إحداهما على الأخرى بأنهما شخصان.",
    "The link was refused though no two records contradict by themselves: on the whole, the two clusters speak against "
    "each other.",
)


class Scorer:
    """Scores any two records of the linkage as it did itself, and tells the levels of their fields."""

    def __init__(self, records: Records, linked: Linked) -> None:
        self.records, self.linked = records, linked
        self._weigher = linked.weigher

    def score(self, left: Ints, right: Ints) -> Scores:
        """Bits, prior left out, and the evidence of EVIDENCE and of other columns, if the file has such."""
        return self._weigher.score(left, right)

    def probability(self, left: int, right: int) -> float:
        return float(probabilities(self.linked.model, self.score(np.array([left]), np.array([right])).bits)[0])

    def levels(self, left: int, right: int) -> Mapping[str, str]:
        """Field -> level, for the fields that say something."""
        comparison = compare(self.records.plain(left), self.records.plain(right))
        found = weigh(self.linked.model, comparison, self.linked.frequencies)
        return {evidence.field: evidence.level for evidence in found.evidence}

    def id(self, place: int) -> str:
        """The record's id, whether the ids are a list or an Arrow array."""
        return str(self.records.ids[place])


def samples(scorer: Scorer) -> Section:
    """Pairs about the threshold, the strongest ones, and links refused as they would join records that contradict."""
    linked = scorer.linked
    probability = linked.pairs.probability
    nearest = np.argsort(np.abs(probability - linked.threshold), kind="stable")[:_NEAREST]
    strongest = np.argsort(-linked.pairs.bits, kind="stable")[:_STRONGEST]
    turned_down = np.flatnonzero(refused(linked) & (probability >= linked.threshold))
    turned_down = turned_down[np.argsort(-probability[turned_down], kind="stable")][:_REFUSED]
    groups = (
        (Text("الأقرب إلى الحد", "Nearest to the threshold"), nearest),
        (Text("الأقوى", "The strongest"), strongest),
        (Text("روابط رفضت", "Links refused"), turned_down),
    )
    parts = [note(_NOTE)]
    for title, places in groups:
        if len(places):
            parts += [f"<h3>{both(title)}</h3>", *_explained(scorer, places, places is turned_down)]
    return Text("لماذا ربطت أزواج ولم تربط أخرى", "Why pairs were linked or not"), "".join(parts)


def _explained(scorer: Scorer, places: Ints, why_refused: bool) -> Iterator[str]:
    pairs = scorer.linked.pairs
    for left, right in zip(pairs.left[places].tolist(), pairs.right[places].tolist(), strict=True):
        yield waterfall(scorer, left, right, _contradiction(scorer, left, right) if why_refused else "")


def waterfall(scorer: Scorer, left: int, right: int, more: str = "") -> str:
    """One pair, folded up; more: HTML below it."""
    summary = filled(_PAIR, scorer.id(left), scorer.id(right), shown(scorer.probability(left, right)))
    return f"<details><summary>{summary}</summary>{signed_bars(list(_steps(scorer, left, right)))}{more}</details>"


def shown(probability: float) -> str:
    """Enough digits to tell it from 0 and 1."""
    if 0.001 <= probability <= 0.999:
        return f"{probability:.3f}"
    rest = np.format_float_positional(min(probability, 1 - probability), precision=1, fractional=False)
    return rest if probability < 0.5 else f"1 − {rest}"


def _steps(scorer: Scorer, left: int, right: int) -> Iterator[Bar]:
    at = scorer.linked.model.prior_bits
    yield Bar(both(_PRIOR), 0.0, at, signed(at), QUIET)
    for label, bits in _said(scorer, left, right):
        yield Bar(label, at, at + bits, signed(bits), FOR if bits > 0 else AGAINST)
        at += bits
    yield Bar(f"<b>{both(_TOTAL)}</b>", 0.0, at, signed(at), QUIET)


def _said(scorer: Scorer, left: int, right: int) -> Iterator[tuple[str, float]]:
    """What each field says, and together the columns of the file that are none of ours."""
    evidence = scorer.score(np.array([left]), np.array([right])).evidence[0]
    levels = scorer.levels(left, right)
    for name, bits in zip(EVIDENCE, evidence.tolist(), strict=False):
        if name in levels:
            yield f"{field(name)}: {level(levels[name])}", bits
    if len(evidence) > len(EVIDENCE):
        yield both(_OTHERS), float(evidence[len(EVIDENCE) :].sum())


def _contradiction(scorer: Scorer, left: int, right: int) -> str:
    """The least likely pair between the two clusters if it contradicts; of large ones, between their first records."""
    clusters = scorer.linked.clusters
    ours, theirs = (np.flatnonzero(clusters == clusters[place])[:_MOST_OF_A_CLUSTER] for place in (left, right))
    a, b = np.repeat(ours, len(theirs)), np.tile(theirs, len(ours))
    least = int(np.argmin(scorer.score(a, b).bits))
    one, other = int(a[least]), int(b[least])
    if scorer.probability(one, other) >= CONTRADICTS:
        return f"<p>{both(_ON_THE_WHOLE)}</p>"
    said = filled(_AGAINST, scorer.id(one), scorer.id(other), shown(scorer.probability(one, other)))
    return f"<p>{said}</p>"
