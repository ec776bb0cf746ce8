"""The engine's expectation-maximisation over patterns of levels as arrays; the same sums, many times faster."""

from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Floats, Ints
from services.dedup.batch.compare import LEVELS
from services.dedup.batch.names import Levels
from services.dedup.engine.compare import FIELDS
from services.dedup.engine.estimate import GROUPS, LEAST, Mixture
from services.dedup.engine.estimate import Levels as ByField
from services.dedup.model import Chances
from services.dedup.model.start import KIN_AT_MOST

_MISSING = 0
Tables = list[Floats]
"""For each field, level -> chances in the three classes: one person, family, strangers."""


class Patterns(NamedTuple):
    """levels: distinct patterns x FIELDS. times: how many pairs showed each."""

    levels: Levels
    times: Floats


def patterns(levels: Levels) -> Patterns:
    """The distinct rows of `levels`, with their counts."""
    packed = np.zeros(len(levels), dtype=np.int64)
    for column in levels.T:
        packed = packed << 4 | column
    _, first, times = np.unique(packed, return_index=True, return_counts=True)
    return Patterns(levels[first], times.astype(np.float64))


def maximise(
    found: Patterns, start: Mixture, rounds: int = 40, weight: float = 5.0, namesakes: Tables | None = None
) -> Mixture:
    """As the engine's `maximise`. namesakes: level -> chances of a fourth class, which is learned beside and left out.

    Raises ValueError without pairs.
    """
    pairs = found.times.sum()
    if not pairs:
        raise ValueError("there are no pairs to learn from")
    first, shares = tables(start.levels), np.array(start.shares)
    if namesakes is not None:
        first = [np.column_stack(both) for both in zip(first, namesakes, strict=True)]
        shares = np.append(shares, shares[2])
    current = first
    for _ in range(rounds):
        classes = responsibilities(found.levels, shares, current) * found.times[:, None]
        shares = classes.sum(axis=0) / pairs
        current = [_normalised(f, found.levels, classes, first[f], weight) for f in range(len(FIELDS))]
    return Mixture((float(shares[0]), float(shares[1]), float(shares[2])), by_field(current, start.levels))


def tables(levels: ByField) -> Tables:
    """Chances by field as arrays; 0 for levels that `levels` does not have."""
    made = []
    for field in FIELDS:
        table = np.zeros((len(LEVELS[field]), 3))
        for code, level in enumerate(LEVELS[field]):
            if level in levels[field]:
                chances = levels[field][level]
                table[code] = chances.m, chances.k, chances.u
        made.append(table)
    return made


def by_field(found: Tables, like: ByField) -> dict[str, dict[str, Chances]]:
    """Arrays as chances, for the levels of `like`."""
    return {
        field: {level: Chances(*map(float, table[LEVELS[field].index(level), :3])) for level in like[field]}
        for field, table in zip(FIELDS, found, strict=True)
    }


def responsibilities(levels: Levels, shares: Floats, chances: Tables) -> Floats:
    """patterns x 3: the probability of each class."""
    totals = np.tile(np.log(np.maximum(shares, LEAST)), (len(levels), 1))
    for column, table in zip(levels.T, chances, strict=True):
        logs = np.log(np.maximum(table, LEAST))
        logs[_MISSING] = 0.0
        totals += logs[column]
    weights = np.exp(totals - totals.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def counted(f: int, levels: Levels, classes: Floats) -> Floats:
    """level -> expected pairs in each class, for one field; those that miss it left out."""
    size = len(LEVELS[FIELDS[f]])
    each = [np.bincount(levels[:, f], classes[:, c], minlength=size) for c in range(classes.shape[1])]
    counts = np.stack(each, axis=1).astype(np.float64)
    counts[_MISSING] = 0.0
    return counts


def _normalised(f: int, levels: Levels, classes: Floats, start: Floats, weight: float) -> Floats:
    return _limited(f, normalised(f, counted(f, levels, classes) + weight * start))


def _limited(f: int, found: Floats) -> Floats:
    """k held below what KIN_AT_MOST says, as the engine's `limited` holds it."""
    groups = _groups(f)
    for (field, level), most in KIN_AT_MOST.items():
        code = LEVELS[FIELDS[f]].index(level) if field == FIELDS[f] else _MISSING
        if code != _MISSING and found[code, 1] > most:
            group = groups == groups[code]
            others = max(found[group, 1].sum() - found[code, 1], LEAST)
            found[group, 1] *= (1 - most) / others
            found[code, 1] = most
    return found


def _groups(f: int) -> Ints:
    return np.array([GROUPS.get(level, 0) for level in LEVELS[FIELDS[f]]])


def normalised(f: int, counts: Floats) -> Floats:
    """Chances from counts; levels of another script are a distribution of their own."""
    groups = _groups(f)
    sums = np.stack([counts[groups == group].sum(axis=0) for group in (0, 1)])
    return np.asarray(counts / np.maximum(sums[groups], LEAST))
