"""What each role may ask for: one table."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    CHARITY = "charity"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    SERVICE = "service"


SCOPES: dict[Role, frozenset[str]] = {
    Role.CHARITY: frozenset({"aid:write", "aid:read"}),
    Role.COORDINATOR: frozenset({"coverage:read"}),
    Role.REVIEWER: frozenset({"decisions:write"}),
    Role.AUDITOR: frozenset({"reports:read", "coverage:read"}),
    Role.OPERATOR: frozenset({"charities:manage", "clients:manage"}),
    Role.SERVICE: frozenset({"dedup:link"}),
}
BOUND_TO_ZONES = frozenset({Role.COORDINATOR, Role.REVIEWER, Role.AUDITOR})
"""Roles whose sight ends at the zones that the client names."""


def scopes_of(roles: Iterable[Role]) -> frozenset[str]:
    """All that the roles give together."""
    return frozenset().union(*(SCOPES[role] for role in roles))
