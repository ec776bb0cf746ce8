"""The weights of the linkage as data: one JSON file says what was learned, from what, and when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from math import log2
from pathlib import Path

import orjson

from services.dedup.model.chances import Chances, Logs
from services.dedup.model.check import LAYOUT, ModelUnusable, checked

__all__ = ["Chances", "Model", "ModelUnusable", "load_model"]

_DEFAULT = Path(__file__).with_name("default.json")
# A chance that was never seen in training is still a chance.
_LEAST = 1e-9


@dataclass(frozen=True)
class Model:
    """Everything that turns a comparison into a probability and a verdict.

    population: registrations for which `prior` and `kin` hold.
    prior: chance that two random registrations are of one person.
    kin:   chance that two random registrations of two persons are of one family.
    lower, upper: probabilities between which a person must look.
    upper_error: expected share of wrong links among the automatic ones.
    lower_error: expected chance that a pair left apart just below `lower` is one person.
    common: number of records from which a shared phone or ID is a default, not a fact.
    rare:  share assumed for a value that the table of its kind does not hold.
    frequencies: kind of value -> value -> share of records, for the commonest values.
    """

    version: str
    learned_on: date
    data: str
    population: int
    prior: float
    kin: float
    lower: float
    upper: float
    lower_error: float
    upper_error: float
    common: Mapping[str, float]
    rare: Mapping[str, float]
    levels: Mapping[str, Mapping[str, Chances]]
    frequencies: Mapping[str, Mapping[str, float]]

    @cached_property
    def logs(self) -> dict[tuple[str, str], Logs]:
        """(field, level) -> the binary logarithms of its chances."""
        return {
            (field, level): Logs(*(log2(max(chance, _LEAST)) for chance in (c.m, c.k, c.u)))
            for field, levels in self.levels.items()
            for level, c in levels.items()
        }

    @cached_property
    def prior_bits(self) -> float:
        """Binary logarithm of the odds that two random registrations are of one person."""
        return log2(self.prior / (1 - self.prior))

    @cached_property
    def two_persons(self) -> tuple[float, float]:
        """Binary logarithms: of two persons, the chances to be of one family and to be strangers."""
        return log2(self.kin), log2(1 - self.kin)

    def for_population(self, registrations: int) -> "Model":
        """This model for a register of another size: a person has as many records, and as many kin."""
        scale = self.population / max(registrations, 1_000)
        return replace(
            self,
            population=max(registrations, 1_000),
            prior=min(self.prior * scale, 0.1),
            kin=min(self.kin * scale, 0.1),
        )

    def dump(self) -> bytes:
        """The model as indented JSON with sorted keys, for `load_model`."""
        return orjson.dumps({"layout": LAYOUT, **asdict(self)}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def load_model(path: Path | None = None) -> Model:
    """The model in `path`, by default the one that ships. Raises OSError, ModelUnusable."""
    try:
        stored = checked(orjson.loads((path or _DEFAULT).read_bytes()))
        learned_on = date.fromisoformat(stored["learned_on"])
    except ModelUnusable:
        raise
    except ValueError:
        raise ModelUnusable("this is no model: it is not JSON, or learned_on is no date (YYYY-MM-DD)") from None
    levels = {
        field: {level: Chances(**chances) for level, chances in of_field.items()}
        for field, of_field in stored["levels"].items()
    }
    rest = {name: part for name, part in stored.items() if name not in ("layout", "levels", "learned_on")}
    return Model(learned_on=learned_on, levels=levels, **rest)
