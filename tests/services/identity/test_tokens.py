"""Access tokens: given to who proves himself, believed only when they are ours."""

import httpx

from shared.auth import TokenChecker

GRANT = {"grant_type": "client_credentials"}
OPERATOR = ("operator", "operator-secret-0123456789-0123456789")


async def test_a_token_proves_its_client_to_every_service(
    http: httpx.AsyncClient, checker: TokenChecker
) -> None:
    answer = await http.post("/oauth2/token", data=GRANT, auth=OPERATOR)

    caller = await checker.check(answer.json()["access_token"])

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert caller.client_id == caller.subject == "operator"
    assert caller.scopes == {"charities:manage", "clients:manage"}
