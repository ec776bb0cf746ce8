"""From neighbours to findings: which pairs overlap, how certain that is, and which of the two is flagged. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, Self
from uuid import UUID

import orjson

from services.registry.aid.overlap import Award, Overlap, overlapping
from services.registry.aid.policy import Catalogue, Effect, Policy, Unit

BEFORE_ANSWER = "pending"
OPEN_TO_SCREENING = ("pending", "cleared", "held")


class Tie(IntEnum):
    """How two requests are tied, nearest first."""

    PERSON = 1
    HOUSEHOLD = 2
    POSSIBLE_PERSON = 3
    POSSIBLE_HOUSEHOLD = 4


class Certainty(StrEnum):
    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True)
class Side(Award):
    """A request as one side of a pair, with how its registration came to its person."""

    zone_code: str | None = None
    charity_id: UUID | None = None
    charity_ar: str = ""
    charity_en: str | None = None
    registration_id: UUID | None = None
    id_token: str | None = None
    household_id: UUID | None = None
    link: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Neighbour(Side):
    """The other side, with its tie to the asked one.

    sure_household: someone whose ID was typed in both household files makes them one.
    match: the possible match that ties 3 and 4 rest on.
    """

    tie: Tie = Tie.PERSON
    sure_household: bool = False
    match: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An overlap: `flagged` is held or told of it, `earlier` keeps its priority."""

    flagged: Side
    earlier: Side
    rule: str
    policy: Policy
    certainty: Certainty
    probability: float | None
    common_from: date | None
    common_to: date | None
    evidence: Mapping[str, Any]
    model_version: str | None

    @property
    def holds(self) -> bool:
        return self.policy.effect is Effect.HOLD

    def says_what(self, row: Mapping[str, Any]) -> bool:
        """Whether a finding that was stored, with the notice given of it, says the same."""
        told = self.earlier
        return (
            (self.rule, self.certainty, self.policy.version, self.common_from, self.common_to)
            == (row["rule"], row["certainty"], row["policy_version"], row["common_from"], row["common_to"])
        ) and (told.aid_type, told.starts_on, told.ends_on, told.zone_code) == (
            row["aid_type"], row["starts_on"], row["ends_on"], row["zone_code"],
        )  # fmt: skip

    def flagging(self, request: UUID, catalogue: Catalogue) -> Self:
        """The same overlap with `request` as the flagged side."""
        if self.flagged.request_id == request:
            return self
        policy = catalogue.policy(self.earlier.aid_type)
        return replace(self, flagged=self.earlier, earlier=self.flagged, policy=policy)


def findings_of(asked: Side, neighbours: Sequence[Neighbour], catalogue: Catalogue) -> list[Finding]:
    """The overlaps of `asked` with its neighbours, earliest first; none if it was cancelled or rejected."""
    if asked.status in ("cancelled", "rejected"):
        return []
    policy = catalogue.policy(asked.aid_type)
    within = [each for each in neighbours if _in_unit(each, policy, catalogue)]
    return [_finding(asked, overlap, policy, catalogue) for overlap in overlapping(asked, within, policy)]


def _in_unit(other: Neighbour, policy: Policy, catalogue: Catalogue) -> bool:
    """A type given to persons looks at the person; one given to households, or in conflict with one, at all."""
    if other.tie in (Tie.PERSON, Tie.POSSIBLE_PERSON):
        return True
    units = {policy.unit, catalogue.policy(other.aid_type).unit}
    return Unit.HOUSEHOLD in units


def _finding(asked: Side, overlap: Overlap[Neighbour], policy: Policy, catalogue: Catalogue) -> Finding:
    other = overlap.other
    flagged, earlier = _roles(asked, other)
    sure = _is_certain(asked, other, policy)
    probability, model, evidence = _evidence(asked, other, sure)
    return Finding(
        flagged=flagged,
        earlier=earlier,
        rule=overlap.rule,
        policy=policy if flagged is asked else catalogue.policy(other.aid_type),
        certainty=Certainty.CONFIRMED if sure else Certainty.SUSPECTED,
        probability=probability,
        common_from=overlap.common_from,
        common_to=overlap.common_to,
        evidence=evidence,
        model_version=model,
    )


