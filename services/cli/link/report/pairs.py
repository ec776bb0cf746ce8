"""Single pairs explained: the evidence of each field from the prior to the total. Records by their ids alone."""

from collections.abc import Iterable, Iterator

import numpy as np

from services.cli.link.report.charts import AGAINST, FOR, QUIET, Bar, signed, signed_bars
from services.cli.link.report.found import refused
from services.cli.link.report.page import Section, note
from services.cli.link.report.texts import Text, both, field, filled, level
from services.dedup.batch.coded import Ints
from services.dedup.batch.link import Linked
from services.dedup.batch.records import Records
from services.dedup.engine.compare import compare
from services.dedup.engine.weigh import Score, weigh

_NEAREST, _STRONGEST, _REFUSED = 4, 2, 2
_MOST_OF_A_CLUSTER = 8

_NOTE = Text(
    "يبدأ كل زوج من الترجيح المسبق، ثم يضيف كل حقل بتاته لصالح أنهما شخص واحد أو ضده، إلى المجموع ومنه الاحتمال. "
    "السجلات بأرقامها، ولا يذكر شيء من بيانات أحد.",
    "Each pair begins at the prior; each field adds its bits for one person or against, down to the total, which gives "
    "the probability. Records are named by their ids; nothing of anyone's data is quoted.",
)
_PRIOR, _TOTAL = Text("الترجيح المسبق", "prior"), Text("المجموع", "total")
_PAIR = Text("{} و {}: احتمال {}", "{} and {}: probability {}")
_AGAINST = Text(
    "رفض الرابط لأنه يجمع السجلين {} و {} في مجموعة واحدة، واحتمال أنهما شخص واحد {}.",
    "The link was refused, as it would bring records {} and {} into one cluster: their probability is {}.",
)


def score(records: Records, linked: Linked, left: int, right: int) -> Score:
    """The engine's own score of two records, with the levels of the fields."""
    return weigh(linked.model, compare(records.plain(left), records.plain(right)), linked.frequencies)


def samples(records: Records, linked: Linked) -> Section:
    """Pairs about the threshold, the strongest ones, and links refused as they would join records that contradict."""
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
            parts += [f"<h3>{both(title)}</h3>", *_explained(records, linked, places, places is turned_down)]
    return Text("لماذا ربطت أزواج ولم تربط أخرى", "Why pairs were linked or not"), "".join(parts)


def _explained(records: Records, linked: Linked, places: Ints, why_refused: bool) -> Iterator[str]:
    for place in places.tolist():
        left, right = int(linked.pairs.left[place]), int(linked.pairs.right[place])
        because = _contradiction(records, linked, left, right) if why_refused else ""
        yield waterfall(records, linked, left, right, because)


def waterfall(records: Records, linked: Linked, left: int, right: int, more: str = "") -> str:
    """One pair, folded up; more: HTML below it."""
    found = score(records, linked, left, right)
    names = [id_of(records, place) for place in (left, right)]
    steps = signed_bars(list(_steps(found, linked.model.prior_bits)))
    summary = filled(_PAIR, *names, shown(found.probability))
    return f"<details><summary>{summary}</summary>{steps}{more}</details>"


def id_of(records: Records, place: int) -> str:
    """The record's id, whether the ids are a list or an Arrow array."""
    return str(records.ids[place])


def shown(probability: float) -> str:
    """Enough digits to tell it from 0 and 1."""
    if 0.001 <= probability <= 0.999:
        return f"{probability:.3f}"
    rest = np.format_float_positional(min(probability, 1 - probability), precision=1, fractional=False)
    return rest if probability < 0.5 else f"1 − {rest}"


def _steps(found: Score, prior: float) -> Iterable[Bar]:
    yield Bar(both(_PRIOR), 0.0, prior, signed(prior), QUIET)
    at = prior
    for evidence in found.evidence:
        label = f"{field(evidence.field)}: {level(evidence.level)}"
        yield Bar(label, at, at + evidence.bits, signed(evidence.bits), FOR if evidence.bits > 0 else AGAINST)
        at += evidence.bits
    yield Bar(f"<b>{both(_TOTAL)}</b>", 0.0, at, signed(at), QUIET)


def _contradiction(records: Records, linked: Linked, left: int, right: int) -> str:
    """The least likely pair between the two clusters; of large ones, between their first records."""
    ours, theirs = (
        np.flatnonzero(linked.clusters == linked.clusters[place])[:_MOST_OF_A_CLUSTER].tolist()
        for place in (left, right)
    )
    scored = [(score(records, linked, a, b).probability, a, b) for a in ours for b in theirs]
    probability, a, b = min(scored)
    return f"<p>{filled(_AGAINST, id_of(records, a), id_of(records, b), shown(probability))}</p>"
