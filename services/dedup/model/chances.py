"""How often a level of a field is seen, among pairs of records of three kinds."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Chances:
    """How often a level of a field is seen, in [0, 1], among three kinds of pairs of records.

    m: of one person; k: of two persons of one family; u: of two strangers.
    """

    m: float
    k: float
    u: float


class Logs(NamedTuple):
    """Binary logarithms of `Chances`."""

    m: float
    k: float
    u: float
