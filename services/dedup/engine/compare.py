"""How two records agree, field by field, as levels; no weights yet.

A field that either side leaves open is `missing` and says nothing. Symmetric in its sides.
"""

from datetime import date
from typing import NamedTuple

from services.dedup.engine.phonetic import key
from services.dedup.engine.record import Birth, Record
from services.dedup.engine.units import align, unit_level

AGREE = frozenset({"exact", "script", "close", "swapped"})
FIELDS = ("given", "father", "forebear", "family", "birth", "id", "phone", "place",
          "gender", "role", "household")  # fmt: skip


class Finding(NamedTuple):
    """One field's level, and the two values (or what they share) for their frequencies."""

    field: str
    level: str
    left: str = ""
    right: str = ""


class Comparison(NamedTuple):
    """A finding per field of FIELDS, in that order."""

    findings: tuple[Finding, ...]

    def level(self, field: str) -> str:
        return self.findings[FIELDS.index(field)].level


def _valued(field: str, level: str, a: str, b: str) -> Finding:
    """Across scripts the values are the units' keys, as frequencies are then those of keys."""
    return Finding(field, level, key(a), key(b)) if level == "script" else Finding(field, level, a, b)


def _units(a: Record, b: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names to compare: one script if both have it, Arabic first."""
    if a.arabic and b.arabic:
        return a.arabic, b.arabic
    if a.latin and b.latin:
        return a.latin, b.latin
    return a.arabic or a.latin, b.arabic or b.latin


def _names(a: Record, b: Record) -> tuple[Finding, Finding, Finding, Finding]:
    ours, theirs = _units(a, b)
    if not ours or not theirs:
        return tuple(Finding(field, "missing") for field in FIELDS[:4])  # type: ignore[return-value]
    level = unit_level(ours[0], theirs[0])
    if level == "differ" and len(ours) == len(theirs) > 1 and sorted(a.keys) == sorted(b.keys):
        missing = [Finding(field, "missing") for field in FIELDS[1:4]]
        return Finding("given", "swapped", ours[0], theirs[0]), missing[0], missing[1], missing[2]
    return _valued("given", level, ours[0], theirs[0]), *_lineage(ours[1:], theirs[1:])


def _lineage(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[Finding, Finding, Finding]:
    if not a or not b:
        return Finding("father", "missing"), Finding("forebear", "missing"), Finding("family", "missing")
    last = (len(a) - 1, len(b) - 1)
    paired = {(i, j): level for i, j, level in align(a, b)}
    sides = _Sides(a, b, {i for i, _ in paired}, {j for _, j in paired})
    family = sides.finding("family", last, paired.pop(last, None))
    father_level = paired.pop((0, 0), None)
    place = min(paired, default=(1, 1))
    father = (sides if father_level else sides.without_last()).finding("father", (0, 0), father_level)
    forebear = (sides if paired else sides.without_last()).finding("forebear", place, paired.get(place))
    return father, forebear, family


class _Sides(NamedTuple):
    """Two lines of forebears, and the indices of those that found their like."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    left: set[int]
    right: set[int]

    def without_last(self) -> "_Sides":
        return self._replace(a=self.a[:-1], b=self.b[:-1])

    def finding(self, field: str, place: tuple[int, int], level: str | None) -> Finding:
        """`differ` where both sides have a unit in `place` and neither found its like elsewhere."""
        i, j = place
        if level:
            return _valued(field, level, self.a[i], self.b[j])
        open_ = i < len(self.a) and j < len(self.b) and i not in self.left and j not in self.right
        if open_ and self.a[i] and self.b[j]:
            return Finding(field, "differ", self.a[i], self.b[j])
        return Finding(field, "missing")


def _birth(a: Birth | None, b: Birth | None) -> str:
    if a is None or b is None:
        return "missing"
    if not (a.known and b.known):
        gap = max(a.first, b.first) - min(a.last, b.last)
        return "year" if gap <= 0 else "year_off" if gap == 1 else "differ"
    if a.day == b.day:
        return "exact"
    if abs(a.day - b.day) <= 2:
        return "days_off"
    return _days(date.fromordinal(a.day), date.fromordinal(b.day))


def _days(a: date, b: date) -> str:
    """The level of two different days: parts swapped, one part wrong, the year alone, or less."""
    years = abs(a.year - b.year)
    if years == 0:
        if a.month == b.day and a.day == b.month:
            return "swapped"
        return "part_off" if a.month == b.month or a.day == b.day else "same_year"
    if (a.month, a.day) == (b.month, b.day) and years in (1, 2, 10):
        return "part_off"
    return "year_off" if years == 1 else "differ"


def _id(a: Record, b: Record) -> Finding:
    if not a.id_token or not b.id_token:
        return Finding("id", "missing")
    if a.id_token == b.id_token:
        return Finding("id", "exact", a.id_token, a.id_token)
    near = not set(a.id_near).isdisjoint(b.id_near)
    return Finding("id", "near" if near or a.id_token in b.id_near or b.id_token in a.id_near else "differ")


def _phone(a: Record, b: Record) -> Finding:
    if not a.phones or not b.phones:
        return Finding("phone", "missing")
    shared = set(a.phones).intersection(b.phones)
    if not shared:
        return Finding("phone", "differ")
    value = min(shared)
    return Finding("phone", "exact", value, value)


_PLACES = ("differ", "differ", "region", "governorate", "district")


def _place(a: Record, b: Record) -> str:
    """The deepest zone in common; `address` where most words of the address agree as well."""
    if not a.zone_path or not b.zone_path:
        return "missing"
    depth = 0
    for ours, theirs in zip(a.zone_path, b.zone_path, strict=False):
        if ours != theirs:
            break
        depth += 1
    if depth >= 3 and len(a.address) > 1 and len(b.address) > 1:
        words = len(set(a.address).intersection(b.address))
        if words >= 2 and words >= 0.6 * min(len(a.address), len(b.address)):
            return "address"
    return _PLACES[min(depth, 4)]


def _same(a: str | None, b: str | None) -> str:
    if not a or not b:
        return "missing"
    return "same" if a == b else "differ"


def compare(a: Record, b: Record) -> Comparison:
    """The level of every field of two records; compare(a, b) has the levels of compare(b, a)."""
    one_charity = a.charity_id == b.charity_id
    return Comparison((
        *_names(a, b),
        Finding("birth", _birth(a.birth, b.birth)),
        _id(a, b),
        _phone(a, b),
        Finding("place", _place(a, b)),
        Finding("gender", _same(a.gender, b.gender)),
        Finding("role", _same(a.role, b.role)),
        Finding("household", _same(a.household, b.household) if one_charity else "missing"),
    ))  # fmt: skip
