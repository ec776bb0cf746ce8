"""Why two records are held to be one person, or why not: in one sentence, and field by field in bits.

The sentences name fields and quote no value of anyone's data; the waterfall quotes both sides.
"""

from datetime import date
from typing import NamedTuple

from services.dedup.engine.compare import Comparison, Finding, compare
from services.dedup.engine.frequencies import Frequencies
from services.dedup.engine.judge import Verdict, judge
from services.dedup.engine.record import Record
from services.dedup.engine.weigh import Evidence, Score, weigh
from services.dedup.model import Model

_FIELDS = {
    "given": ("الاسم الأول", "given name"),
    "father": ("اسم الأب", "father's name"),
    "forebear": ("اسم الجد", "grandfather's name"),
    "family": ("اسم العائلة", "family name"),
    "birth": ("تاريخ الميلاد", "birth date"),
    "id": ("رقم الهوية", "ID number"),
    "phone": ("رقم الجوال", "phone"),
    "place": ("مكان السكن", "place of living"),
    "gender": ("الجنس", "gender"),
    "role": ("الصفة في الأسرة", "role in the household"),
    "household": ("الأسرة", "household"),
}
_OUTCOMES = {
    "certain": ("هما شخص واحد", "One person"),
    "probable": ("يرجح أنهما شخص واحد", "Very likely one person"),
    "possible": ("قد يكونان شخصا واحدا، ويلزم نظر مراجع", "Possibly one person, for a reviewer to decide"),
    "conflict": (
        "رقم هوية واحد لبيانات مختلفة، ويلزم نظر مراجع",
        "One ID number on different particulars, for a reviewer to decide",
    ),
    "apart": ("شخصان مختلفان", "Two persons"),
}
_DECISIVE = ("given", "family", "birth", "id", "phone")
_DIFFERING = frozenset({"differ", "other", "script_differ", "year_off", "same_year", "unrelated", "script_unrelated"})
_AGREEING = frozenset({"exact", "same", "script"})
_LEAST_BITS = 1.0
_MOST_FIELDS = 3


class Reason(NamedTuple):
    ar: str
    en: str


class Step(NamedTuple):
    """One field of a pair: what either side holds of it in its normalised form, and what that says.

    evidence: None where the field says nothing; level then tells why: `missing` on one side at least, or else a
    value that so many share that it is a default.
    """

    field: str
    level: str
    left: str
    right: str
    evidence: Evidence | None


class Waterfall(NamedTuple):
    """From the prior to the total, in bits.

    prior: log2 odds that two random records are of one person. tie: how unlikely it is for two persons to be of one
    family at all, counted once. prior, tie and the bits of the steps add up to total, the log2 odds of probability.
    """

    prior: float
    steps: tuple[Step, ...]
    tie: float
    total: float
    probability: float
    verdict: Verdict
    reason: Reason


def waterfall(model: Model, a: Record, b: Record, frequencies: Frequencies) -> Waterfall:
    """The pair explained. A few times the cost of its score: for pairs that somebody asks about."""
    comparison = compare(a, b)
    score = weigh(model, comparison, frequencies)
    verdict = judge(model, comparison, score)
    tie = score.of("family_tie")
    return Waterfall(
        model.prior_bits, tuple(_step(finding, score, a, b) for finding in comparison.findings),
        tie.bits if tie else 0.0, model.prior_bits + score.bits, score.probability, verdict,
        why_not(comparison, score) if verdict.outcome == "apart" else explain(score, verdict),
    )  # fmt: skip


def explain(score: Score, verdict: Verdict) -> Reason:
    """Why `verdict`: the strongest evidence for and against, named but not quoted."""
    agree, differ = _strongest(score, 1), _strongest(score, -1)
    ar, en = _OUTCOMES[verdict.outcome]
    parts_ar, parts_en = [], []
    if agree:
        parts_ar.append(f"يتفق {_listed(agree, 0)}")
        parts_en.append(f"{_listed(agree, 1)} speak for it")
    if differ:
        parts_ar.append(f"ويختلف {_listed(differ, 0)}" if agree else f"يختلف {_listed(differ, 0)}")
        parts_en.append(f"{_listed(differ, 1)} against")
    return Reason(
        f"{ar}: {' '.join(parts_ar)}." if parts_ar else f"{ar}.",
        f"{en}: {'; '.join(parts_en)}." if parts_en else f"{en}.",
    )


def why_not(comparison: Comparison, score: Score) -> Reason:
    """What keeps two records from being linked: what differs, or else what is not known that could tell."""
    differ = [evidence.field for evidence in _strongest(score, -1)]
    unknown = [field for field in _DECISIVE if comparison.level(field) == "missing"]
    if differ:
        ar, en = f"يختلف {_names(differ, 0)}", f"{_names(differ, 1)} speak against it"
    else:
        ar, en = "ما يتفق لا يكفي", "what agrees does not suffice"
    if unknown:
        ar, en = f"{ar}، ولم يكتب في السجلين معا {_names(unknown, 0)}", f"{en}; not known of both: {_names(unknown, 1)}"
    outcome = _OUTCOMES["apart"]
    return Reason(f"{outcome[0]}: {ar}.", f"{outcome[1]}: {en}.")


def _strongest(score: Score, sign: int) -> list[Evidence]:
    """The fields that say most for (sign 1) or against (-1), strongest first.

    Of two in one household different phones may speak for one person: true in bits, but no reason to a reader.
    """
    odd = _DIFFERING if sign > 0 else _AGREEING
    told = [e for e in score.evidence if e.field in _FIELDS and sign * e.bits >= _LEAST_BITS and e.level not in odd]
    return sorted(told, key=lambda e: -sign * e.bits)[:_MOST_FIELDS]


def _listed(evidence: list[Evidence], language: int) -> str:
    return _names([e.field for e in evidence], language)


def _names(fields: list[str], language: int) -> str:
    return ("، و" if language == 0 else ", ").join(_FIELDS[field][language] for field in fields)


def _step(finding: Finding, score: Score, a: Record, b: Record) -> Step:
    evidence = score.of(finding.field)
    level = evidence.level if evidence else finding.level
    return Step(finding.field, level, _held(a, b, finding.field), _held(b, a, finding.field), evidence)


def _held(record: Record, other: Record, field: str) -> str:
    """What `record` holds of a field, as text; in the script in which it is compared with `other`."""
    if field in ("given", "father", "forebear", "family"):
        in_arabic = record.arabic and (other.arabic or not (record.latin and other.latin))
        return _unit(record.arabic if in_arabic else record.latin, field)
    held = {
        "birth": _birth(record), "id": record.id_token, "phone": ", ".join(record.phones),
        "place": " ".join((*record.zone_path[-1:], *record.address)),
        "gender": record.gender, "role": record.role, "household": record.household,
    }  # fmt: skip
    return held.get(field) or ""


def _unit(units: tuple[str, ...], field: str) -> str:
    """The given name first, the family's last; the father follows the given name, his forebears him."""
    place = {"given": units[:1], "father": units[1:-1][:1], "forebear": units[2:-1], "family": units[1:][-1:]}
    return " ".join(place[field])


def _birth(record: Record) -> str:
    birth = record.birth
    if birth is None:
        return ""
    if birth.known:
        return date.fromordinal(birth.day).isoformat()
    return str(birth.first) if birth.first == birth.last else f"{birth.first}-{birth.last}"
