"""The states of an aid request, and which may follow which: the one table. docs/states.md draws it.

    pending    stored, not screened yet (DOMAIN: submitted)
    cleared    nothing overlaps, or nothing that holds
    held       an overlap waits for a person
    approved, rejected, delivered, closed, cancelled

Amending leads back to pending; a screening may find anew what it found before. What a person decided is not
changed by a machine: no arrow of the screening leaves `approved` or `rejected`.
"""

from enum import StrEnum

from services.registry.aid.errors import NotInThisState


class State(StrEnum):
    PENDING = "pending"
    CLEARED = "cleared"
    HELD = "held"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NEXT: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.PENDING, State.CLEARED, State.HELD, State.CANCELLED}),
    State.CLEARED: frozenset({State.PENDING, State.HELD, State.DELIVERED, State.CANCELLED}),
    State.HELD: frozenset({State.PENDING, State.CLEARED, State.APPROVED, State.REJECTED, State.CANCELLED}),
    State.APPROVED: frozenset({State.DELIVERED, State.CANCELLED}),
    State.REJECTED: frozenset(),
    State.DELIVERED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.CANCELLED: frozenset(),
}


def check_step(was: str, to: State) -> None:
    """Raises NotInThisState unless `to` may follow `was`."""
    if to not in NEXT[State(was)]:
        raise NotInThisState


def before(to: State) -> frozenset[State]:
    """The states that `to` may follow."""
    return frozenset(was for was, following in NEXT.items() if to in following)


def diagram() -> str:
    """The table as a Mermaid state diagram, in the order of `State`."""
    arrows = [f"    {was} --> {to}" for was in State for to in State if to in NEXT[was]]
    ends = [f"    {was} --> [*]" for was in State if not NEXT[was]]
    return "\n".join(["stateDiagram-v2", "    [*] --> pending", *arrows, *ends])
