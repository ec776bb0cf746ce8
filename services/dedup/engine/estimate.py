"""Learning the chances of the model from pairs that nobody has labelled.

Expectation-maximisation (Dempster, Laird & Rubin 1977; Winkler 1988) over three latent classes:
one person, two of one family, strangers. Fields are independent within a class. What strangers
look like is counted on random pairs instead, as candidate pairs are no fair sample of strangers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import exp, log
from typing import NamedTuple

from services.dedup.engine.compare import FIELDS, Comparison
from services.dedup.engine.frequencies import Frequencies
from services.dedup.engine.weigh import true_level
from services.dedup.model import Chances
from services.dedup.model.start import KIN_AT_MOST, NO_MORE_THAN_ONE_PERSON, PERSON_AT_MOST

Levels = Mapping[str, Mapping[str, Chances]]
Pattern = tuple[str, ...]
_CLASSES = ("m", "k", "u")
# Levels that can only be told apart within one group share one distribution.
GROUPS = {"script": 1, "script_close": 1, "script_differ": 1, "script_unrelated": 1}
LEAST = 1e-9


class Mixture(NamedTuple):
    """shares: of one person, family and strangers among the pairs; levels: their chances."""

    shares: tuple[float, float, float]
    levels: Levels


def pattern(comparison: Comparison, frequencies: Frequencies) -> Pattern:
    """The levels of a comparison in the order of FIELDS, as `weigh` sees them."""
    return tuple([true_level(finding, frequencies) for finding in comparison.findings])


def _logs(levels: Levels) -> dict[tuple[int, str], tuple[float, ...]]:
    return {
        (position, level): tuple(log(max(getattr(chances, kind), LEAST)) for kind in _CLASSES)
        for position, field in enumerate(FIELDS)
        for level, chances in levels[field].items()
    }


def _responsibilities(
    counted: Pattern, shares: tuple[float, float, float], logs: Mapping[tuple[int, str], tuple[float, ...]]
) -> list[float]:
    """The probability of each class for one pattern."""
    totals = [log(max(share, LEAST)) for share in shares]
    for position, level in enumerate(counted):
        if level != "missing":
            chances = logs[position, level]
            totals = [total + chance for total, chance in zip(totals, chances, strict=True)]
    high = max(totals)
    weights = [exp(total - high) for total in totals]
    return [weight / sum(weights) for weight in weights]


def _normalised(counts: Mapping[str, list[float]], start: Mapping[str, Chances], weight: float) -> dict[str, Chances]:
    """Chances from expected counts, with `weight` pairs' worth of the starting ones mixed in."""
    sums: dict[int, list[float]] = {}
    smoothed = {
        level: [count + weight * getattr(start[level], kind) for count, kind in zip(found, _CLASSES, strict=True)]
        for level, found in counts.items()
    }
    for level, found in smoothed.items():
        total = sums.setdefault(GROUPS.get(level, 0), [0.0, 0.0, 0.0])
        sums[GROUPS.get(level, 0)] = [a + b for a, b in zip(total, found, strict=True)]
    return {
        level: Chances(*(a / b for a, b in zip(found, sums[GROUPS.get(level, 0)], strict=True)))
        for level, found in smoothed.items()
    }


def limited(field: str, learned: Mapping[str, Chances]) -> dict[str, Chances]:
    """`learned` with m and k held below what PERSON_AT_MOST and KIN_AT_MOST say; other levels make up for it."""
    found = dict(learned)
    limits = [("m", level, most) for (of, level), most in PERSON_AT_MOST.items() if of == field]
    for kind, level, most in limits:
        found = _held_below(found, kind, level, most)
    limits = [("k", level, most) for (of, level), most in KIN_AT_MOST.items() if of == field]
    limits += [("k", level, found[level].m) for of, level in NO_MORE_THAN_ONE_PERSON if of == field]
    for kind, level, most in limits:
        found = _held_below(found, kind, level, most)
    return found


def _held_below(found: dict[str, Chances], kind: str, level: str, most: float) -> dict[str, Chances]:
    """One chance of a level lowered to `most`, if it is above; those of its group raised in proportion."""
    if getattr(found[level], kind) <= most:
        return found
    group = [each for each in found if GROUPS.get(each, 0) == GROUPS.get(level, 0)]
    others = max(sum(getattr(found[each], kind) for each in group) - getattr(found[level], kind), LEAST)
    raised = {each: most if each == level else getattr(found[each], kind) * (1 - most) / others for each in group}
    return found | {each: replace(found[each], **{kind: chance}) for each, chance in raised.items()}


def maximise(patterns: Mapping[Pattern, float], start: Mixture, rounds: int = 40, weight: float = 5.0) -> Mixture:
    """The mixture that makes the counted patterns likeliest, from `start` on.

    patterns: how many pairs showed each pattern. weight: pairs' worth of trust in `start`, for
    levels too rare to learn. Every class must have a share at the start. Cost: rounds x
    distinct patterns x fields. Raises ValueError without pairs, KeyError for an unknown level.
    """
    pairs = sum(patterns.values())
    if not pairs:
        raise ValueError("there are no pairs to learn from")
    mixture = start
    for _ in range(rounds):
        logs = _logs(mixture.levels)
        shares = [0.0, 0.0, 0.0]
        counts = {f: {level: [0.0, 0.0, 0.0] for level in levels} for f, levels in start.levels.items()}
        for counted, times in patterns.items():
            classes = [times * r for r in _responsibilities(counted, mixture.shares, logs)]
            shares = [a + b for a, b in zip(shares, classes, strict=True)]
            for field, level in zip(FIELDS, counted, strict=True):
                if level != "missing":
                    kept = counts[field][level]
                    counts[field][level] = [a + b for a, b in zip(kept, classes, strict=True)]
        levels = {f: limited(f, _normalised(counts[f], start.levels[f], weight)) for f in counts}
        mixture = Mixture((shares[0] / pairs, shares[1] / pairs, shares[2] / pairs), levels)
    return mixture


def strangers(patterns: Iterable[Pattern], start: Levels, weight: float = 1000.0) -> Levels:
    """`start` with u counted on the patterns of random pairs, `weight` pairs' worth of `start` mixed in.

    Of a large register next to no random pair is of one person or family.
    """
    counts = {field: {level: [0.0, 0.0, 0.0] for level in levels} for field, levels in start.items()}
    for counted in patterns:
        for field, level in zip(FIELDS, counted, strict=True):
            if level != "missing":
                counts[field][level][2] += 1.0
    found = {field: _normalised(counts[field], start[field], weight) for field in start}
    return {
        field: {level: Chances(c.m, c.k, found[field][level].u) for level, c in levels.items()}
        for field, levels in start.items()
    }
