"""What the report of duplicates looks like as JSON. No personal data in it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from services.registry.aid.selection import SpanView
from services.registry.decisions.views import FindingView

StateFilter = Literal["open", "closed", "all"]


class Count(BaseModel):
    findings: int
    confirmed: int
    suspected: int
    open: int
    closed: int


class KeyedCount(Count):
    """`key` is null where there is none: no zone named, no model needed."""

    key: str | None
    name_ar: str | None = None
    name_en: str | None = None


class MoneyCount(BaseModel):
    """What the later requests of open findings ask for, each request once."""

    currency: str
    amount: Decimal
    requests: int


class Counts(BaseModel):
    """Over all findings of the filters, whatever the page. A finding counts once under each key it touches."""

    total: Count
    by_zone: list[KeyedCount]
    by_charity: list[KeyedCount]
    by_aid_type: list[KeyedCount]
    by_rule: list[KeyedCount]
    by_model: list[KeyedCount]
    money: list[MoneyCount]


class Thresholds(BaseModel):
    """Of the model in force: pairs at `upper` or above are linked, below `lower` kept apart, a person decides between.

    upper_error: expected share of wrong links among the automatic ones.
    lower_error: expected chance that a pair just below `lower` is one person.
    """

    model_version: str
    learned_on: date
    data: str
    lower: float
    upper: float
    lower_error: float
    upper_error: float


class Method(BaseModel):
    text_ar: str
    text_en: str
    thresholds: Thresholds | None = Field(description="Null if the matching service did not tell them just now.")


class Filters(BaseModel):
    zone: str | None
    aid_type: str | None
    period: SpanView
    state: StateFilter


class DuplicatesReport(BaseModel):
    generated_at: datetime
    filters: Filters
    method: Method
    counts: Counts
    findings: list[FindingView]
    next: str | None = Field(description="Cursor of the next page, or null at the end.")
