"""How common a value is: agreeing on a rare name says more than agreeing on a common one."""

from collections.abc import Mapping
from typing import Protocol

from services.dedup.engine.phonetic import is_arabic, key
from services.dedup.engine.record import Record

NAME_KINDS = {"given": "given", "father": "forebear", "forebear": "forebear", "family": "family"}
# Fields whose agreement is weighed by how many share the value.
VALUED = frozenset({*NAME_KINDS, "phone", "id"})


class Frequencies(Protocol):
    """Shares of values among all registrations."""

    def share(self, kind: str, value: str) -> float | None:
        """The share of registrations, in (0, 1], that hold `value`; None if not known.

        kind: `given`, `forebear`, `family`, `phone` or `id`. A name is an Arabic unit, or the
        ASCII key of a unit (then the share of all units with that key).
        """
        ...


class StaticFrequencies:
    """Shares from a model file; the shares of keys are summed from those of their units."""

    def __init__(self, shares: Mapping[str, Mapping[str, float]]) -> None:
        self._shares: dict[tuple[str, str], float] = {}
        for kind, values in shares.items():
            for value, share in values.items():
                self._shares[kind, value] = share
                if is_arabic(value):
                    spelled = (kind, key(value))
                    self._shares[spelled] = self._shares.get(spelled, 0.0) + share

    def share(self, kind: str, value: str) -> float | None:
        return self._shares.get((kind, value))


def counted_values(record: Record) -> tuple[tuple[str, str], ...]:
    """The (kind, value) pairs of a record whose shares `weigh` may ask for: what to count."""
    values: list[tuple[str, str]] = []
    for units in (record.arabic, record.keys):
        if units:
            values.append(("given", units[0]))
            values.extend(("forebear", unit) for unit in units[1:-1])
        if len(units) > 1:
            values.append(("family", units[-1]))
    values.extend(("phone", phone) for phone in record.phones)
    if record.id_token:
        values.append(("id", record.id_token))
    return tuple(pair for pair in dict.fromkeys(values) if pair[1])
