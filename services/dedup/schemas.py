"""What goes over the wire between the registry and the linker."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.dedup.engine.record import Calendar, Gender, Precision, Typed

Name = Annotated[str, StringConstraints(max_length=300)]
Token = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,128}$")]
Code = Annotated[str, StringConstraints(max_length=40)]
Phone = Annotated[str, StringConstraints(max_length=40)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordForm(Form):
    """A registration as typed; `null` and an absent field both mean that nothing was typed.

    id_token and id_near are keyed hashes of the national ID: the number itself is never sent.
    """

    record_id: UUID
    charity_id: UUID
    full_name: Name | None = None
    full_name_latin: Name | None = None
    id_token: Token | None = None
    id_near: tuple[Token, ...] = Field(default=(), max_length=20)
    id_kind: Code | None = None
    birth: date | None = Field(default=None, description="Gregorian day, whatever calendar it was typed in.")
    birth_precision: Precision | None = None
    birth_calendar: Calendar | None = None
    gender: Gender | None = None
    phones: tuple[Phone, ...] = Field(default=(), max_length=10)
    zone_path: tuple[Code, ...] = Field(default=(), max_length=6)
    address_text: Annotated[str, StringConstraints(max_length=500)] | None = None
    household_ref: Annotated[str, StringConstraints(max_length=100)] | None = None
    household_role: Code | None = None

    def typed(self) -> Typed:
        return Typed(**self.__dict__)


class RecordsForm(Form):
    records: list[RecordForm] = Field(min_length=1, max_length=500)


class RemovalForm(Form):
    record_ids: list[UUID] = Field(min_length=1, max_length=500)


class EvidenceShown(BaseModel):
    field: str
    level: str
    bits: float = Field(description="Above 0 speaks for one person.")


class MatchShown(BaseModel):
    record_id: UUID
    outcome: Literal["certain", "probable", "possible", "conflict"]
    rule: str
    probability: float
    bits: float
    evidence: list[EvidenceShown]
    reason_ar: str
    reason_en: str


class LinkedShown(BaseModel):
    record_id: UUID
    matches: list[MatchShown] = Field(description="Best first, at most 20.")
    candidates: int = Field(description="Stored records that share a blocking key with this one.")


class LinksShown(BaseModel):
    """An answer per record, in the order asked."""

    results: list[LinkedShown]
    model_version: str


class RemovedShown(BaseModel):
    removed: int = Field(description="How many of the records were stored.")


class ModelShown(BaseModel):
    """What an auditor must know of the weights: their origin, and what the thresholds are expected to cost."""

    model_version: str
    learned_on: date
    data: str
    lower: float
    upper: float
    lower_error: float = Field(description="Expected chance that a pair just below `lower` is one person.")
    upper_error: float = Field(description="Expected share of wrong links among the automatic ones.")


class ProposalsQuery(Form):
    """Which proposals: those of greater revision than `after`."""

    after: int = Field(default=0, ge=0, lt=2**63, description="`next` of the page before; 0 for the first.")
    limit: int = Field(default=100, ge=1, le=500)
    state: Literal["open", "withdrawn"] | None = None


class ProposalShown(BaseModel):
    """A pair of which more, or other, would be said now than was answered when its records were linked."""

    record_ids: tuple[UUID, UUID] = Field(description="The lesser id first.")
    state: Literal["open", "withdrawn"] = Field(description="`withdrawn` where it no longer holds.")
    outcome: Literal["certain", "probable", "possible", "conflict", "apart"]
    answered: Literal["certain", "probable", "possible", "conflict"] | None = Field(
        description="What was answered before; null if the pair was not named."
    )
    rule: str
    probability: float
    bits: float
    evidence: list[EvidenceShown]
    model_version: str
    found_at: datetime
    revision: int = Field(description="Grows with every change of any proposal.")


class ProposalsShown(BaseModel):
    """A page, least revision first. Ask again from `next` at any time: it then gives what is new or has changed."""

    items: list[ProposalShown]
    next: int
