"""One plain sentence on a verdict, in Arabic and in English; no value of anyone's data in it."""

from typing import NamedTuple

from services.dedup.engine.judge import Verdict
from services.dedup.engine.weigh import Evidence, Score

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
_LEAST_BITS = 1.0
_MOST_FIELDS = 3


class Reason(NamedTuple):
    ar: str
    en: str


def _strongest(score: Score, sign: int) -> list[Evidence]:
    """The fields that say most for (sign 1) or against (-1), strongest first."""
    told = [e for e in score.evidence if e.field in _FIELDS and sign * e.bits >= _LEAST_BITS]
    return sorted(told, key=lambda e: -sign * e.bits)[:_MOST_FIELDS]


def _listed(evidence: list[Evidence], language: int) -> str:
    return ("، و" if language == 0 else ", ").join(_FIELDS[e.field][language] for e in evidence)


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
