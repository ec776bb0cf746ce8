"""Synthetic registrations: invented people, typed by invented charities, with the truth known.

The same seed gives the same data on every machine. Nothing here touches a network or a database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from random import Random
from typing import Any

from services.cli.simulate.charities import BY_KEY, CHARITIES, Charity
from services.cli.simulate.clerks import HEAVY, USUAL, Clerk, Noise
from services.cli.simulate.draws import Weighted, pick
from services.cli.simulate.people import Household, World
from services.cli.simulate.requests import Seekers
from services.cli.simulate.truth import (
    SimulatedRequest,
    TruthPolicy,
    doubles,
    load_policies,
    true_overlaps,
)

__all__ = [
    "BY_KEY",
    "CHARITIES",
    "FIRST_DAY",
    "HEAVY",
    "USUAL",
    "Charity",
    "LabelledRegistration",
    "Noise",
    "SimulatedRequest",
    "Simulation",
    "TruthPolicy",
    "doubles",
    "labelled_registrations",
    "load_policies",
    "registrations",
    "simulate",
    "true_overlaps",
]

FIRST_DAY = date(2026, 9, 1)
REGISTERED = 0.7
TIMES_REGISTERED = Weighted({1: 74.0, 2: 17.0, 3: 6.0, 4: 2.0, 5: 0.7, 6: 0.3})


@dataclass(frozen=True)
class Simulation:
    """Charities, their requests in order of time, the true households, and the true overlaps."""

    charities: tuple[Charity, ...]
    requests: list[SimulatedRequest]
    households: list[Household]
    overlaps: set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class LabelledRegistration:
    """One registration as typed (`applicant`, the API's shape), and who it truly is."""

    charity: str
    applicant: dict[str, Any]
    truth_person: int
    truth_household: int


def simulate(households: int, seed: int, noise: Noise = USUAL, first_day: date = FIRST_DAY) -> Simulation:
    """So many households and all their requests from `first_day` on, about 1.5 a household."""
    policies = load_policies()
    homes = list(islice(World(seed).households(), households))
    seekers = Seekers(Random(f"requests {seed}"), noise, policies, first_day)  # noqa: S311
    requests = [request for home in homes for request in seekers.requests_of(home)]
    requests.sort(key=lambda request: request.asked_on)
    return Simulation(CHARITIES, requests, homes, true_overlaps(requests, policies))


def labelled_registrations(n: int, seed: int, noise: Noise = USUAL) -> Iterator[LabelledRegistration]:
    """`n` registrations of whole families, one after another; memory does not grow with `n`.

    Seven of ten members are registered, most at one charity of their region, some at up to six doors.
    """
    rng = Random(f"registrations {seed}")  # noqa: S311
    return islice(_endless(World(seed), Clerk(noise, rng), rng), n)


def registrations(n: int, seed: int, noise: Noise = USUAL) -> Iterator[dict[str, Any]]:
    """The applicants of `labelled_registrations`, without the labels."""
    return (labelled.applicant for labelled in labelled_registrations(n, seed, noise))


def _endless(world: World, clerk: Clerk, rng: Random) -> Iterator[LabelledRegistration]:
    near: dict[str, list[Charity]] = {}
    serial = 1000
    for home in world.households():
        governorate = home.district.governorate
        doors = near.setdefault(governorate, [c for c in CHARITIES if governorate in c.zones])
        for person in home.members:
            if rng.random() >= REGISTERED:
                continue
            for _ in range(TIMES_REGISTERED.draw(rng)):
                serial += 1
                charity = pick(rng, doors)
                applicant = clerk.register(person, home, charity, f"R-{serial}")
                yield LabelledRegistration(charity.key, applicant, person.key, home.key)
