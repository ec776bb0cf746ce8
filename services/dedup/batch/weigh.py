"""Bits of pairs, as the engine's `weigh` finds them, for many pairs at once."""

from dataclasses import dataclass

import numpy as np

from services.dedup.batch.coded import Bytes, Floats, Ints
from services.dedup.batch.compare import LEVELS, Comparer
from services.dedup.batch.counts import KINDS, Shares, shares
from services.dedup.batch.kernel import pairs as kernel
from services.dedup.batch.kernel.pairs import Weights
from services.dedup.batch.kernel.units import KNOWN_AS
from services.dedup.batch.mapped import EXACT, Mapped
from services.dedup.batch.records import Records
from services.dedup.batch.threads import parallel
from services.dedup.engine.compare import FIELDS
from services.dedup.engine.frequencies import Frequencies
from services.dedup.engine.weigh import KNOWN, MOST, WELL_KNOWN
from services.dedup.model import Model

_MOST_LEVELS = max(map(len, LEVELS.values()))


@dataclass(frozen=True)
class Scores:
    """bits: of each pair, prior left out. evidence: pairs x (FIELDS, family tie, mapped columns), the bits in all."""

    bits: Floats
    evidence: Floats


class Weigher:
    """Scores pairs of one file's records with one model and one set of frequencies."""

    def __init__(self, records: Records, comparer: Comparer, model: Model, frequencies: Frequencies) -> None:
        self.model, self.frequencies = model, frequencies
        found = shares(frequencies, records)
        self.weights = _weights(model, found)
        self.facts = comparer.facts._replace(units=_known(comparer.facts.units, found))
        self._mapped = [MappedWeights(mapped, model) for mapped in records.mapped]

    def bits(self, left: Ints, right: Ints, least: float = -np.inf) -> Floats:
        """The bits alone, -inf where they cannot reach `least`; the fast way."""
        return self._weighed(left, right, least, 0, 0)[0]

    def levels(self, left: Ints, right: Ints) -> Bytes:
        """pairs x fields, places in the scheme's levels; well-known names are told from slips of the pen."""
        own = self._weighed(left, right, -np.inf, len(left), 0)[1]
        return np.column_stack([own, *(mapped.level(left, right) for mapped in self._mapped)])

    def score(self, left: Ints, right: Ints) -> Scores:
        """The engine's scores of the pairs, field by field."""
        logs = self._weighed(left, right, -np.inf, 0, len(left))[2]
        mapped = [each.said(left, right)[:, None] for each in self._mapped]
        return self._added(np.concatenate([logs, *mapped], axis=1))

    def _weighed(self, left: Ints, right: Ints, least: float, levels: int, logs: int) -> tuple[Floats, Bytes, Floats]:
        """What the kernel fills: bits, and as many levels and logs as asked for."""
        bits, found = np.empty(len(left)), np.empty((levels, len(FIELDS)), dtype=np.uint8)
        said, mapped = np.empty((logs, len(FIELDS), 3)), np.zeros((len(left) if self._mapped else 0, 3))
        for each in self._mapped:
            mapped += each.said(left, right)

        def weigh(part: slice) -> None:
            kernel.weigh(self.facts, self.weights, left[part], right[part], mapped[part], least,
                         bits[part], found[part], said[part])  # fmt: skip

        parallel(weigh, len(left))
        return bits, found, said

    def _added(self, logs: Floats) -> Scores:
        """Sums over the fields; two persons are of one family or strangers."""
        one, family, strangers = logs.sum(axis=1).T
        family, strangers = family + self.model.two_persons[0], strangers + self.model.two_persons[1]
        two = np.logaddexp2(family, strangers)
        kin = np.exp2(family - two)[:, None]
        fields = logs[:, :, 0] - (kin * logs[:, :, 1] + (1 - kin) * logs[:, :, 2])
        bits = one - two
        own = len(FIELDS)
        return Scores(bits, np.column_stack([fields[:, :own], bits - fields.sum(axis=1), fields[:, own:]]))


class MappedWeights:
    """What a mapped column says, by the model's chances and the shares of its values; nothing if the model lacks it."""

    def __init__(self, mapped: Mapped, model: Model) -> None:
        self._mapped, self._shares = mapped, np.log2(np.minimum(np.append(mapped.shares(), MOST), MOST))
        self._logs = np.array([model.logs.get((mapped.name, level), (0.0, 0.0, 0.0)) for level in mapped.levels_of])
        self._known = mapped.name in model.levels

    def level(self, left: Ints, right: Ints) -> Bytes:
        return self._mapped.level(self._mapped.codes[left], self._mapped.codes[right])

    def said(self, left: Ints, right: Ints) -> Floats:
        """pairs x (m, k, u) in bits."""
        level = self.level(left, right)
        logs: Floats = self._logs[level]
        exact = np.flatnonzero((level == EXACT) & self._known)
        logs[exact, 2] = self._shares[self._mapped.codes[left[exact]]]
        return logs


def _weights(model: Model, found: Shares) -> Weights:
    rare = np.array([model.rare[kind] for kind in KINDS])[:, None]
    return Weights(
        logs=_logs(model), two=np.array(model.two_persons),
        unit=_bits(found.unit, rare), key=_bits(found.key, rare),
        phone=_without_defaults(model, "phone", found.phone), id=_without_defaults(model, "id", found.id),
    )  # fmt: skip


def _known(units: Ints, found: Shares) -> Ints:
    """The units' table with what so many bear: bits 1, 2 and 4 well known, 8 a given name for sure."""
    units = units.copy()
    well = (found.unit >= WELL_KNOWN).astype(np.int64)
    units[:, KNOWN_AS] = well[0] | well[1] << 1 | well[2] << 2 | (found.unit[0] >= KNOWN).astype(np.int64) << 3
    return units


def _logs(model: Model) -> Floats:
    """FIELDS x levels x (m, k, u) in bits; 0 for what is missing, or not in the model."""
    table = np.zeros((len(FIELDS), _MOST_LEVELS, 3))
    for f, field in enumerate(FIELDS):
        for code, level in enumerate(LEVELS[field]):
            if (field, level) in model.logs:
                table[f, code] = model.logs[field, level]
    return table


def _bits(found: Floats, rare: Floats | float) -> Floats:
    return np.log2(np.minimum(np.where(found > 0, found, rare), MOST))


def _without_defaults(model: Model, kind: str, found: Floats) -> Floats:
    """u in bits, nan for a value so common that it is a default and weighs nothing."""
    bits = _bits(found, model.rare[kind])
    if kind in model.common:
        bits[found * model.population > model.common[kind]] = np.nan
    return bits
