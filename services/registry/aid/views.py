"""What the API answers about aid requests."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.aid.examples import CHECKED, HELD, LINE
from services.registry.aid.policy import AidType
from shared.problems import Problem


class Bilingual(BaseModel):
    ar: str
    en: str


class PeriodView(BaseModel):
    """Gregorian days with the same in Umm al-Qura; the end is the last day covered."""

    start: date
    end: date
    start_hijri: str | None
    end_hijri: str | None


class MoneyView(BaseModel):
    value: Decimal
    currency: str


class CharityName(BaseModel):
    ar: str
    en: str | None


class OverlapView(BaseModel):
    """Aid that overlaps with this request: only what the overlap policy lets this charity know."""

    aid_type: str
    period: PeriodView
    zone: str | None = Field(description="Code of the zone of the other request.")
    certainty: Literal["confirmed", "suspected"]
    rule: Literal["same_type", "conflicting_type", "cool_down", "limit"]
    own_request: UUID | None = Field(description="The other request, where it is this charity's own.")
    charity: CharityName | None = Field(description="The other charity, where the policy of the aid type says so.")
    reason: Bilingual


PersonState = Literal["new", "joined", "in_review", "unknown"]


class AidRequestView(BaseModel):
    """`person` tells no more than the charity's own registrations and the overlaps below it tell:
    `new` to this charity, `joined` with one it knew or with an overlap's person, `in_review` where that is
    not certain, `unknown` while the screening is pending."""

    model_config = ConfigDict(json_schema_extra={"examples": [HELD]})

    id: UUID
    source_ref: str
    status: Literal["pending", "cleared", "held", "approved", "rejected", "delivered", "closed", "cancelled"]
    screening: Literal["pending", "final"]
    person: PersonState
    aid_type: str
    period: PeriodView
    amount: MoneyView | None
    note: str | None
    zone: str | None
    overlaps: list[OverlapView]
    reason: Bilingual
    version: int
    created_at: datetime
    updated_at: datetime


class AidRequestPage(BaseModel):
    items: list[AidRequestView]
    next: str | None = Field(description="Cursor of the next page, or null at the end.")


class CheckView(BaseModel):
    """What a submission would be answered, with nothing stored."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHECKED]})

    status: Literal["cleared", "held"]
    person: PersonState
    overlaps: list[OverlapView]
    reason: Bilingual


class LineResult(BaseModel):
    """The answer to one line of a batch: a request, or a problem. `line` counts from 1."""

    model_config = ConfigDict(json_schema_extra={"examples": [LINE]})

    line: int
    outcome: Literal["stored", "replayed", "refused"]
    request: UUID | None = None
    status: str | None = None
    problem: Problem | None = None


class AidTypeView(BaseModel):
    """An aid type with its policy: what is one unit, whether twice at once, and what is done about it."""

    code: str
    group: str
    name_ar: str
    name_en: str
    unit: Literal["person", "household"]
    concurrency: Literal["forbidden", "limited", "allowed"]
    max_grants: int | None
    max_amount: Decimal | None
    window_days: int | None
    cool_down_days: int
    conflicts_with: list[str]
    discloses_charity: bool
    effect: Literal["hold", "inform"]
    policy_version: int

    @classmethod
    def of(cls, aid_type: AidType) -> Self:
        policy = aid_type.policy
        return cls(
            code=aid_type.code, group=aid_type.group_code, name_ar=aid_type.name_ar, name_en=aid_type.name_en,
            unit=policy.unit.value, concurrency=policy.concurrency.value, max_grants=policy.max_grants,
            max_amount=policy.max_amount, window_days=policy.window_days, cool_down_days=policy.cool_down_days,
            conflicts_with=sorted(policy.conflicts_with), discloses_charity=policy.discloses_charity,
            effect=policy.effect.value, policy_version=policy.version,
        )  # fmt: skip


class AidTypeList(BaseModel):
    items: list[AidTypeView]
