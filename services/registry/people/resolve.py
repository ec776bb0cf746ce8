"""Scores become a person: joined, in review, or new. Pure.

A join made by a machine moves one registration, and only to one person: two persons that are established are
never merged here, and a chain of likenesses joins nobody (docs/decisions/0005-joining-people.md).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.ids import PersonId, RegistrationId


class Outcome(StrEnum):
    """What the linkage says of two registrations; `conflict`: one ID, two different-looking people."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    CONFLICT = "conflict"


class How(StrEnum):
    """How a registration came to its person."""

    FIRST = "first"
    VERIFIED = "verified"
    NATIONAL_ID = "national_id"
    PROBABILISTIC = "probabilistic"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Match:
    """Another registration that may be of the same person, as the dedup service judged."""

    registration_id: RegistrationId
    outcome: Outcome
    rule: str
    probability: float
    bits: float
    evidence: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds of a registration. `how` is None while no link was made.

    changed_since_linked: its charity typed something new after the link was made.
    """

    registration_id: RegistrationId
    charity_id: UUID
    person_id: PersonId
    household_id: UUID
    household_ref: str | None
    household_role: str | None
    id_kind: str | None
    id_token: str | None
    version: int
    how: How | None
    changed_since_linked: bool


@dataclass(frozen=True, slots=True)
class Join:
    """The registration belongs to `person_id`; `by` is what it was matched to, None if it stands alone."""

    person_id: PersonId
    how: How
    by: Match | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """join: the link to make, None if the one there is stays. doubtful: matches for a person to decide."""

    join: Join | None
    doubtful: tuple[Match, ...]


_AUTOMATIC = (Outcome.CERTAIN, Outcome.PROBABLE)
_BY_MACHINE = (How.NATIONAL_ID, How.PROBABILISTIC)


def resolve(
    mine: Known, matches: Sequence[Match], known: Mapping[RegistrationId, Known], fresh: PersonId
) -> Resolution:
    """Who `mine` is, given its matches.

    known: `mine`, the registrations matched, and all others of their persons.
    fresh: the id for a new person, used when `mine` leaves the one it was joined to.
    """
    matches = [match for match in matches if match.registration_id in known]
    ranked = sorted(matches, key=lambda match: (match.outcome is not Outcome.CERTAIN, -match.bits))
    join = _join(mine, ranked, known, fresh)
    person = join.person_id if join else mine.person_id
    elsewhere = (match for match in ranked if known[match.registration_id].person_id != person)
    return Resolution(join, tuple(elsewhere))


def _join(mine: Known, ranked: Sequence[Match], known: Mapping[RegistrationId, Known], fresh: PersonId) -> Join | None:
    automatic = [match for match in ranked if match.outcome in _AUTOMATIC]
    stays = Join(mine.person_id, How.FIRST, None) if mine.how is None else None
    if not automatic and mine.how not in _BY_MACHINE:
        return stays
    if any(each.person_id == mine.person_id and each is not mine for each in known.values()):
        supported = any(known[match.registration_id].person_id == mine.person_id for match in automatic)
        if mine.how in _BY_MACHINE and mine.changed_since_linked and not supported:
            return _best(mine, automatic, known) or Join(fresh, How.FIRST, None)
        return stays
    return _best(mine, automatic, known) or stays


def _best(mine: Known, automatic: Sequence[Match], known: Mapping[RegistrationId, Known]) -> Join | None:
    for match in automatic:
        person = known[match.registration_id].person_id
        if person != mine.person_id and not _contradicts(mine, person, known.values()):
            how = How.NATIONAL_ID if match.outcome is Outcome.CERTAIN else How.PROBABILISTIC
            return Join(person, how, match)
    return None


def _contradicts(mine: Known, person: PersonId, known: Collection[Known]) -> bool:
    """Whether a registration of `person` bears another valid ID of the same kind."""
    return mine.id_token is not None and any(
        each.person_id == person
        and each.id_kind == mine.id_kind
        and each.id_token is not None
        and each.id_token != mine.id_token
        for each in known
    )
