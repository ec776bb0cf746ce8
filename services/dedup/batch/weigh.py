"""Bits of pairs, as the engine's `weigh` finds them, for many pairs at once."""

from dataclasses import dataclass

import numpy as np

from services.dedup.batch.coded import Bytes, Floats, Ints
from services.dedup.batch.compare import LEVELS, Comparer
from services.dedup.batch.counts import KINDS, Shares, shares
from services.dedup.batch.kernel import pairs as kernel
from services.dedup.batch.kernel.pairs import Weights
from services.dedup.batch.kernel.units import KNOWN_AS
from services.dedup.batch.records import Records
from services.dedup.batch.threads import parallel
from services.dedup.engine.compare import FIELDS
from services.dedup.engine.frequencies import Frequencies
from services.dedup.engine.weigh import KNOWN, MOST, WELL_KNOWN
from services.dedup.model import Model

_MOST_LEVELS = max(map(len, LEVELS.values()))


@dataclass(frozen=True)
class Scores:
    """bits: of each pair, prior left out. evidence: pairs x (FIELDS and the family tie), which add up to the bits."""

    bits: Floats
    evidence: Floats


class Weigher:
    """Scores pairs of one file's records with one model and one set of frequencies."""

    def __init__(self, records: Records, comparer: Comparer, model: Model, frequencies: Frequencies) -> None:
        self.model, self.frequencies = model, frequencies
        found = shares(frequencies, records)
        self.weights = _weights(model, found)
        self.facts = comparer.facts._replace(units=_known(comparer.facts.units, found))

    def bits(self, left: Ints, right: Ints, least: float = -np.inf) -> Floats:
        """The bits alone, -inf where they cannot reach `least`; the fast way."""
        return self._weighed(left, right, least, 0, 0)[0]

    def levels(self, left: Ints, right: Ints) -> Bytes:
        """pairs x FIELDS, places in LEVELS; well-known names are told from slips of the pen."""
        return self._weighed(left, right, -np.inf, len(left), 0)[1]

    def score(self, left: Ints, right: Ints) -> Scores:
        """The engine's scores of the pairs, field by field."""
        return self._added(self._weighed(left, right, -np.inf, 0, len(left))[2])

    def _weighed(self, left: Ints, right: Ints, least: float, levels: int, logs: int) -> tuple[Floats, Bytes, Floats]:
        """What the kernel fills: bits, and as many levels and logs as asked for."""
        size = len(left)
        bits, found = np.empty(size), np.empty((levels, len(FIELDS)), dtype=np.uint8)
        said, mapped = np.empty((logs, len(FIELDS), 3)), np.zeros((0, 3))

        def weigh(part: slice) -> None:
            kernel.weigh(self.facts, self.weights, left[part], right[part], mapped, least,
                         bits[part], found[part], said[part])  # fmt: skip

        parallel(weigh, size)
        return bits, found, said

    def _added(self, logs: Floats) -> Scores:
        """Sums over the fields; two persons are of one family or strangers."""
        one, family, strangers = logs.sum(axis=1).T
        family, strangers = family + self.model.two_persons[0], strangers + self.model.two_persons[1]
        two = np.logaddexp2(family, strangers)
        kin = np.exp2(family - two)[:, None]
        fields = logs[:, :, 0] - (kin * logs[:, :, 1] + (1 - kin) * logs[:, :, 2])
        bits = one - two
        return Scores(bits, np.column_stack([fields, bits - fields.sum(axis=1)]))


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
