"""Bits of pairs from their levels, as the engine's `weigh` finds them, for many pairs at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.dedup.batch.coded import Codes, Flags, Floats, Ints
from services.dedup.batch.compare import CODES, LEVELS, Comparer, Comparisons
from services.dedup.batch.names import LEVEL
from services.dedup.batch.records import Records
from services.dedup.engine.compare import FIELDS, compare
from services.dedup.engine.frequencies import NAME_KINDS, Frequencies
from services.dedup.engine.weigh import KNOWN, MOST, WELL_KNOWN, weigh
from services.dedup.model import Model

_NAMES = ("given", "father", "forebear", "family")


@dataclass(frozen=True)
class Scores:
    """bits: of each pair, prior left out. evidence: pairs x (FIELDS and the family tie), which add up to the bits."""

    bits: Floats
    evidence: Floats


class Weigher:
    """Scores pairs of one file's records with one model and one set of frequencies."""

    def __init__(self, records: Records, comparer: Comparer, model: Model, frequencies: Frequencies) -> None:
        self._records, self._comparer, self.model, self.frequencies = records, comparer, model, frequencies
        self._logs = {field: _table(model, field) for field in FIELDS}
        units, keys = records.names.units, records.names.key_values
        kinds = dict.fromkeys(NAME_KINDS.values())
        self._of_unit = {kind: _shares(frequencies, kind, units) for kind in kinds}
        self._of_key = {kind: _shares(frequencies, kind, keys) for kind in kinds}
        self._of_phone = _shares(frequencies, "phone", records.phone_values)
        self._of_id = _shares(frequencies, "id", records.id_values)

    def score(self, left: Ints, right: Ints) -> Scores:
        """The engine's scores of the pairs."""
        compared = self.compared(left, right)
        logs = np.stack([self._logs[field][compared.levels[:, f]] for f, field in enumerate(FIELDS)], axis=1)
        self._by_frequency(compared, self._records.id[left], logs)
        scores = self._added(logs)
        for place in np.flatnonzero(compared.apart).tolist():
            self._plain(int(left[place]), int(right[place]), scores, place)
        return scores

    def compared(self, left: Ints, right: Ints) -> Comparisons:
        """The pairs compared, with well-known names told from slips of the pen."""
        compared = self._comparer.compare(left, right)
        self._true_levels(compared)
        return compared

    def _true_levels(self, compared: Comparisons) -> None:
        for f, field in enumerate(_NAMES):
            level, shares = compared.levels[:, f], self._of_unit[NAME_KINDS[field]]
            close = np.flatnonzero(level == LEVEL["close"])
            level[close[self._both(compared, f, close, shares, WELL_KNOWN)]] = LEVEL["lookalike"]
            if field == "given":
                other = np.flatnonzero(level == LEVEL["differ"])
                level[other[self._both(compared, f, other, shares, KNOWN)]] = LEVEL["other"]

    def _both(self, compared: Comparisons, f: int, places: Ints, shares: Floats, least: float) -> Flags:
        """Which of the pairs have two names that each so many people bear. A share not known is 0."""
        ours, theirs = (shares[side[places, f]] for side in (compared.names.left, compared.names.right))
        return np.asarray((ours > 0) & (theirs > 0) & (np.minimum(ours, theirs) >= least), dtype=bool)

    def _by_frequency(self, compared: Comparisons, ids: Codes, logs: Floats) -> None:
        """Put the value's share in place of u; a value so common that it is a default weighs nothing."""
        for f, field in enumerate(_NAMES):
            kind, level = NAME_KINDS[field], compared.levels[:, f]
            for shown, table, codes in (
                ("exact", self._of_unit[kind], compared.names.left[:, f]),
                ("script", self._of_key[kind], self._records.names.keys[compared.names.left[:, f]]),
            ):
                places = np.flatnonzero(level == LEVEL[shown])
                self._put(logs, f, places, table[codes[places]], kind)
        for field, shares, codes in (("id", self._of_id, ids), ("phone", self._of_phone, compared.phone)):
            f = FIELDS.index(field)
            places = np.flatnonzero(compared.levels[:, f] == CODES[field]["exact"])
            self._put(logs, f, places, shares[codes[places]], field)

    def _put(self, logs: Floats, f: int, places: Ints, shares: Floats, kind: str) -> None:
        model = self.model
        shares = np.where(shares > 0, shares, model.rare[kind])
        logs[places, f, 2] = np.log2(np.minimum(shares, MOST))
        if kind in model.common:
            logs[places[shares * model.population > model.common[kind]], f] = 0.0

    def _added(self, logs: Floats) -> Scores:
        """Sums over the fields; two persons are of one family or strangers."""
        one, family, strangers = logs.sum(axis=1).T
        family, strangers = family + self.model.two_persons[0], strangers + self.model.two_persons[1]
        two = np.logaddexp2(family, strangers)
        kin = np.exp2(family - two)[:, None]
        fields = logs[:, :, 0] - (kin * logs[:, :, 1] + (1 - kin) * logs[:, :, 2])
        bits = one - two
        return Scores(bits, np.column_stack([fields, bits - fields.sum(axis=1)]))

    def _plain(self, left: int, right: int, scores: Scores, place: int) -> None:
        """Score one pair by the engine itself."""
        comparison = compare(self._records.plain(left), self._records.plain(right))
        found = weigh(self.model, comparison, self.frequencies)
        scores.bits[place] = found.bits
        scores.evidence[place] = 0.0
        for each in found.evidence:
            scores.evidence[place, FIELDS.index(each.field) if each.field in FIELDS else -1] = each.bits


def _table(model: Model, field: str) -> Floats:
    """level -> m, k and u in bits; 0 for what is missing, or not in the model."""
    table = np.zeros((len(LEVELS[field]), 3))
    for code, level in enumerate(LEVELS[field]):
        if (field, level) in model.logs:
            table[code] = model.logs[field, level]
    return table


def _shares(frequencies: Frequencies, kind: str, values: Sequence[str]) -> Floats:
    """The share of each value, 0 where it is not known."""
    return np.array([frequencies.share(kind, value) or 0.0 for value in values])
