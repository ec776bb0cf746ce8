"""How common values are in the very file at hand."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import Codes, Floats, texts
from services.dedup.batch.records import Records, counts
from services.dedup.engine.frequencies import Frequencies
from services.dedup.engine.phonetic import is_arabic

_KEPT_NAMES = 400
SHARED_BY = 20
KINDS = ("given", "forebear", "family")


class Shares(NamedTuple):
    """Shares of records, in [0, 1], by code; 0 where not known. unit: KINDS x units. key: KINDS x keys of units."""

    unit: Floats
    key: Floats
    phone: Floats
    id: Floats


class Counted:
    """Shares of values among all records of a file; those of a name are among the records that have one."""

    def __init__(self, records: Records, shares: Shares) -> None:
        self._records, self.shares = records, shares

    def share(self, kind: str, value: str) -> float | None:
        """The share of records, in (0, 1], that hold `value`; None if none does."""
        return self._by_value[kind].get(value)

    @cached_property
    def _by_value(self) -> dict[str, dict[str, float]]:
        records, shares = self._records, self.shares
        units, keys = records.names.units, records.names.key_values
        return {
            **{kind: _table(units, shares.unit[k]) | _table(keys, shares.key[k]) for k, kind in enumerate(KINDS)},
            "phone": _table(records.phone_values, shares.phone),
            "id": _table(records.id_values, shares.id),
        }

    def counted_on(self, records: Records) -> bool:
        return records is self._records

    def commonest(self) -> dict[str, dict[str, float]]:
        """Kind -> Arabic name unit -> share, for the commonest: what a model keeps of them.

        A name that fewer than SHARED_BY records hold is not among them: it might name somebody.
        """
        units, least = self._records.names.units, SHARED_BY / max(1, len(self._records))
        return {kind: _commonest(_table(units, self.shares.unit[k]), least) for k, kind in enumerate(KINDS)}


def count(records: Records) -> Counted:
    """The shares in `records`, as `engine.frequencies.counted_values` says what each of them holds."""
    size = max(1, len(records))
    unit, key = _names(records)
    phones = np.zeros(len(records.phone_values))
    for column in records.phones.T:
        phones += counts(column, len(records.phone_values))
    ids = counts(records.id, len(records.id_values))
    return Counted(records, Shares(*(np.minimum(found / size, 1.0) for found in (unit, key, phones, ids))))


def shares(frequencies: Frequencies, records: Records) -> Shares:
    """The shares of the records' values, whatever they were counted on."""
    if isinstance(frequencies, Counted) and frequencies.counted_on(records):
        return frequencies.shares
    names = records.names
    return Shares(
        np.stack([_asked(frequencies, kind, names.units) for kind in KINDS]),
        np.stack([_asked(frequencies, kind, names.key_values) for kind in KINDS]),
        _asked(frequencies, "phone", records.phone_values),
        _asked(frequencies, "id", records.id_values),
    )


def _asked(frequencies: Frequencies, kind: str, values: Sequence[str]) -> Floats:
    return np.array([frequencies.share(kind, value) or 0.0 for value in texts(values)], dtype=np.float64)


def _table(values: Sequence[str], found: Floats) -> dict[str, float]:
    return {value: share for value, share in zip(texts(values), found.tolist(), strict=True) if value and share}


def _names(records: Records) -> tuple[Floats, Floats]:
    """KINDS x units and KINDS x keys: how many records hold each."""
    names = records.names
    times = counts(records.main, len(names.rows)).astype(np.float64)
    spelled = counts(records.arabic, len(names.rows)).astype(np.float64)
    every = np.arange(len(names.rows))
    more, inner = names.sizes > 1, np.arange(names.rows.shape[1])[None, :]
    inside = (inner > 0) & (inner < names.sizes[:, None] - 1)
    by_unit, by_key = [], []
    for places, units in (
        (every, names.rows[:, 0]),
        (np.nonzero(inside)[0], names.rows[inside]),
        (every[more], names.last(every[more].astype(np.int32))),
    ):
        held = units >= 0
        by_unit.append(_summed(len(names.units), units[held], spelled[places][held]))
        by_key.append(_summed(len(names.key_values), names.keys[units[held]], times[places][held]))
    return np.stack(by_unit), np.stack(by_key)


def _summed(size: int, codes: Codes, times: Floats) -> Floats:
    return np.bincount(codes, times, minlength=size)[:size].astype(np.float64)


def _commonest(found: Mapping[str, float], least: float) -> dict[str, float]:
    arabic = [(value, share) for value, share in found.items() if share >= least and is_arabic(value)]
    arabic.sort(key=lambda each: (-each[1], each[0]))
    return {value: round(share, 6) for value, share in arabic[:_KEPT_NAMES]}
