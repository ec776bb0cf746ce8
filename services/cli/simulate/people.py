"""People who do not exist: households with names, birth dates, IDs, phones, and who is truly who."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random
from typing import Literal, NamedTuple

from services.cli.simulate.draws import Weighted
from services.cli.simulate.places import District, districts
from services.cli.simulate.vocabulary import Vocabulary, vocabulary

Role = Literal["head", "spouse", "child", "parent", "sibling", "other"]
Gender = Literal["female", "male"]

YEAR = 365.25
TODAY = date(2026, 1, 1).toordinal()
LAST_CHILD_BORN = TODAY - 200
LEFT_HOME_BEFORE = TODAY - int(30 * YEAR)
FIRST_OF_1970 = date(1970, 1, 1).toordinal()
BY_YEAR_BEFORE_1970, BY_YEAR_SINCE = 0.6, 0.12
RESIDENTS = 0.25
WIDOWED_OR_DIVORCED = 0.35
MARRIED = 0.93
BROTHER_NEXT_DOOR = 0.12
TWINS = 0.02
NAMED_AFTER_GRANDFATHER = 0.15
ID_SPACE, ID_STEP = 10_000_000, 7_368_787
DOUBLED = str.maketrans("0123456789", "0246813579")
"""A digit doubled, with the digits of the result added up."""
CHILDREN = Weighted({0: 10.0, 1: 16.0, 2: 20.0, 3: 20.0, 4: 15.0, 5: 10.0, 6: 6.0, 7: 3.0})


class Lineage(NamedTuple):
    """What brothers and sisters share of their names."""

    father: str
    grandfather: str
    family: str


@dataclass(slots=True)
class Person:
    """One human being, as he truly is. `by_year`: only the year of his birth was ever written down."""

    key: int
    household: int
    role: Role
    gender: Gender
    given: str
    lineage: Lineage
    birth: date
    by_year: bool
    national_id: str
    phone: str


@dataclass(slots=True)
class Household:
    """People who live together, the head first; `kin` is his brother's household next door."""

    key: int
    district: District
    phone: str
    street: int
    resident: bool
    kin: int | None
    members: list[Person] = field(default_factory=list)

    @property
    def head(self) -> Person:
        return self.members[0]


def with_check_digit(nine: str) -> str:
    """`nine` digits and their Luhn check digit."""
    total = sum(map(int, nine[1::2])) + sum(map(int, nine[::2].translate(DOUBLED)))
    return nine + str(-total % 10)


class Name(NamedTuple):
    gender: Gender
    given: str
    line: Lineage


class World:
    """Makes households one by one, without end; memory does not grow.

    IDs begin with 19 (citizens) or 29 (residents), are valid by check digit, and do not repeat
    within ten million people.
    """

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)  # noqa: S311 - a simulation must be repeatable
        self._names: Vocabulary = vocabulary()
        self._places = districts()
        self._people, self._homes = count(1), count(1)
        self._id_offset = self._rng.randrange(ID_SPACE)

    def households(self) -> Iterator[Household]:
        """All households, a brother's right after his own."""
        while True:
            line = self._line()
            if self._rng.random() < WIDOWED_OR_DIVORCED:
                yield self._with_children(self._alone(line), Lineage(self._given("male"), line[1], line[2]))
                continue
            first = self._couple(line, None)
            yield first
            if self._rng.random() < BROTHER_NEXT_DOOR:
                yield self._couple(line, first)

    def _alone(self, line: Lineage) -> Household:
        """A widow or divorcee; her children bear their father's names, not hers."""
        home = self._home(None)
        self._add(home, "head", Name("female", self._given("female"), line), self._adult())
        return home

    def _couple(self, line: Lineage, beside: Household | None) -> Household:
        """A man, nearly always his wife, and their children; `beside`: his brother's household."""
        rng, home = self._rng, self._home(beside)
        given = self._given("male")
        while beside and given == beside.head.given:
            given = self._given("male")
        born = self._adult()
        self._add(home, "head", Name("male", given, line), born)
        if rng.random() < MARRIED:
            hers = min(born + int((1 + 8 * rng.random()) * YEAR), TODAY - int(18 * YEAR))
            self._add(home, "spouse", Name("female", self._given("female"), self._line()), hers)
        return self._with_children(home, Lineage(given, line.father, line.family))

    def _with_children(self, home: Household, line: Lineage) -> Household:
        rng = self._rng
        mother = home.members[-1].birth.toordinal()
        born = mother + int((19 + 6 * rng.random()) * YEAR)
        taken: set[str] = set()
        for _ in range(CHILDREN.draw(rng)):
            if LEFT_HOME_BEFORE < born < LAST_CHILD_BORN:
                self._child(home, line, born, taken)
                if rng.random() < TWINS:
                    self._child(home, line, born, taken)
            born += int((1.2 + 3 * rng.random()) * YEAR)
        return home

    def _child(self, home: Household, line: Lineage, born: int, taken: set[str]) -> None:
        """A boy is often named after his grandfather; no two children of a house share a name."""
        gender: Gender = "male" if self._rng.random() < 0.51 else "female"
        after = gender == "male" and self._rng.random() < NAMED_AFTER_GRANDFATHER
        given = line.grandfather if after else self._given(gender)
        while given in taken:
            given = self._given(gender)
        taken.add(given)
        self._add(home, "child", Name(gender, given, line), born)

    def _home(self, beside: Household | None) -> Household:
        """An empty household; a brother's is in the same street, of the same nationality."""
        rng, key, phone = self._rng, next(self._homes), self._phone()
        if beside:
            return Household(key, beside.district, phone, beside.street, beside.resident, beside.key)
        resident = rng.random() < RESIDENTS
        return Household(key, self._places.draw(rng), phone, 1 + int(rng.random() * 99), resident, None)

    def _add(self, home: Household, role: Role, name: Name, born: int) -> None:
        key = next(self._people)
        by_year = self._rng.random() < (BY_YEAR_BEFORE_1970 if born < FIRST_OF_1970 else BY_YEAR_SINCE)
        serial = (self._id_offset + key * ID_STEP) % ID_SPACE
        national_id = with_check_digit(f"{'29' if home.resident else '19'}{serial:07d}")
        day, phone = date.fromordinal(born), self._phone()
        home.members.append(
            Person(key, home.key, role, name.gender, name.given, name.line, day, by_year, national_id, phone)
        )

    def _given(self, gender: Gender) -> str:
        return (self._names.male if gender == "male" else self._names.female).draw(self._rng)

    def _line(self) -> Lineage:
        return Lineage(self._given("male"), self._given("male"), self._names.family.draw(self._rng))

    def _adult(self) -> int:
        """The day (proleptic ordinal) on which a head of 24 to 75 years was born, most of them near forty."""
        rng = self._rng
        return TODAY - int((24 + 25.5 * (rng.random() + rng.random() * rng.random())) * YEAR)

    def _phone(self) -> str:
        return f"051{int(self._rng.random() * 10_000_000):07d}"