def _roles(asked: Side, other: Side) -> tuple[Side, Side]:
    """Flagged and earlier: the later one is flagged, unless it was answered and the earlier one still waits.

    An answer that was given is not taken back for one that was not, and the earlier request keeps its priority.
    """
    earlier, later = sorted((asked, other), key=lambda each: each.priority)
    waits = ("pending", "held")
    if later.status not in waits and earlier.status in waits:
        return earlier, later
    return later, earlier


def _is_certain(asked: Side, other: Neighbour, policy: Policy) -> bool:
    """One registration, or one ID typed in both; for a household also one file, or files that a typed ID joins."""
    if other.tie in (Tie.POSSIBLE_PERSON, Tie.POSSIBLE_HOUSEHOLD):
        return False
    if asked.registration_id == other.registration_id:
        return True
    if asked.id_token is not None and asked.id_token == other.id_token and other.tie is Tie.PERSON:
        return True
    if policy.unit is Unit.PERSON:
        return False
    return asked.household_id == other.household_id or other.sure_household


def _evidence(asked: Side, other: Neighbour, sure: bool) -> tuple[float | None, str | None, dict[str, Any]]:
    """Probability, model and the record of why: ties and evidence in bits, without personal data."""
    links = [link for link in (asked.link, other.link) if link and link["probability"] is not None]
    support: list[Mapping[str, Any]] = [other.match] if other.match else links
    weakest = min((float(each["probability"]) for each in support), default=None)
    record = {
        "tie": other.tie.name.lower(),
        "registrations": [str(asked.registration_id), str(other.registration_id)],
        "support": [dict(each) for each in support],
    }
    model = next((str(each["model_version"]) for each in support), None)
    return (None if sure else weakest), model, record


def side(row: Mapping[str, Any]) -> Side:
    """A locked request's row as a side."""
    return Side(**_side_fields(row), status=row["status"])


def neighbour(row: Mapping[str, Any], status: str) -> Neighbour:
    match = None
    if row["match_rule"] is not None:
        match = {
            "outcome": row["match_outcome"], "rule": row["match_rule"], "probability": row["match_probability"],
            "bits": row["match_bits"], "fields": orjson.loads(row["match_evidence"]),
            "model_version": row["match_model"],
        }  # fmt: skip
    return Neighbour(**_side_fields(row), status=status, tie=Tie(row["tie"]), match=match,
                     sure_household=row["sure_household"])  # fmt: skip


def _side_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    link = None
    if row["how"] is not None:
        link = {
            "how": row["how"], "rule": row["link_rule"], "probability": row["link_probability"],
            "bits": row["link_bits"], "fields": orjson.loads(row["link_evidence"]), "model_version": row["link_model"],
        }  # fmt: skip
    amount = row["amount"]
    return {
        "request_id": row["id"], "aid_type": row["aid_type"], "starts_on": row["starts_on"],
        "ends_on": row["ends_on"], "amount": Decimal(amount) if amount is not None else None,
        "currency": row["currency"],
        "priority": row["priority"], "zone_code": row["zone_code"], "charity_id": row["charity_id"],
        "charity_ar": row["charity_ar"], "charity_en": row["charity_en"], "registration_id": row["registration_id"],
        "id_token": row["id_token"], "household_id": row["household_id"], "link": link,
    }  # fmt: skip


def status_after(was: str, holding: Iterable[bool]) -> str:
    """held if anything holds, else cleared; what people have decided since stays."""
    if was not in OPEN_TO_SCREENING:
        return was
    return "held" if any(holding) else "cleared"
