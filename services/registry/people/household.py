"""Which households are one: pure.

One charity's file number is one household. Two charities' households are one where they share a person who
heads both, or is of the same generation in both; a daughter in her father's file and in her husband's stands in
two, and joins neither to the other.
"""

from services.registry.people.resolve import Known

_COUPLE = frozenset({"head", "spouse"})


def same_household(one: Known, other: Known) -> bool:
    """Whether the households of two registrations of ONE person are one household."""
    if one.household_id == other.household_id:
        return True
    if one.household_ref is None or other.household_ref is None:
        return True
    roles = {one.household_role, other.household_role}
    return None in roles or len(roles) == 1 or roles <= _COUPLE
