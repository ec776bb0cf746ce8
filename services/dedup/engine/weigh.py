"""From levels to evidence in bits, and to the probability that two records are one person.

Fellegi & Sunter 1969 with a third class. Two records are of one person (m), of two persons of
one family (k), or of strangers (u). Brothers share father, family name, phone and address; added
up as if independent these would join them. Against the family class they say next to nothing,
whatever their number: only what members of a family do not share decides. Names weigh by their
frequency (Winkler 1989).
"""

from math import exp2, log2
from typing import NamedTuple

from services.dedup.engine.compare import Comparison, Finding
from services.dedup.engine.frequencies import NAME_KINDS, Frequencies
from services.dedup.model import Model

# Two names that each this share of people bear are two names, not a slip of the pen.
_WELL_KNOWN = 0.0008
_MOST = 0.5


class Evidence(NamedTuple):
    """What one field says: above 0 bits speaks for one person.

    u is the chance of the level among two persons, family or strangers as the other fields
    make likely; frequency is the share of the value agreed upon, where that counted. The field
    `family_tie` holds how unlikely it is for two persons to be of one family at all: evidence
    of the household, counted once.
    """

    field: str
    level: str
    bits: float
    m: float
    u: float
    frequency: float | None


class Score(NamedTuple):
    """bits: all evidence, log2(P(levels | one person) / P(levels | two persons)), prior left out."""

    bits: float
    probability: float
    evidence: tuple[Evidence, ...]

    def of(self, field: str) -> Evidence | None:
        """The evidence of `field`, None where it said nothing."""
        return next((evidence for evidence in self.evidence if evidence.field == field), None)


class _Weight(NamedTuple):
    field: str
    level: str
    m: float
    k: float
    u: float
    frequency: float | None


def _name_weight(model: Model, finding: Finding, frequencies: Frequencies) -> _Weight:
    field, level, left, right = finding
    kind = NAME_KINDS[field]
    share = None
    if level == "close":
        ours, theirs = frequencies.share(kind, left), frequencies.share(kind, right)
        if ours and theirs and min(ours, theirs) >= _WELL_KNOWN:
            level = "lookalike"
    logs = model.logs[field, level]
    if level not in ("exact", "script"):
        return _Weight(field, level, logs.m, logs.k, logs.u, None)
    share = frequencies.share(kind, left) or model.rare[kind]
    return _Weight(field, level, logs.m, logs.k, log2(min(share, _MOST)), share)


def _shared_weight(model: Model, finding: Finding, frequencies: Frequencies) -> _Weight | None:
    """The weight of a shared ID or phone; None if so many share it that it is a default."""
    field, level, value, _ = finding
    logs = model.logs[field, level]
    share = frequencies.share(field, value) or model.rare[field]
    if share > model.common[field]:
        return None
    return _Weight(field, level, logs.m, logs.k, log2(share), share)


def _weights(model: Model, comparison: Comparison, frequencies: Frequencies) -> list[_Weight]:
    weights = []
    for finding in comparison.findings:
        field, level = finding.field, finding.level
        if level == "missing":
            continue
        weight: _Weight | None
        if field in NAME_KINDS:
            weight = _name_weight(model, finding, frequencies)
        elif level == "exact" and field in model.common:
            weight = _shared_weight(model, finding, frequencies)
        else:
            logs = model.logs[field, level]
            weight = _Weight(field, level, logs.m, logs.k, logs.u, None)
        if weight:
            weights.append(weight)
    return weights


def weigh(model: Model, comparison: Comparison, frequencies: Frequencies) -> Score:
    """The score of a comparison. The bits of the evidence add up to the bits of the score."""
    weights = _weights(model, comparison, frequencies)
    one = sum([weight.m for weight in weights])
    family = log2(model.kin) + sum([weight.k for weight in weights])
    strangers = log2(1 - model.kin) + sum([weight.u for weight in weights])
    high = max(family, strangers)
    two = high + log2(exp2(family - high) + exp2(strangers - high))
    bits = one - two
    odds = bits + log2(model.prior / (1 - model.prior))
    share = exp2(family - two)
    evidence = [
        Evidence(w.field, w.level, w.m - (other := share * w.k + (1 - share) * w.u),
                 exp2(w.m), exp2(other), w.frequency)
        for w in weights
    ]  # fmt: skip
    tie = bits - sum([part.bits for part in evidence])
    evidence.append(
        Evidence("family_tie", "likely" if share > 0.5 else "unlikely", tie, 1.0, exp2(-tie), None)
    )
    return Score(bits, 1 / (1 + exp2(min(-odds, 1000.0))), tuple(evidence))
