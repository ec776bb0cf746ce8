"""The mapping file: what headings do not say of themselves, as JSON.

    {"columns": {
      "surname": "family_name",
      "postcode": {"compare": "exact"},
      "street_number": {"compare": "number", "tolerance": 2},
      "address_1": {"compare": "text", "name": "street"},
      "arrived": {"compare": "date", "tolerance": 7},
      "remarks": null}}

A heading goes to one of our fields, to a comparison (exact, text, number, date), or to nothing. Headings not named
here are recognised as ever. Columns of several files that bear one `name` are compared with one another.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from services.dedup.batch.fields import FIELDS
from services.dedup.batch.layout import Told
from services.dedup.batch.mapped import KINDS, Spec
from services.dedup.engine.compare import FIELDS as COMPARED
from shared.arabic import fold

_FARTHEST = 1e300
_KEYS = frozenset({"compare", "tolerance", "name"})
_RESERVED = frozenset({*COMPARED, "family_tie"})


class MappingUnusable(ValueError):
    """The mapping file cannot be used; the message says where it is wrong and how to mend it."""


@dataclass(frozen=True)
class ColumnMapping:
    """told: folded heading -> what it holds. headings: folded -> as the file writes them."""

    name: str = ""
    told: Mapping[str, Told] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def specs(self) -> tuple[Spec, ...]:
        """The comparisons asked for, each once."""
        return tuple(dict.fromkeys(told for told in self.told.values() if isinstance(told, Spec)))

    def check(self, headings: Iterable[str]) -> None:
        """Raises MappingUnusable where it names a column that none of the files has."""
        there = {fold(heading): heading for heading in headings}
        for folded, heading in self.headings.items():
            if folded not in there:
                close = get_close_matches(folded, there, n=1)
                meant = f"; did you mean «{there[close[0]]}»?" if close else f"; there are: {', '.join(there.values())}"
                raise MappingUnusable(f"{self.name}: columns: «{heading}»: no file has such a column{meant}")


def read_mapping(path: Path | None) -> ColumnMapping:
    """The mapping in `path`; one that says nothing if there is none. Raises MappingUnusable."""
    if path is None:
        return ColumnMapping()
    try:
        written = json.loads(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise MappingUnusable(f"{path.name}, line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (OSError, UnicodeDecodeError):
        raise MappingUnusable(f"{path.name}: it is no JSON in UTF-8") from None
    columns = written.get("columns") if isinstance(written, dict) else None
    if not isinstance(columns, dict) or len(written) != 1:
        raise MappingUnusable(f'{path.name}: write it as {{"columns": {{"heading": "field"}}}}, and nothing beside')
    told = {heading: _told(path.name, heading, meant) for heading, meant in columns.items()}
    _check_names(path.name, told)
    return ColumnMapping(path.name, {fold(h): t for h, t in told.items()}, {fold(h): h for h in told})


def _told(file: str, heading: str, meant: object) -> Told:
    where = f"{file}: columns: «{heading}»"
    if meant is None:
        return None
    if isinstance(meant, str):
        if meant in FIELDS:
            return meant
        close = get_close_matches(meant, FIELDS, n=1)
        hint = f"did you mean {close[0]}? F" if close else "f"
        raise MappingUnusable(
            f"{where}: there is no field {meant}; {hint}ields are {', '.join(FIELDS)}; "
            'to compare the column as it is, write {"compare": "text"}'
        )
    if not isinstance(meant, dict) or "compare" not in meant:
        raise MappingUnusable(f'{where}: write a field, {{"compare": "{"|".join(KINDS)}"}}, or null')
    return _spec(where, heading, meant)


def _spec(where: str, heading: str, meant: Mapping[str, object]) -> Spec:
    unknown = sorted(set(meant) - _KEYS)
    if unknown:
        raise MappingUnusable(f"{where}: {', '.join(unknown)}: there is compare, name and tolerance, nothing else")
    kind, name, tolerance = meant["compare"], meant.get("name", heading), meant.get("tolerance")
    if kind not in KINDS:
        raise MappingUnusable(f"{where}: compare: it is one of {', '.join(KINDS)}")
    if not isinstance(name, str) or not name.strip():
        raise MappingUnusable(f"{where}: name: it is a text that is not empty")
    if name.strip() in _RESERVED:
        raise MappingUnusable(f'{where}: {name} is the name of a comparison of ours; add "name": "another {name}"')
    if tolerance is None:
        return Spec(name.strip(), KINDS[KINDS.index(kind)])
    if kind not in ("number", "date"):
        raise MappingUnusable(f"{where}: tolerance: only numbers and dates have one")
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance <= _FARTHEST:
        raise MappingUnusable(f"{where}: tolerance: it is a number from 0 up; of a date in days")
    return Spec(name.strip(), KINDS[KINDS.index(kind)], float(tolerance))


def _check_names(file: str, told: Mapping[str, Told]) -> None:
    """Raises MappingUnusable where columns of one name are compared in two ways."""
    seen: dict[str, Spec] = {}
    for heading, spec in told.items():
        if isinstance(spec, Spec) and seen.setdefault(spec.name, spec) != spec:
            raise MappingUnusable(f"{file}: columns: «{heading}»: {spec.name} is compared in two ways; choose one")
