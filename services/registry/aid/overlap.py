"""The rule of overlap: same or conflicting aid type, for the same unit, with days in common or too close.

Pure: values in, values out. Who is the same unit is settled before (`people/resolve.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from services.registry.aid.policy import Concurrency, Policy
from shared.ids import RequestId


class Rule(StrEnum):
    SAME_TYPE = "same_type"
    CONFLICTING_TYPE = "conflicting_type"
    COOL_DOWN = "cool_down"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Award:
    """Aid of one type from `starts_on` to `ends_on`, both days included.

    priority: lower = asked for earlier. status: of its request.
    """

    request_id: RequestId
    aid_type: str
    starts_on: date
    ends_on: date
    amount: Decimal | None = None
    currency: str | None = None
    priority: int = 0
    status: str = "cleared"


A = TypeVar("A", bound=Award)


@dataclass(frozen=True, slots=True)
class Overlap(Generic[A]):
    """`other` overlaps what is asked, by `rule`; the common days, where there are any."""

    other: A
    rule: Rule
    common_from: date | None
    common_to: date | None


def overlapping(asked: Award, others: Iterable[A], policy: Policy) -> list[Overlap[A]]:
    """The awards of the same unit in `others` that overlap `asked` under the policy of its type.

    A `limited` type overlaps with those of its window that come before it, once they and `asked` together pass
    the limit. Earliest start first.
    """
    ordered = sorted(others, key=lambda award: (award.starts_on, award.request_id))
    found = [overlap for award in ordered if (overlap := _between(asked, award, policy))]
    if policy.concurrency is Concurrency.LIMITED:
        found += _past_limit(asked, [award for award in ordered if award.aid_type == asked.aid_type], policy)
    return sorted(found, key=lambda overlap: (overlap.other.starts_on, overlap.other.request_id))


def _between(asked: Award, other: A, policy: Policy) -> Overlap[A] | None:
    start, end = max(asked.starts_on, other.starts_on), min(asked.ends_on, other.ends_on)
    if other.aid_type in policy.conflicts_with:
        return Overlap(other, Rule.CONFLICTING_TYPE, start, end) if start <= end else None
    if other.aid_type != asked.aid_type or policy.concurrency is not Concurrency.FORBIDDEN:
        return None
    if start <= end:
        return Overlap(other, Rule.SAME_TYPE, start, end)
    days_between = (start - end).days - 1
    return Overlap(other, Rule.COOL_DOWN, None, None) if days_between < policy.cool_down_days else None


def _past_limit(asked: Award, same_type: Sequence[A], policy: Policy) -> list[Overlap[A]]:
    """Amounts count against the limit in the currency that is asked for; no rate is invented."""
    window = timedelta(days=policy.window_days or 0)
    near = [
        award
        for award in same_type
        if award.ends_on >= asked.starts_on - window
        and award.starts_on <= asked.ends_on + window
        and _comes_before(award, asked)
    ]
    spent = [award.amount or Decimal(0) for award in near if award.currency == asked.currency]
    too_many = policy.max_grants is not None and len(near) + 1 > policy.max_grants
    too_much = policy.max_amount is not None and sum(spent, asked.amount or Decimal(0)) > policy.max_amount
    return [_limited(asked, award) for award in near] if too_many or too_much else []


def _comes_before(other: Award, asked: Award) -> bool:
    """The earlier request, or one that was granted while `asked` was not; what is held takes no place."""
    if other.status == "held":
        return False
    granted = other.status != "pending" and asked.status in ("pending", "held")
    return other.priority < asked.priority or granted


def _limited(asked: Award, other: A) -> Overlap[A]:
    start, end = max(asked.starts_on, other.starts_on), min(asked.ends_on, other.ends_on)
    return Overlap(other, Rule.LIMIT, start, end) if start <= end else Overlap(other, Rule.LIMIT, None, None)
