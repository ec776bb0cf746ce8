"""What to do with a pair: the rules of the register on top of the probability."""

from typing import Literal, NamedTuple

from services.dedup.engine.compare import Comparison
from services.dedup.engine.weigh import Score
from services.dedup.model import Model

Outcome = Literal["certain", "probable", "possible", "conflict", "apart"]
_SAME_BIRTH = frozenset({"exact", "days_off", "swapped", "part_off", "year"})
_SAME_NAME = frozenset({"exact", "script", "close", "script_close"})
_OTHER_NAME = frozenset({"differ", "other", "script_differ"})
_UNRELATED = frozenset({"unrelated", "script_unrelated"})
_OTHER_BIRTH = frozenset({"differ", "year_off", "same_year"})


class Verdict(NamedTuple):
    """outcome: `certain` and `probable` link at once, `possible` and `conflict` go to a person.

    rule: `national_id`, `shared_id`, `probability`, or `held_back` where the probability was
    high enough but the given name or the gender forbids to link without a person.
    """

    outcome: Outcome
    rule: str


def _levels(score: Score) -> dict[str, str]:
    return {evidence.field: evidence.level for evidence in score.evidence}


def _by_id(levels: dict[str, str]) -> Verdict | None:
    """The verdict of one valid ID on both sides: never on the ID alone, and never overlooked."""
    given, birth = levels.get("given"), levels.get("birth")
    if given in _OTHER_NAME or birth in _OTHER_BIRTH or levels.get("gender") == "differ":
        return Verdict("conflict", "shared_id")
    others = sum(levels.get(field) in _OTHER_NAME for field in ("father", "forebear", "family"))
    if given in _SAME_NAME and birth in _SAME_BIRTH and others < 2 and levels.get("family") not in _UNRELATED:
        return Verdict("certain", "national_id")
    return None


def plainly_apart(model: Model, comparison: Comparison, probability: float) -> bool:
    """Whether `judge` leaves the pair apart whatever its evidence: it is improbable, and no ID is shared."""
    return probability < model.lower and comparison.level("id") != "exact"


def judge(model: Model, comparison: Comparison, score: Score) -> Verdict:
    """The verdict on a pair. An ID that so many share that it weighs nothing is no ID here."""
    levels = _levels(score)
    if levels.get("id") == "exact" and (verdict := _by_id(levels)):
        return verdict
    if score.probability < model.lower:
        return Verdict("apart", "probability")
    if score.probability < model.upper:
        return Verdict("possible", "probability")
    named = levels.get("given") in _SAME_NAME or comparison.level("given") == "swapped"
    if not named or levels.get("gender") == "differ":
        return Verdict("possible", "held_back")
    return Verdict("probable", "probability")
