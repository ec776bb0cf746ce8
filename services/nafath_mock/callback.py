"""The signed word that somebody accepted, and its delivery to the service provider."""

from datetime import datetime, timedelta

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import BaseModel

from services.nafath_mock.people import attributes
from services.nafath_mock.transactions import Status, Transaction
from shared import log

ISSUER = "Nafath App"
ALGORITHM = "RS256"
LIFE = timedelta(minutes=5)


class Callback(BaseModel):
    """What is posted to the registered URL. Only `token` proves anything, and it must name this transId."""

    token: str
    transId: str
    requestId: str


def signed(transaction: Transaction, audience: str, key: RSAKey, now: datetime) -> Callback:
    moment = int(now.timestamp())
    claims = {
        "iss": ISSUER, "aud": audience, "iat": moment, "nbf": moment,
        "exp": int((now + LIFE).timestamp()), "transId": str(transaction.trans_id),
        "status": Status.COMPLETED.value, **attributes(transaction.number, transaction.kind),
    }  # fmt: skip
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key.kid}
    return Callback(
        token=jwt.encode(header, claims, key, algorithms=[ALGORITHM]),
        transId=str(transaction.trans_id),
        requestId=str(transaction.request_id),
    )


async def deliver(http: httpx.AsyncClient, url: str, callback: Callback) -> None:
    """Once; whether the real one tries again is not public."""
    try:
        answer = await http.post(url, json=callback.model_dump())
        answer.raise_for_status()
    except httpx.HTTPError as error:
        log.logger().warning("callback not taken", transaction_id=callback.transId, error_type=type(error).__name__)
