"""Which households ask which charities for what: mostly once, some twice, some for the same help twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from services.cli.simulate.charities import CHARITIES, Charity
from services.cli.simulate.clerks import Clerk, Noise
from services.cli.simulate.draws import pick
from services.cli.simulate.needs import KINDS, amount, candidates
from services.cli.simulate.people import Household, Person
from services.cli.simulate.truth import SimulatedRequest, TruthPolicy

SECOND_NEED = 0.30
DOUBLE = 0.28
THIRD_TIME = 0.10
AFTER_THE_LAST_DAY = 0.15
SIGNED_BY_ANOTHER = 0.15
KNOWN_TO_BE_ONE_HOUSE = 0.6
SAME_CHARITY_TWICE = 0.04
LATER_AGAIN = 0.08
BROTHER_TOO = 0.4
DAYS_OF_ASKING = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it is meant, before a clerk types it."""

    charity: Charity
    person: Person
    aid_type: str
    asked_on: date
    start: date

    @property
    def end(self) -> date:
        """The last day covered."""
        return self.start + timedelta(days=KINDS[self.aid_type].days - 1)


class Office:
    """The desks of all charities: each keeps one registration a person, typed once."""

    def __init__(self, clerk: Clerk, rng: Random) -> None:
        self._clerk = clerk
        self._rng = rng
        self._typed: dict[tuple[str, int], dict[str, Any]] = {}
        self._serials = {charity.key: count(1001) for charity in CHARITIES}

    def write(self, asked: Asked, home: Household, anew: bool) -> SimulatedRequest:
        """The request as sent; `anew`: the charity forgot that it knows him, and registers him again."""
        charity, person = asked.charity, asked.person
        key = (charity.key, person.key)
        if anew or key not in self._typed:
            ref = f"{charity.key[0].upper()}-{next(self._serials[charity.key])}"
            self._typed[key] = self._clerk.register(person, home, charity, ref)
        form = {
            "applicant": self._typed[key],
            "aid_type": asked.aid_type,
            "period": {"start": asked.start.isoformat(), "end": asked.end.isoformat()},
            "amount": amount(asked.aid_type, self._rng),
            "note": None,
        }
        return SimulatedRequest(charity.key, asked.asked_on, form, person.key, home.key)


