"""Groups of registrations whose errors are told apart: by gender, status, script and identifier."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.cli.link.labels import once, places
from services.dedup.batch.coded import Flags
from services.dedup.batch.fields import GENDER_OF
from services.dedup.batch.inputs import persons_fields
from services.dedup.batch.read import FileUnreadable, Sheet, read_sheet
from shared.arabic import fold

_NAMES = ("full_name", "full_name_latin", "given_name", "father_name", "grandfather_name", "family_name")
_CITIZEN, _RESIDENT = r"^[1١۱]\p{Nd}{9}$", r"^[2٢۲]\p{Nd}{9}$"
_SOME_ID = r"[1-9١-٩۱-۹]"
_SHORTEST_ID = 4


def subgroups(path: Path, ids: pa.Array) -> dict[str, Flags]:
    """Group -> which of the records `ids` are in it, from the registrations in `path`.

    women, men: by the gender column. citizens, residents: an ID of ten digits that begins with 1 or 2. with ID: a
    number of four signs or more that is not all zeros. Latin only: letters in a name column, none of them Arabic.
    A group whose column the file lacks is left out. Raises FileUnreadable.
    """
    sheet = read_sheet(path)
    found = persons_fields(sheet)
    where = places(ids, _ids(found.get("record_id"), sheet, path))
    if (where < 0).all():
        raise FileUnreadable(f"{path.name}: it holds none of the {len(ids):,} records of the truth")
    groups: dict[str, Flags] = {}
    if "gender" in found:
        groups |= _genders(found["gender"])
    if "national_id" in found:
        groups |= _identifiers(found["national_id"])
    names = [found[field] for field in _NAMES if field in found]
    if names:
        groups |= _scripts(names)
    if not groups:
        raise FileUnreadable(f"{path.name}: no column of gender, ID or name to tell groups by")
    return {name: np.where(where >= 0, within[where], False) for name, within in groups.items()}


def _ids(column: pa.ChunkedArray | None, sheet: Sheet, path: Path) -> pa.Array:
    """As `sijill link` has them: the row's number where no column holds them."""
    if column is None:
        return pc.cast(pa.array(np.arange(1, sheet.rows + 1)), pa.string())
    return once(column, path)


def _genders(typed: pa.ChunkedArray) -> dict[str, Flags]:
    coded = typed.combine_chunks().dictionary_encode()
    meaning = [GENDER_OF.get(fold(value)) for value in coded.dictionary.to_pylist()]
    codes = coded.indices.fill_null(len(meaning)).to_numpy()
    return {
        group: np.array([*(each == gender for each in meaning), False], dtype=bool)[codes]
        for group, gender in (("women", "female"), ("men", "male"))
    }


def _identifiers(typed: pa.ChunkedArray) -> dict[str, Flags]:
    bare = pc.replace_substring_regex(typed, r"[^\p{Nd}\p{L}]", "")
    some = _matches(bare, _SOME_ID) & _flags(pc.greater_equal(pc.utf8_length(bare), _SHORTEST_ID))
    return {
        "citizens": _matches(bare, _CITIZEN), "residents": _matches(bare, _RESIDENT),
        "with ID": some, "without ID": ~some,
    }  # fmt: skip


def _scripts(names: list[pa.ChunkedArray]) -> dict[str, Flags]:
    arabic = np.logical_or.reduce([_matches(name, r"\p{Arabic}") for name in names])
    latin = np.logical_or.reduce([_matches(name, r"\p{Latin}") for name in names])
    return {"Arabic": arabic, "Latin only": latin & ~arabic}


def _matches(column: pa.ChunkedArray, pattern: str) -> Flags:
    return _flags(pc.match_substring_regex(column, pattern))


def _flags(column: pa.ChunkedArray) -> Flags:
    return np.asarray(column.fill_null(False).to_numpy(), dtype=bool)
