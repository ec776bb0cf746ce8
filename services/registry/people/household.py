"""Which households are one: pure.

One charity's file number is one household. Two charities' households are one where they share a person who
heads both, or is of the same generation in both; a daughter in her father's file and in her husband's stands in
two, and joins neither to the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from uuid import UUID

from services.registry.people.resolve import Known
from shared.ids import PersonId

_COUPLE = frozenset({"head", "spouse"})


def same_household(one: Known, other: Known) -> bool:
    """Whether the households of two registrations of ONE person are one household."""
    if one.household_id == other.household_id:
        return True
    if one.household_ref is None or other.household_ref is None:
        return True
    roles = {one.household_role, other.household_role}
    return None in roles or len(roles) == 1 or roles <= _COUPLE


def units(households: Iterable[UUID], registrations: Iterable[Known]) -> Mapping[UUID, UUID]:
    """The unit of each household, from nothing but who stands in which: the lowest id of those that are one.

    registrations: all that stand in `households`. Does not depend on any order.
    """
    unit = {household: household for household in households}
    by_person: dict[PersonId, list[Known]] = defaultdict(list)
    for each in registrations:
        by_person[each.person_id].append(each)
    for siblings in by_person.values():
        for one, other in combinations(siblings, 2):
            if same_household(one, other):
                low, high = sorted((unit[one.household_id], unit[other.household_id]))
                unit |= {household: low for household, its in unit.items() if its == high}
    return unit
