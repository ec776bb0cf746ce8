"""The engine's expectation-maximisation over patterns of levels as arrays; the same sums, many times faster."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Bytes, Floats, Ints
from services.dedup.batch.scheme import Scheme
from services.dedup.engine.estimate import GROUPS, LEAST, Mixture
from services.dedup.engine.estimate import Levels as ByField
from services.dedup.model import Chances
from services.dedup.model.start import KIN_AT_MOST, NO_MORE_THAN_ONE_PERSON, PERSON_AT_MOST

_MISSING = 0
_PACKED = 14
"""Levels, of four bits, that one number holds beside the patterns so far."""
Tables = list[Floats]
"""For each field, level -> chances in the three classes: one person, family, strangers."""


class Patterns(NamedTuple):
    """levels: distinct patterns x fields. times: how many pairs showed each."""

    levels: Bytes
    times: Floats


def patterns(levels: Bytes) -> Patterns:
    """The distinct rows of `levels`, with their counts."""
    which = np.zeros(len(levels), dtype=np.int64)
    for start in range(0, max(1, levels.shape[1]), _PACKED):
        packed = which << 4 * min(_PACKED, levels.shape[1] - start)
        for place, column in enumerate(levels.T[start : start + _PACKED]):
            packed |= column.astype(np.int64) << 4 * place
        _, first, which, times = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(levels[first], times.astype(np.float64))


def maximise(
    found: Patterns, start: Mixture, of: Scheme, rounds: int = 40, weight: float = 5.0, namesakes: Tables | None = None
) -> Mixture:
    """As the engine's `maximise`. namesakes: level -> chances of a fourth class, which is learned beside and left out.

    Raises ValueError without pairs.
    """
    pairs = found.times.sum()
    if not pairs:
        raise ValueError("there are no pairs to learn from")
    first, shares = tables(start.levels, of), np.array(start.shares)
    if namesakes is not None:
        first = [np.column_stack(both) for both in zip(first, namesakes, strict=True)]
        shares = np.append(shares, shares[2])
    current = first
    for _ in range(rounds):
        classes = responsibilities(found.levels, shares, current) * found.times[:, None]
        shares = classes.sum(axis=0) / pairs
        current = [_normalised(of, f, found.levels, classes, first[f], weight) for f in range(len(of.fields))]
    return Mixture((float(shares[0]), float(shares[1]), float(shares[2])), by_field(current, start.levels, of))


def tables(levels: ByField, of: Scheme) -> Tables:
    """Chances by field as arrays; 0 for levels that `levels` does not have."""
    made = []
    for field in of.fields:
        table = np.zeros((len(of.levels[field]), 3))
        for code, level in enumerate(of.levels[field]):
            if level in levels[field]:
                chances = levels[field][level]
                table[code] = chances.m, chances.k, chances.u
        made.append(table)
    return made


def by_field(found: Tables, like: ByField, of: Scheme) -> dict[str, dict[str, Chances]]:
    """Arrays as chances, for the levels of `like`."""
    return {
        field: {level: Chances(*map(float, table[of.levels[field].index(level), :3])) for level in like[field]}
        for field, table in zip(of.fields, found, strict=True)
    }


def responsibilities(levels: Bytes, shares: Floats, chances: Tables) -> Floats:
    """patterns x 3: the probability of each class."""
    totals = np.tile(np.log(np.maximum(shares, LEAST)), (len(levels), 1))
    for column, table in zip(levels.T, chances, strict=True):
        logs = np.log(np.maximum(table, LEAST))
        logs[_MISSING] = 0.0
        totals += logs[column]
    weights = np.exp(totals - totals.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def counted(of: Scheme, f: int, levels: Bytes, classes: Floats) -> Floats:
    """level -> expected pairs in each class, for one field; those that miss it left out."""
    size = len(of.levels[of.fields[f]])
    each = [np.bincount(levels[:, f], classes[:, c], minlength=size) for c in range(classes.shape[1])]
    counts = np.stack(each, axis=1).astype(np.float64)
    counts[_MISSING] = 0.0
    return counts


def _normalised(of: Scheme, f: int, levels: Bytes, classes: Floats, start: Floats, weight: float) -> Floats:
    return _limited(of, f, normalised(of, f, counted(of, f, levels, classes) + weight * start))


def _limited(of: Scheme, f: int, found: Floats) -> Floats:
    """m and k held below what PERSON_AT_MOST and KIN_AT_MOST say, as the engine's `limited` holds them."""
    groups = _groups(of, f)
    person = ((0, field, level, most) for (field, level), most in PERSON_AT_MOST.items())
    for column, field, level, most in (*person, *((1, *limit) for limit in _kin_at_most(of, f, found))):
        code = of.levels[field].index(level) if field == of.fields[f] else _MISSING
        if code != _MISSING and found[code, column] > most:
            group = groups == groups[code]
            others = max(found[group, column].sum() - found[code, column], LEAST)
            found[group, column] *= (1 - most) / others
            found[code, column] = most
    return found


def _kin_at_most(of: Scheme, f: int, found: Floats) -> Iterator[tuple[str, str, float]]:
    for (field, level), most in KIN_AT_MOST.items():
        yield field, level, most
    for field, level in NO_MORE_THAN_ONE_PERSON:
        if field == of.fields[f]:
            yield field, level, float(found[of.levels[field].index(level), 0])


def _groups(of: Scheme, f: int) -> Ints:
    return np.array([GROUPS.get(level, 0) for level in of.levels[of.fields[f]]])


def normalised(of: Scheme, f: int, counts: Floats) -> Floats:
    """Chances from counts; levels of another script are a distribution of their own."""
    groups = _groups(of, f)
    sums = np.stack([counts[groups == group].sum(axis=0) for group in (0, 1)])
    return np.asarray(counts / np.maximum(sums[groups], LEAST))
