"""The person's phone: three numbers of which he picks the one he was shown, or refuses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.nafath_mock import callback
from services.nafath_mock.errors import WireErrorBody
from services.nafath_mock.settings import NafathMockSettings
from services.nafath_mock.transactions import Status, Transaction, Transactions
from shared.bodies import StrictRoute
from shared.clock import now
from shared.openapi import Responses

_ERRORS: Responses = {400: {"model": WireErrorBody, "description": "No such transaction, or it has expired."}}
router = APIRouter(prefix="/phone", tags=["phone"], route_class=StrictRoute, responses=_ERRORS)


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    choice: Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]|reject)$")]


class PhoneView(BaseModel):
    service: str
    choices: list[str]
    status: Status


@router.get("/{trans_id}")
async def see_sign_on(trans_id: UUID, request: Request) -> PhoneView:
    """What the phone shows."""
    return _view(_transactions(request).find(trans_id, now()))


@router.post("/{trans_id}")
async def answer_sign_on(trans_id: UUID, choice: Choice, request: Request, after: BackgroundTasks) -> PhoneView:
    """Pick a number or `reject`. An acceptance is announced, signed, to the provider's registered URL."""
    moment = now()
    transactions = _transactions(request)
    before = transactions.find(trans_id, moment).status(moment)
    decided = transactions.choose(trans_id, choice.choice, moment)
    if before is Status.WAITING and decided.decided is Status.COMPLETED:
        _announce(decided, request, after)
    return _view(decided)


def _announce(accepted: Transaction, request: Request, after: BackgroundTasks) -> None:
    settings: NafathMockSettings = request.app.state.settings
    url = settings.nafath_mock_callback_url
    if url is None:
        return
    state = request.app.state
    word = callback.signed(accepted, settings.nafath_mock_audience, state.signing_key, now())
    after.add_task(callback.deliver, state.http, str(url), word)


def _view(transaction: Transaction) -> PhoneView:
    return PhoneView(service=transaction.service, choices=list(transaction.choices), status=transaction.status(now()))


def _transactions(request: Request) -> Transactions:
    transactions: Transactions = request.app.state.transactions
    return transactions
