"""Charities: registered by an operator, seen by everyone who works with the register."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from services.registry.charities import queries
from services.registry.charities.errors import CharityNotFound, LicenceTaken
from services.registry.charities.queries import Charity
from services.registry.zones.tree import UnknownZone, ZoneTree
from shared.auth import Authenticated, Caller, scope
from shared.bodies import StrictRoute
from shared.clock import now
from shared.errors import Flaw
from shared.ids import CharityId, new_id
from shared.lines import FilledLine, Line
from shared.openapi import refusals
from shared.problems import InvalidInput
from shared.web import Transaction

router = APIRouter(prefix="/v1/charities", tags=["charities"], route_class=StrictRoute)

Name = Annotated[FilledLine, Field(min_length=2, max_length=200)]
ZoneCode = Annotated[Line, Field(min_length=2, max_length=40)]


class CharityForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    licence_number: str = Field(min_length=1, max_length=20, pattern=r"^[0-9]+$", examples=["5170"])
    name_ar: Name = Field(examples=["جمعية البر بجدة (تجريبية)"])
    name_en: Annotated[FilledLine, Field(min_length=2)] | None = Field(
        default=None, max_length=200, examples=["Jeddah Relief (sample)"]
    )
    zones: tuple[Annotated[Line, Field(max_length=40)], ...] = Field(
        default=(), max_length=200, examples=[["SA-02-02"]]
    )


class CharityView(BaseModel):
    id: UUID
    licence_number: str
    name_ar: str
    name_en: str | None
    zones: tuple[str, ...]
    created_at: datetime


class CharityPage(BaseModel):
    items: list[CharityView]


@router.post("", status_code=201, responses=refusals(LicenceTaken))
async def register_charity(
    form: CharityForm,
    request: Request,
    _: Annotated[Caller, Depends(scope("charities:manage"))],
    connection: Transaction,
) -> CharityView:
    """Register a charity. Its machine client is then made at the identity service."""
    zones: ZoneTree = request.app.state.zones
    unknown = [place for place, code in enumerate(form.zones) if code not in zones]
    if unknown:
        raise InvalidInput(
            flaws=tuple(Flaw(f"/zones/{place}", UnknownZone.code, UnknownZone.text) for place in unknown)
        )
    charity = Charity(
        CharityId(new_id()), form.licence_number, form.name_ar, form.name_en, form.zones, created_at=now()
    )
    if not await queries.add(connection, charity):
        raise LicenceTaken
    return _view(charity)


@router.get("")
async def list_charities(_: Authenticated, connection: Transaction) -> CharityPage:
    """All charities of the register, oldest first."""
    return CharityPage(items=[_view(charity) for charity in await queries.all_charities(connection)])


@router.get("/{charity_id}", responses=refusals(CharityNotFound))
async def read_charity(charity_id: UUID, _: Authenticated, connection: Transaction) -> CharityView:
    """One charity."""
    charity = await queries.by_id(connection, charity_id)
    if charity is None:
        raise CharityNotFound
    return _view(charity)


def _view(charity: Charity) -> CharityView:
    return CharityView(
        id=charity.id,
        licence_number=charity.licence_number,
        name_ar=charity.name_ar,
        name_en=charity.name_en,
        zones=charity.zones,
        created_at=charity.created_at,
    )
