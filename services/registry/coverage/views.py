"""What the coverage of a zone looks like on the wire."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.aid.selection import SpanView


class ZoneName(BaseModel):
    """`name_en` is null where the source's English is not to be trusted."""

    code: str
    level: int
    name_ar: str
    name_en: str | None


class CharityRef(BaseModel):
    id: UUID
    name_ar: str
    name_en: str | None


class Helped(BaseModel):
    """Each is counted once in every zone he is helped in, and once in the total: rows may add up to more."""

    helped: int = Field(description="With a request that is neither cancelled nor rejected.")
    by_two_or_more: int = Field(description="Of these, helped by two charities or more, here or anywhere.")


class ByCertainty(BaseModel):
    confirmed: int
    suspected: int


class Requests(BaseModel):
    total: int
    in_overlap: ByCertainty = Field(
        description="On either side of an open overlap; one with a confirmed and a suspected overlap is confirmed."
    )


class MoneyByCertainty(BaseModel):
    confirmed: Decimal
    suspected: Decimal


class Money(BaseModel):
    """Of one currency (ISO 4217); nothing is converted."""

    currency: str
    total: Decimal
    in_overlap: MoneyByCertainty = Field(description="What the requests on both sides of open overlaps ask for.")
    later: Decimal = Field(description="Of that, what the later requests ask for: what would be given twice.")


class PairView(BaseModel):
    """Two charities, or one with itself, whose requests overlap."""

    charities: tuple[CharityRef, CharityRef]
    overlaps: ByCertainty = Field(description="Counted once in every zone that one of its two requests names.")
    people: int = Field(description="People whom the later requests name.")


class CoverageRow(BaseModel):
    """`zone` is null for requests that name no zone of this level, and in the total."""

    zone: ZoneName | None
    charities: int
    people: Helped
    households: Helped
    requests: Requests
    money: list[Money]
    overlaps: list[PairView]


class CoverageView(BaseModel):
    zone: ZoneName
    level: int
    aid_type: str | None
    period: SpanView
    generated_at: datetime
    rows: list[CoverageRow]
    total: CoverageRow
