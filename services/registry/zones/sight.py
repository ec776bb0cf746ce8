"""How far a caller may look: the zones of his token, with all below them. Pure.

A coordinator always has zones. A reviewer or an auditor whose client names none looks at the whole register; one
whose client names some is bound to them, whatever else he is.
"""

from services.registry.zones.tree import ZoneTree
from shared import errors
from shared.auth import Caller
from shared.errors import Text

_EVERYWHERE = frozenset({"auditor", "reviewer"})


class ZoneOutOfSight(errors.Forbidden):
    """The zone list is public, so that a refusal gives nothing away by naming its reason."""

    code = "zone_out_of_sight"
    text = Text("هذا النطاق خارج نطاقات حسابك.", "This zone lies outside the zones of this account.")


def bounds(caller: Caller) -> tuple[str, ...] | None:
    """The zones that `caller` may look at, each with all below it; None is everywhere."""
    if caller.zones:
        return caller.zones
    return None if caller.roles & _EVERYWHERE else ()


def in_sight(caller: Caller, zones: ZoneTree, code: str | None) -> bool:
    """Whether he may see what happens in `code`; what has no zone is seen by whoever has a whole country."""
    within = bounds(caller)
    if within is None:
        return True
    known = tuple(bound for bound in within if bound in zones)
    return has_country(known, zones) if code is None else zones.within(code, known)


def has_country(codes: tuple[str, ...], zones: ZoneTree) -> bool:
    return any(zones.zone(code).level == 0 for code in codes)
