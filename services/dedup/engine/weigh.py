"""From levels to evidence in bits, and to the probability that two records are one person.

Fellegi & Sunter 1969 with a third class. Two records are of one person (m), of two persons of
one family (k), or of strangers (u). Brothers share father, family name, phone and address; added
up as if independent these would join them. Against the family class they say next to nothing,
whatever their number: only what members of a family do not share decides. Names weigh by their
frequency (Winkler 1989).
"""

from collections.abc import Iterable
from math import exp2, log2
from typing import NamedTuple

from services.dedup.engine.compare import Comparison, Finding
from services.dedup.engine.frequencies import NAME_KINDS, VALUED, Frequencies
from services.dedup.model import Model

# Two names that each this share of people bear are two names, not a slip of the pen.
WELL_KNOWN = 0.0008
# A name that this share bears is a name at all.
KNOWN = 0.0002
MOST = 0.5


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


# field, level, binary logarithms of m, k and u, share of the value if that counted
Weight = tuple[str, str, float, float, float, float | None]


def true_level(finding: Finding, frequencies: Frequencies) -> str:
    """The level of a finding, knowing names.

    Two close but well-known names are `lookalike`; two different given names, each one that
    people bear, are `other`: neither is a nickname or a slip.
    """
    field, level, left, right = finding
    if level != "close" and (level != "differ" or field != "given"):
        return level
    kind = NAME_KINDS[field]
    ours, theirs = frequencies.share(kind, left), frequencies.share(kind, right)
    least = WELL_KNOWN if level == "close" else KNOWN
    if not ours or not theirs or min(ours, theirs) < least:
        return level
    return "lookalike" if level == "close" else "other"


def _by_frequency(model: Model, finding: Finding, frequencies: Frequencies) -> Weight | None:
    """The weight of agreement on one value; None if so many share it that it is a default."""
    field, level, value, _ = finding
    kind = NAME_KINDS.get(field, field)
    share = frequencies.share(kind, value) or model.rare[kind]
    if kind in model.common and share * model.population > model.common[kind]:
        return None
    m, k, _ = model.logs[field, level]
    return field, level, m, k, log2(min(share, MOST)), share


def weights_of(model: Model, findings: Iterable[Finding], frequencies: Frequencies) -> list[Weight]:
    """What each finding weighs; nothing for those that say nothing."""
    logs = model.logs
    weights: list[Weight] = []
    for finding in findings:
        field, level, _, _ = finding
        if level == "missing":
            continue
        if level in ("exact", "script") and field in VALUED:
            if weight := _by_frequency(model, finding, frequencies):
                weights.append(weight)
            continue
        if level in ("close", "differ"):
            level = true_level(finding, frequencies)
        m, k, u = logs[field, level]
        weights.append((field, level, m, k, u, None))
    return weights


class Weighed(NamedTuple):
    """A comparison's bits and probability, as in `Score`; the evidence field by field is worked out when asked for.

    Of the pairs that share a key most are of two persons, and nobody asks why.
    """

    bits: float
    probability: float
    weights: list[Weight]
    kin: float

    def score(self) -> Score:
        return Score(self.bits, self.probability, _evidence(self.weights, self.bits, self.kin))


def weighed(model: Model, comparison: Comparison, frequencies: Frequencies) -> Weighed:
    """What `weigh` gives, evidence still to be worked out."""
    weights = weights_of(model, comparison.findings, frequencies)
    one, family, strangers = 0.0, *model.two_persons
    for _, _, m, k, u, _ in weights:
        one += m
        family += k
        strangers += u
    high = family if family > strangers else strangers
    two = high + log2(exp2(family - high) + exp2(strangers - high))
    bits = one - two
    odds = bits + model.prior_bits
    return Weighed(bits, 1 / (1 + exp2(min(-odds, 1000.0))), weights, exp2(family - two))


def weigh(model: Model, comparison: Comparison, frequencies: Frequencies) -> Score:
    """The score of a comparison. The bits of the evidence add up to the bits of the score."""
    return weighed(model, comparison, frequencies).score()


def _evidence(weights: list[Weight], bits: float, kin: float) -> tuple[Evidence, ...]:
    """Each field's bits against family (weighted `kin`) and strangers; the rest is the family tie."""
    parts = []
    tie = bits
    for field, level, m, k, u, frequency in weights:
        other = kin * k + (1 - kin) * u
        tie -= m - other
        parts.append(Evidence(field, level, m - other, exp2(m), exp2(other), frequency))
    parts.append(Evidence("family_tie", "likely" if kin > 0.5 else "unlikely", tie, 1.0, exp2(-tie), None))
    return tuple(parts)
