"""What each aid type allows: the unit that is helped, whether twice at once, and what another charity is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared import errors
from shared.errors import Text


class UnknownAidType(errors.NotFound):
    code = "unknown_aid_type"
    text = Text("لا يوجد نوع مساعدة بهذا الرمز.", "There is no aid type of this code.")


class Unit(StrEnum):
    PERSON = "person"
    HOUSEHOLD = "household"


class Concurrency(StrEnum):
    FORBIDDEN = "forbidden"
    LIMITED = "limited"
    ALLOWED = "allowed"


class Effect(StrEnum):
    HOLD = "hold"
    INFORM = "inform"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of one aid type in one version.

    max_grants, max_amount: for `limited`, what one unit may have within `window_days`; None is no limit.
    cool_down_days: days that must pass between the end of one grant and the start of the next.
    conflicts_with: aid types that may not run beside this one.
    """

    aid_type: str
    version: int
    unit: Unit
    concurrency: Concurrency
    max_grants: int | None
    max_amount: Decimal | None
    window_days: int | None
    cool_down_days: int
    conflicts_with: frozenset[str]
    discloses_charity: bool
    effect: Effect


@dataclass(frozen=True, slots=True)
class AidType:
    code: str
    group_code: str
    name_ar: str
    name_en: str
    policy: Policy


class Catalogue:
    """The aid types with the policy version in force, in memory."""

    def __init__(self, types: Mapping[str, AidType]) -> None:
        self._types = types

    def __contains__(self, code: object) -> bool:
        return code in self._types

    def aid_type(self, code: str) -> AidType:
        """Raises UnknownAidType."""
        try:
            return self._types[code]
        except KeyError:
            raise UnknownAidType from None

    def policy(self, code: str) -> Policy:
        return self.aid_type(code).policy

    def all(self) -> list[AidType]:
        return list(self._types.values())
