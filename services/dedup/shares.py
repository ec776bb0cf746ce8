"""How common a value is in this very register, on top of what the model learned elsewhere."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from services.dedup.engine.frequencies import Frequencies, StaticFrequencies, counted_values
from services.dedup.engine.record import Record
from services.dedup.index import reaching
from services.dedup.model import Model, load_model
from services.dedup.queries import counting as queries
from services.dedup.settings import DedupSettings
from shared.db import Pool

MODEL_WEIGHT = 5_000
"""The model's shares count as much as this many registrations of our own."""


@lru_cache(maxsize=300_000)
def value_hash(value: str) -> int:
    """A signed 64-bit hash that stands for `value` in the counts."""
    return int.from_bytes(blake2b(value.encode(), digest_size=8).digest(), "big", signed=True)


def count(records: Iterable[Record]) -> Counter[tuple[str, int]]:
    """(kind, value hash) -> how many of `records` hold that value."""
    return Counter((kind, value_hash(value)) for record in records for kind, value in counted_values(record))


class LiveFrequencies:
    """Shares as (n + w s) / (N + w): n of N registrations here, s the model's share, w MODEL_WEIGHT.

    A value that is frequent neither here nor in the model is not known, and has the model's rare share.
    """

    def __init__(self, model: Model, counts: Mapping[str, Mapping[int, int]], registrations: int) -> None:
        self._static = StaticFrequencies(model.frequencies)
        self._rare = model.rare
        self._counts = counts
        self._total = registrations + MODEL_WEIGHT
        self.share = lru_cache(maxsize=100_000)(self._share)

    def _share(self, kind: str, value: str) -> float | None:
        """The share of registrations, in (0, 1], that hold `value`; None if not known. `share` remembers it."""
        learned = self._static.share(kind, value)
        here = self._counts.get(kind, {}).get(value_hash(value))
        if here is None and learned is None:
            return None
        expected = self._rare[kind] if learned is None else learned
        return min(1.0, ((here or 0) + MODEL_WEIGHT * expected) / self._total)


@dataclass(frozen=True, slots=True)
class Weights:
    """What a comparison is weighed with: the model at the register's size, and the shares of values."""

    model: Model
    frequencies: Frequencies


def model_in_force(settings: DedupSettings) -> Model:
    """The model that the settings name, with their thresholds. Raises ValueError or OSError if it is not valid."""
    model = load_model(settings.dedup_model)
    lower = model.lower if settings.dedup_lower is None else settings.dedup_lower
    upper = model.upper if settings.dedup_upper is None else settings.dedup_upper
    if lower >= upper:
        raise ValueError("SIJILL_DEDUP_LOWER must be below SIJILL_DEDUP_UPPER")
    return replace(model, lower=lower, upper=upper)


def weights_of(model: Model) -> Weights:
    """Of the model alone, before the register's own counts have been read."""
    return Weights(model, StaticFrequencies(model.frequencies))


async def read_weights(pool: Pool, model: Model) -> Weights:
    """With the counts as they stand. Raises DatabaseUnavailable."""
    async with reaching(pool) as connection:
        total = await queries.registrations(connection)
        rows = await queries.frequent_values(connection)
    counts = {kind: dict(zip(hashes, ns, strict=True)) for kind, hashes, ns in rows}
    return Weights(model.for_population(total), LiveFrequencies(model, counts, total))
