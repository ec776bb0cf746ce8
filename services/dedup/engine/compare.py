"""How two records agree, field by field, as levels; no weights yet.

A field that either side leaves open is `missing` and says nothing. Symmetric in its sides.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from services.dedup.engine.lineage import LINE, Line, line_up
from services.dedup.engine.phonetic import key
from services.dedup.engine.record import Birth, Record
from services.dedup.engine.units import unit_level

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


_MISSING = {field: Finding(field, "missing") for field in FIELDS}
_PLAIN = {
    (field, level): Finding(field, level)
    for field, levels in {
        "birth": (
            "exact",
            "days_off",
            "swapped",
            "part_off",
            "year",
            "same_year",
            "year_off",
            "differ",
            "missing",
        ),
        "place": ("address", "district", "governorate", "region", "differ", "missing"),
        "gender": ("same", "differ", "missing"),
        "role": ("same", "differ", "missing"),
        "household": ("same", "differ", "missing"),
        "id": ("near", "differ"),
        "phone": ("differ",),
    }.items()
    for level in levels
}


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


_USUAL = 6  # forebears of either side up to which all are held against all
_OTHER = frozenset({"differ", "script_differ"})
_NONE = _OTHER | {"missing"}
_NO_LINEAGE = (_MISSING["father"], _MISSING["forebear"], _MISSING["family"])


def _names(a: Record, b: Record) -> tuple[Finding, Finding, Finding, Finding]:
    ours, theirs = _units(a, b)
    if not ours or not theirs:
        return _MISSING["given"], *_NO_LINEAGE
    level = unit_level(ours[0], theirs[0])
    if level == "missing":
        return _MISSING["given"], *_lineage(ours[1:], theirs[1:])
    if level in _OTHER and len(ours) == len(theirs) == 2 and _turned(ours, theirs):
        return Finding("given", "turned", ours[0], theirs[0]), *_NO_LINEAGE
    if level in _OTHER and (turned := _family_last(ours, theirs)):
        ours, theirs = turned
        return Finding("given", "swapped", ours[0], theirs[0]), *_lineage(ours[1:], theirs[1:])
    return _valued("given", level, ours[0], theirs[0]), *_lineage(ours[1:], theirs[1:])


def _turned(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names of two units are each other's, turned about; a father and his son may be so as well."""
    return _agree(a[0], b[1]) and _agree(a[1], b[0])


def _agree(a: str, b: str) -> bool:
    return unit_level(a, b) not in _NONE


def _family_last(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Both names with the family name last, if one of them begins with it; None if neither does.

    Of a name of two units and a longer one only the short one is turned: أحمد طارق may be the son of طارق أحمد محمود.
    """
    for ours, theirs in ((a, b), (b, a)):
        if len(ours) > 1 and len(theirs) > 2 and _agree(ours[0], theirs[-1]) and _agree(ours[1], theirs[0]):
            turned = (*ours[1:], ours[0])
            return (turned, theirs) if ours is a else (theirs, turned)
    return None


def _lineage(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[Finding, Finding, Finding]:
    """The findings on father, forebear and family of two lines of forebears, each with the family's name last."""
    if not a or not b:
        return _NO_LINEAGE
    if len(a) > _USUAL or len(b) > _USUAL:
        found = line_up(lambda i, j: unit_level(a[i], b[j]), (len(a), len(b)), a == b, b < a)
    else:
        found = _lined_up(tuple([unit_level(x, y) for x in a for y in b]), len(b), a == b, b < a)
    father, forebear, family = (
        Finding(field, level) if i < 0 else _valued(field, level, a[i], b[j])
        for field, (level, i, j) in zip(LINE, found, strict=True)
    )
    return father, forebear, family


@lru_cache(maxsize=100_000)
def _lined_up(levels: tuple[str, ...], columns: int, same: bool, turned: bool) -> Line:
    """`line_up` by the levels of all units with all, row by row: names are many, patterns of levels few."""
    return line_up(lambda i, j: levels[i * columns + j], (len(levels) // columns, columns), same, turned)


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
        return _MISSING["id"]
    if a.id_token == b.id_token:
        return Finding("id", "exact", a.id_token, a.id_token)
    return _PLAIN["id", "differ" if set(a.id_near).isdisjoint(b.id_near) else "near"]


def _phone(a: Record, b: Record) -> Finding:
    if not a.phones or not b.phones:
        return _MISSING["phone"]
    shared = [phone for phone in a.phones if phone in b.phones]
    if not shared:
        return _PLAIN["phone", "differ"]
    value = min(shared, key=lambda phone: (len(phone), phone))
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
    household = _same(a.household, b.household) if a.charity_id == b.charity_id else "missing"
    return Comparison((
        *_names(a, b),
        _PLAIN["birth", _birth(a.birth, b.birth)],
        _id(a, b),
        _phone(a, b),
        _PLAIN["place", _place(a, b)],
        _PLAIN["gender", _same(a.gender, b.gender)],
        _PLAIN["role", _same(a.role, b.role)],
        _PLAIN["household", household],
    ))  # fmt: skip
