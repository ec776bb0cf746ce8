"""How common values are in the very file at hand."""

from collections.abc import Mapping

import numpy as np

from services.dedup.batch.coded import Codes, Floats
from services.dedup.batch.records import Records, counts
from services.dedup.engine.phonetic import is_arabic

_KEPT_NAMES = 400


class Counted:
    """Shares of values among all records of a file; those of a name are among the records that have one."""

    def __init__(self, shares: Mapping[str, Mapping[str, float]]) -> None:
        self._shares = shares

    def share(self, kind: str, value: str) -> float | None:
        """The share of records, in (0, 1], that hold `value`; None if none does."""
        return self._shares[kind].get(value)

    def commonest(self) -> dict[str, dict[str, float]]:
        """Kind -> Arabic name unit -> share, for the commonest: what a model keeps of them."""
        return {kind: _commonest(self._shares[kind]) for kind in ("given", "forebear", "family")}


def count(records: Records) -> Counted:
    """The shares in `records`, as `engine.frequencies.counted_values` says what each of them holds."""
    size = max(1, len(records))
    names = _name_counts(records)
    phones = np.zeros(len(records.phone_values))
    for column in records.phones.T:
        phones += counts(column, len(records.phone_values))
    ids = counts(records.id, len(records.id_values))
    return Counted({
        **{kind: _table(found, size) for kind, found in names.items()},
        "phone": dict(zip(records.phone_values, (phones / size).tolist(), strict=True)),
        "id": dict(zip(records.id_values, (ids / size).tolist(), strict=True)),
    })  # fmt: skip


def _table(found: Mapping[str, float], size: int) -> dict[str, float]:
    return {value: min(1.0, times / size) for value, times in found.items() if value and times}


def _name_counts(records: Records) -> dict[str, dict[str, float]]:
    """Kind -> unit or key -> records that hold it."""
    names = records.names
    rows = np.where(records.arabic >= 0, records.arabic, records.latin)
    times = counts(rows, len(names.full)).astype(np.float64)
    spelled = counts(records.arabic, len(names.full)).astype(np.float64)
    every = np.arange(len(names.full))
    last = names.last(every.astype(np.int32))
    more, inner = names.sizes > 1, np.arange(names.rows.shape[1])[None, :]
    inside = (inner > 0) & (inner < np.minimum(names.sizes, names.rows.shape[1])[:, None] - 1)
    found: dict[str, dict[str, float]] = {}
    for kind, places, units in (
        ("given", every, names.rows[:, 0]),
        ("forebear", np.nonzero(inside)[0], names.rows[inside]),
        ("family", every[more], last[more]),
    ):
        by_unit = _summed(names.units, units, spelled[places])
        found[kind] = by_unit | _summed(names.key_values, names.keys[units], times[places])
    return found


def _summed(values: list[str], codes: Codes, times: Floats) -> dict[str, float]:
    return dict(zip(values, np.bincount(codes, times, minlength=len(values)).tolist(), strict=True))


def _commonest(shares: Mapping[str, float]) -> dict[str, float]:
    arabic = [(value, share) for value, share in shares.items() if is_arabic(value)]
    arabic.sort(key=lambda each: (-each[1], each[0]))
    return {value: round(share, 6) for value, share in arabic[:_KEPT_NAMES]}