class Seekers:
    """Decides for one household after another what it asks for, and writes it."""

    def __init__(self, rng: Random, noise: Noise, policies: Mapping[str, TruthPolicy], first_day: date) -> None:
        self._rng = rng
        self._policies = policies
        self._first_day = first_day
        self._office = Office(Clerk(noise, rng), rng)

    def requests_of(self, home: Household) -> Iterator[SimulatedRequest]:
        """All requests of one household, not in order of time."""
        near = [charity for charity in CHARITIES if home.district.governorate in charity.zones]
        taken: set[str] = set()
        for _ in range(2 if self._rng.random() < SECOND_NEED else 1):
            asked = self._need(home, near, taken)
            if asked is None:
                continue
            yield self._office.write(asked, home, anew=False)
            yield from self._again(asked, home, near, taken)
            yield from self._for_a_brother(asked, home)

    def _need(self, home: Household, near: list[Charity], taken: set[str]) -> Asked | None:
        """A need not yet met: somebody, a charity near him, a day. None if eight tries find none."""
        rng = self._rng
        for _ in range(8):
            charity = pick(rng, near)
            aid_type = pick(rng, charity.gives)
            people = candidates(aid_type, home)
            if people and aid_type not in taken:
                taken |= {aid_type, *self._policies[aid_type].conflicts_with}
                person = people[0] if rng.random() < 0.7 else pick(rng, people)
                day = self._first_day + timedelta(days=int(rng.random() * DAYS_OF_ASKING))
                return Asked(charity, person, aid_type, day, day + timedelta(days=int(rng.random() * 8)))
        return None

    def _again(self, first: Asked, home: Household, near: list[Charity], taken: set[str]) -> Iterator[SimulatedRequest]:
        rng, policy = self._rng, self._policies[first.aid_type]
        luck = rng.random()
        if luck < DOUBLE:
            doors = self._doors(first, near)
            yield from self._double(first, home, doors, taken)
            if policy.concurrency == "forbidden" and rng.random() < THIRD_TIME:
                yield from self._double(first, home, doors, taken)
        elif luck < DOUBLE + LATER_AGAIN and policy.concurrency == "forbidden":
            free = first.end + timedelta(days=policy.cool_down_days + 1 + int(rng.random() * 10))
            if policy.cool_down_days <= 20:
                day = free - timedelta(days=int(rng.random() * 8))
                yield self._office.write(
                    Asked(first.charity, first.person, first.aid_type, day, free), home, anew=False
                )

    def _for_a_brother(self, first: Asked, home: Household) -> Iterator[SimulatedRequest]:
        """The same charity often gives what is for one person to a brother or sister too: no overlap."""
        others = [p for p in candidates(first.aid_type, home) if p is not first.person]
        personal = self._policies[first.aid_type].unit == "person"
        if personal and others and self._rng.random() < BROTHER_TOO:
            person = pick(self._rng, others)
            asked = Asked(first.charity, person, first.aid_type, first.asked_on, first.start)
            yield self._office.write(asked, home, anew=False)

    def _doors(self, first: Asked, near: list[Charity]) -> list[Charity]:
        """The other charities near him that give the same help or what counts as the same."""
        kinds = {first.aid_type, *self._policies[first.aid_type].conflicts_with}
        return [c for c in near if c is not first.charity and not kinds.isdisjoint(c.gives)]

    def _double(
        self, first: Asked, home: Household, doors: list[Charity], taken: set[str]
    ) -> Iterator[SimulatedRequest]:
        """The same help once more at one of `doors`, which is closed then; sometimes at the same charity."""
        rng, policy = self._rng, self._policies[first.aid_type]
        same_door = rng.random() < SAME_CHARITY_TWICE
        if not (same_door or doors):
            return
        charity = first.charity if same_door else doors.pop(int(rng.random() * len(doors)))
        kinds = [kind for kind in charity.gives if kind == first.aid_type or kind in policy.conflicts_with]
        kind = first.aid_type if same_door else pick(rng, kinds)
        person = first.person
        if policy.unit == "household" and rng.random() < SIGNED_BY_ANOTHER:
            person = pick(rng, candidates(kind, home))
            yield from self._known_together(first, person, home, taken)
        start = first.start + timedelta(days=self._delay(first, kind))
        day = min(start, first.asked_on + timedelta(days=int(rng.random() * 20)))
        yield self._office.write(Asked(charity, person, kind, day, start), home, anew=same_door)

    def _delay(self, first: Asked, kind: str) -> int:
        """Days from the first grant's beginning to the second's: within its period, or in its cool-down."""
        rng, days = self._rng, KINDS[first.aid_type].days
        cool_down = self._policies[kind].cool_down_days
        if kind == first.aid_type and cool_down and rng.random() < AFTER_THE_LAST_DAY:
            return days + int(rng.random() * min(cool_down, 25))
        return int(rng.random() * min(days, 25))

    def _known_together(
        self, first: Asked, other: Person, home: Household, taken: set[str]
    ) -> Iterator[SimulatedRequest]:
        """Often the first charity knows the other adult too, as one of the household, by another request."""
        if other is first.person or self._rng.random() > KNOWN_TO_BE_ONE_HOUSE:
            return
        free = [k for k in first.charity.gives if k not in taken and other in candidates(k, home)]
        if free:
            kind = pick(self._rng, free)
            taken |= {kind, *self._policies[kind].conflicts_with}
            day = first.asked_on - timedelta(days=int(self._rng.random() * 15))
            yield self._office.write(Asked(first.charity, other, kind, day, day), home, anew=False)
