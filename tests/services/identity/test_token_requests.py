"""The token endpoint's refusals, in the shape and with the codes of RFC 6749."""

import httpx
import pytest

from services.identity.tokens.throttle import FAILURES, Throttle

GRANT = {"grant_type": "client_credentials"}
OPERATOR = ("operator", "operator-secret-0123456789-0123456789")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

REFUSED = {
    "no grant type": (b"scope=clients:manage", 400, "invalid_request"),
    "another grant": (b"grant_type=password", 400, "unsupported_grant_type"),
    "a parameter twice": (b"grant_type=client_credentials&scope=a&scope=b", 400, "invalid_request"),
    "a scope nobody has": (b"grant_type=client_credentials&scope=everything", 400, "invalid_scope"),
    "a secret in the form": (b"grant_type=client_credentials&client_secret=x", 400, "invalid_request"),
    "another client in the form": (b"grant_type=client_credentials&client_id=x", 400, "invalid_request"),
    "no form at all": (b"{}", 400, "invalid_request"),
    "bytes that are no text": (b"grant_type=%ff", 400, "invalid_request"),
    "a null byte for a scope": (b"grant_type=client_credentials&scope=%00", 400, "invalid_scope"),
    "nothing": (b"", 400, "invalid_request"),
}


@pytest.mark.parametrize(("body", "status", "error"), REFUSED.values(), ids=REFUSED.keys())
async def test_refused_is(body: bytes, status: int, error: str, http: httpx.AsyncClient) -> None:
    answer = await http.post("/oauth2/token", content=body, headers=FORM, auth=OPERATOR)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"


async def test_json_is_not_a_token_request(http: httpx.AsyncClient) -> None:
    answer = await http.post("/oauth2/token", json=GRANT, auth=OPERATOR)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_an_unknown_client_and_a_wrong_secret_get_one_answer(http: httpx.AsyncClient) -> None:
    wrong = await http.post("/oauth2/token", data=GRANT, auth=("operator", "guessed"))
    unknown = await http.post("/oauth2/token", data=GRANT, auth=("nobody", "guessed"))

    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert (wrong.json(), wrong.status_code) == (unknown.json(), unknown.status_code)
    assert wrong.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic ???", "Basic bm9jb2xvbg==", "Basic /////w=="])
async def test_whoever_says_not_who_he_is_gets_no_token(header: str, http: httpx.AsyncClient) -> None:
    answer = await http.post("/oauth2/token", data=GRANT, headers={"Authorization": header})

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_after_ten_failures_a_client_id_is_not_even_looked_at(http: httpx.AsyncClient) -> None:
    for _ in range(FAILURES):
        await http.post("/oauth2/token", data=GRANT, auth=("operator", "guessed"))

    blocked = await http.post("/oauth2/token", data=GRANT, auth=OPERATOR)
    another = await http.post("/oauth2/token", data=GRANT, auth=("registry", "guessed"))

    assert (blocked.status_code, blocked.json()["error"]) == (429, "slow_down")
    assert int(blocked.headers["retry-after"]) > 0
    assert another.status_code == 401


def test_failures_are_forgotten_after_a_minute_and_after_a_success() -> None:
    seconds = [0.0]
    throttle = Throttle(clock=lambda: seconds[0])
    key = ("client", "127.0.0.1")
    for _ in range(FAILURES):
        throttle.failed(key)
    assert throttle.blocked(key)

    seconds[0] = 59.9
    assert throttle.blocked(key)
    seconds[0] = 60.0
    assert not throttle.blocked(key)
    for _ in range(FAILURES):
        throttle.failed(key)
    throttle.succeeded(key)
    assert not throttle.blocked(key)


async def test_discovery_claims_only_what_is_there(http: httpx.AsyncClient) -> None:
    openid = (await http.get("/.well-known/openid-configuration")).json()
    oauth = (await http.get("/.well-known/oauth-authorization-server")).json()

    assert openid == oauth
    assert openid["grant_types_supported"] == ["client_credentials"]
    assert "authorization_endpoint" not in openid
    for endpoint in ("token_endpoint", "jwks_uri"):
        assert (await http.get(openid[endpoint])).status_code != 404


async def test_published_keys_are_public(http: httpx.AsyncClient) -> None:
    keys = (await http.get("/jwks")).json()["keys"]

    assert [(key["kty"], key["alg"], key["use"]) for key in keys] == [("EC", "ES256", "sig")]
    assert all("d" not in key for key in keys)
