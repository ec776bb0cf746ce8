"""Which simulated requests truly overlap: the plain rule, applied to who people really are."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).parents[2] / "registry" / "aid" / "data" / "policies.csv"


@dataclass(frozen=True, slots=True)
class TruthPolicy:
    """The part of an aid type's policy that decides what a true overlap is."""

    unit: str
    concurrency: str
    cool_down_days: int
    conflicts_with: frozenset[str]


@dataclass(frozen=True, slots=True)
class SimulatedRequest:
    """An aid request as one charity sends it (`form`, the API's body), and whom it is truly for."""

    charity: str
    asked_on: date
    form: dict[str, Any]
    truth_person: int
    truth_household: int

    @property
    def aid_type(self) -> str:
        return str(self.form["aid_type"])

    @property
    def period(self) -> tuple[date, date]:
        """First and last day covered."""
        period = self.form["period"]
        return date.fromisoformat(period["start"]), date.fromisoformat(period["end"])


def load_policies(path: Path = POLICIES) -> dict[str, TruthPolicy]:
    """Aid type -> policy, from the shipped file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["aid_type"]: TruthPolicy(
                row["unit"],
                row["concurrency"],
                int(row["cool_down_days"]),
                frozenset(filter(None, row["conflicts_with"].split("|"))),
            )
            for row in csv.DictReader(lines)
        }


def true_overlaps(requests: Sequence[SimulatedRequest], policies: Mapping[str, TruthPolicy]) -> set[tuple[int, int]]:
    """(index of the later, index of the earlier) of every two requests that truly overlap.

    Two requests overlap if they are for the same person (or, where the aid type's unit says so, the
    same household), of the same or a conflicting type whose concurrency is forbidden, and share a day
    or begin within the cool-down after the other's last day. Cost: pairs within a household only.
    """
    homes: defaultdict[int, list[int]] = defaultdict(list)
    for index, request in enumerate(requests):
        homes[request.truth_household].append(index)
    return {
        (later, earlier)
        for indices in homes.values()
        for earlier, later in combinations(indices, 2)
        if _overlap(requests[earlier], requests[later], policies)
    }


def doubles(overlaps: Iterable[tuple[int, int]]) -> set[int]:
    """The requests that came second: those a register should hold."""
    return {later for later, _ in overlaps}


def _overlap(earlier: SimulatedRequest, later: SimulatedRequest, policies: Mapping[str, TruthPolicy]) -> bool:
    policy = policies[later.aid_type]
    if policy.concurrency != "forbidden":
        return False
    if policy.unit == "person" and earlier.truth_person != later.truth_person:
        return False
    if earlier.aid_type != later.aid_type and earlier.aid_type not in policy.conflicts_with:
        return False
    (a_start, a_end), (b_start, b_end) = earlier.period, later.period
    days_apart = (max(a_start, b_start) - min(a_end, b_end)).days
    return days_apart <= policy.cool_down_days
