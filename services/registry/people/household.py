"""Which households are one: pure.

One charity's file number is one household. Two charities' files are one household where one person heads both, or
holds one place in both (child, parent, …). A daughter in her father's file and in her husband's stands in two, and
joins neither to the other; nor does what says less of her, a registration without a file number or without a place:
it goes with her other files only where those are one household.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from services.registry.people.resolve import Known
from shared.ids import PersonId

_COUPLE = frozenset({"head", "spouse"})


def households_of(registrations: Iterable[Known]) -> list[set[UUID]]:
    """The households in which the registrations of ONE person stand, each as the set of files that are one."""
    by_place: dict[str, set[UUID]] = defaultdict(set)
    vague: set[UUID] = set()
    for each in registrations:
        if each.household_ref is None or each.household_role is None:
            vague.add(each.household_id)
        else:
            by_place["couple" if each.household_role in _COUPLE else each.household_role].add(each.household_id)
    files = _overlapping_joined(by_place.values())
    if len(files) <= 1:
        return [set().union(vague, *files)]
    return files + [{household} for household in sorted(vague.difference(*files))]


def _overlapping_joined(sets: Iterable[set[UUID]]) -> list[set[UUID]]:
    """Sets that share a household become one: a file is one household, whatever places it gives a person."""
    joined: list[set[UUID]] = []
    for each in sets:
        apart = [other for other in joined if other.isdisjoint(each)]
        joined = [*apart, each.union(*(other for other in joined if not other.isdisjoint(each)))]
    return joined


def units(households: Iterable[UUID], registrations: Iterable[Known]) -> Mapping[UUID, UUID]:
    """The unit of each household, from nothing but who stands in which: the lowest id of those that are one.

    registrations: all that stand in `households`. Does not depend on any order.
    """
    unit = {household: household for household in households}
    by_person: dict[PersonId, list[Known]] = defaultdict(list)
    for each in registrations:
        by_person[each.person_id].append(each)
    for siblings in by_person.values():
        for one in households_of(siblings):
            old = {unit[household] for household in one}
            unit |= {household: min(old) for household, its in unit.items() if its in old}
    return unit
