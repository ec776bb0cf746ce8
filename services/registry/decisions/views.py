"""What reviewers and auditors see of a held request and of the overlaps that flag it. No personal data in it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.aid.views import PeriodView


class CharityRef(BaseModel):
    id: UUID
    name_ar: str
    name_en: str | None


class SideView(BaseModel):
    """One of the two requests of a finding."""

    request: UUID
    charity: CharityRef
    aid_type: str
    zone: str | None
    period: PeriodView
    amount: Decimal | None
    currency: str | None
    status: str
    version: int


class FieldEvidence(BaseModel):
    field: str
    level: str = Field(description="How far the two agree in it.")
    bits: float = Field(description="Above 0 speaks for one person.")


class Support(BaseModel):
    """One comparison that the finding rests on."""

    rule: str
    outcome: str | None = Field(description="What the linkage said, where a person has yet to decide.")
    how: str | None = Field(description="How the registration was linked to its person, where it was.")
    probability: float | None
    bits: float | None
    model_version: str | None
    fields: list[FieldEvidence]


class EvidenceView(BaseModel):
    tie: str = Field(description="What ties the two: one person or household, or possibly one.")
    support: list[Support]


class FindingView(BaseModel):
    """`later` is flagged, `earlier` keeps its priority. `probability` is null for a confirmed overlap."""

    id: UUID
    later: SideView
    earlier: SideView
    rule: Literal["same_type", "conflicting_type", "cool_down", "limit"]
    unit: Literal["person", "household"]
    certainty: Literal["confirmed", "suspected"]
    probability: float | None
    common_from: date | None
    common_to: date | None
    evidence: EvidenceView
    policy_version: int
    model_version: str | None
    effect: Literal["hold", "inform"]
    state: Literal["open", "closed"]
    found_at: datetime
    closed_at: datetime | None
    closed_because: str | None


class HeldRequestView(BaseModel):
    """A request that waits for a person, with the open overlaps that hold it: `later` is this request in each."""

    id: UUID
    charity: CharityRef
    aid_type: str
    zone: str | None
    period: PeriodView
    amount: Decimal | None
    currency: str | None
    version: int
    etag: str = Field(description="For the If-Match of the decision.", examples=['"2"'])
    created_at: datetime
    findings: list[FindingView]


class HeldPage(BaseModel):
    items: list[HeldRequestView]
    next: str | None = Field(description="Cursor of the next page, or null at the end.")
