"""Who calls with no token, a wrong one, or one for something else is refused, and learns nothing else."""

import time
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from services.identity.tokens.claims import sign
from shared.auth import AUDIENCE
from tests.contract.refusal import form, key, refused
from tests.contract.standing import Standing


def claims(house: Standing, **changes: Any) -> dict[str, Any]:
    """What a right access token of the charity's says, but for `changes`."""
    now = int(time.time())
    client = house.secrets["charity"][0]
    right = {
        "iss": house.urls["identity"], "sub": client, "client_id": client, "aud": AUDIENCE, "iat": now,
        "exp": now + 60, "jti": str(uuid4()), "scope": "aid:write aid:read", "roles": ["charity"], "zones": [],
        "charity_id": house.charities["charity"],
    }  # fmt: skip
    return {name: value for name, value in (right | changes).items() if value is not None}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_that_is_right_passes(house: Standing) -> None:
    with house.client(None) as nobody:
        headers = bearer(house.signed(claims(house))) | key()
        assert nobody.post("/v1/aid-requests", json=form(), headers=headers).status_code == 201


WRONG_CLAIMS: list[dict[str, Any]] = [
    {"exp": int(time.time()) - 1},
    {"exp": None},
    {"exp": "soon"},
    {"iat": int(time.time()) + 3600},
    {"iat": None},
    {"iss": "https://issuer.example"},
    {"iss": None},
    {"aud": "another"},
    {"aud": None},
    {"aud": ["another"]},
    {"aud": {"sijill": 1}},
    {"client_id": None},
    {"sub": None},
    {"charity_id": "not a uuid"},
    {"charity_id": 7},
    {"roles": 7},
    {"zones": 7},
    {"exp": 1e400},
    {"nbf": int(time.time()) + 3600},
]


@pytest.mark.parametrize("changes", WRONG_CLAIMS, ids=range(len(WRONG_CLAIMS)))
def test_a_token_with_a_wrong_claim_is_refused(house: Standing, changes: dict[str, Any]) -> None:
    with house.client(None) as nobody:
        headers = bearer(house.signed(claims(house, **changes))) | key()
        answer = refused(
            house, lambda: nobody.post("/v1/aid-requests", json=form(), headers=headers), 401, "invalid_token"
        )
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_token_that_is_tampered_with_or_of_a_strangers_key_is_refused(house: Standing) -> None:
    right = house.signed(claims(house))
    head, body, signature = right.split(".")
    ours: ECKey = house.apps["identity"].state.signing_key
    stranger = ECKey.generate_key("P-256", {"kid": ours.kid})
    unknown = ECKey.generate_key("P-256", {"kid": "unknown"})
    header = {"alg": "ES256", "kid": ours.kid, "typ": "JWT"}
    tokens = [
        f"{head}.{body[:-3]}AAA.{signature}",
        f"{head}.{body}.{signature[:-6]}AAAAAA",
        f"{head}.{body}.",
        f"{head}.{body}",
        "not-a-token",
        "a" * 5000,
        "é.é.é",
        sign(claims(house), stranger),
        sign(claims(house), unknown),
        jwt.encode(header, claims(house), ours, algorithms=["ES256"]),
        f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{body}.",
    ]
    with house.client(None) as nobody:
        for token in tokens:
            headers = {"Authorization": f"Bearer {token}".encode(), **key()}
            refused(
                house, lambda headers=headers: nobody.post("/v1/aid-requests", json=form(), headers=headers), 401,
                "invalid_token",
            )  # fmt: skip


@pytest.mark.parametrize("authorization", [None, "", "Basic b3A6b3A=", "Bearer", "Token abc"])
def test_without_a_token_nobody_is_calling(house: Standing, authorization: str | None) -> None:
    headers = key() if authorization is None else key() | {"Authorization": authorization}
    with house.client(None) as nobody:
        for path in ("/v1/aid-requests", "/v1/overlap-checks", "/v1/aid-requests:batch", "/v1/charities"):
            refused(house, lambda path=path: nobody.post(path, json=form(), headers=headers), 401, "missing_token")


def test_a_stranger_learns_nothing_of_what_is_wrong_with_his_form(house: Standing) -> None:
    with house.client(None) as nobody:
        refused(house, lambda: nobody.post("/v1/aid-requests", json={"x": 1}, headers=key()), 401, "missing_token")


@pytest.mark.parametrize("caller", ["coordinator", "reviewer", "auditor", "operator"])
def test_who_may_not_submit_is_told_so(house: Standing, caller: str) -> None:
    with house.client(caller) as client:
        refused(house, lambda: client.post("/v1/aid-requests", json=form(), headers=key()), 403, "insufficient_scope")
