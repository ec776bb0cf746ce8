"""What each route needs of its caller, and a call of it that is right: one table, which must name every route."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from services.identity.clients.roles import SCOPES, Role
from tests.contract import refusal
from tests.contract.standing import Standing

PUBLIC, ANYONE = "no token", "any token"
METHODS = ("get", "post", "put", "patch", "delete")
OF_A_REQUEST = "{request_id}"
_NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Route:
    """needs: a scope, ANYONE or PUBLIC. body: one that is right, or what makes one."""

    service: str
    method: str
    path: str
    needs: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.service} {self.method.upper()} {self.path}"

    def lets_in(self, role: Role) -> bool:
        return self.needs in (PUBLIC, ANYONE) or self.needs in SCOPES[role]

    def call(self, client: httpx.Client, **places: str) -> httpx.Response:
        """The call, with `places` put into the path."""
        headers = refusal.key() | dict(self.headers)
        body = self.body() if callable(self.body) else self.body
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        if self.headers == _NDJSON:
            sent = {"content": json.dumps(body)}
        return client.request(self.method, self.path.format(**places), headers=headers, params=self.params, **sent)


def _read(service: str, path: str, needs: str, **params: str) -> Route:
    return Route(service, "get", path, needs, params=params)


def _operation(service: str) -> list[Route]:
    paths = ("/livez", "/readyz", "/version", "/metrics", "/problems/{code}")
    return [_read(service, path, PUBLIC) for path in paths]


_licences = count(8_001)


def _a_charity() -> dict[str, Any]:
    return {"licence_number": str(next(_licences)), "name_ar": "جمعية تجريبية"}


_ONE = "/v1/aid-requests/{request_id}"
_ANY_COPY = {"If-Match": "*"}
_LINKED = {"records": [{"record_id": "0199a000-0000-7000-8000-000000000001",
                        "charity_id": "0199a000-0000-7000-8000-000000000002", "full_name": "سالم علي"}]}  # fmt: skip

ROUTES = [
    *_operation("registry"), *_operation("identity"), *_operation("dedup"),
    _read("registry", "/v1/charities", ANYONE),
    Route("registry", "post", "/v1/charities", "charities:manage", body=_a_charity),
    _read("registry", "/v1/charities/{charity_id}", ANYONE),
    _read("registry", "/v1/zones", ANYONE),
    _read("registry", "/v1/zones/{code}", ANYONE),
    _read("registry", "/v1/aid-types", ANYONE),
    Route("registry", "post", "/v1/aid-requests", "aid:write", body=refusal.form),
    Route("registry", "post", "/v1/aid-requests:batch", "aid:write", body=refusal.form, headers=_NDJSON),
    Route("registry", "post", "/v1/overlap-checks", "aid:write", body=refusal.form),
    _read("registry", "/v1/aid-requests", "aid:read"),
    _read("registry", _ONE, "aid:read"),
    Route("registry", "patch", _ONE, "aid:write", body={"note": "أخرى"}, headers=_ANY_COPY),
    Route("registry", "post", f"{_ONE}/cancellation", "aid:write", body={"reason": "سجل مكرر"}, headers=_ANY_COPY),
    Route("registry", "post", f"{_ONE}/delivery", "aid:write", body={"delivered_on": "2026-10-01"}, headers=_ANY_COPY),
    Route("registry", "post", f"{_ONE}/decision", "decisions:write", headers=_ANY_COPY,
          body={"decision": "reject", "reason": "سبب كاف للرفض"}),
    _read("registry", "/v1/held-requests", "decisions:write"),
    _read("registry", "/v1/coverage/overlap", "coverage:read", zone="SA-02-02"),
    _read("registry", "/v1/reports/duplicates", "reports:read", zone="SA-02-02"),
    Route("identity", "post", "/oauth2/token", PUBLIC),
    _read("identity", "/jwks", PUBLIC),
    _read("identity", "/.well-known/oauth-authorization-server", PUBLIC),
    _read("identity", "/.well-known/openid-configuration", PUBLIC),
    Route("identity", "post", "/v1/clients", "clients:manage", body={"name": "another", "roles": ["auditor"]}),
    _read("identity", "/v1/clients", "clients:manage"),
    Route("identity", "post", "/v1/clients/{client_id}/secrets", "clients:manage", body={}),
    Route("identity", "delete", "/v1/clients/{client_id}", "clients:manage"),
    _read("dedup", "/v1/model", "dedup:link"),
    _read("dedup", "/v1/proposals", "dedup:link"),
    Route("dedup", "post", "/v1/links", "dedup:link", body=_LINKED),
    Route("dedup", "post", "/v1/matches", "dedup:link", body=_LINKED),
    Route("dedup", "post", "/v1/removals", "dedup:link", body={"record_ids": [_LINKED["records"][0]["record_id"]]}),
]  # fmt: skip


def published(house: Standing) -> set[str]:
    """The names of all routes that the services publish."""
    return {
        f"{service} {method.upper()} {path}"
        for service, app in house.apps.items()
        for path, item in app.openapi()["paths"].items()
        for method in item
        if method in METHODS
    }
