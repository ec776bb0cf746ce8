"""Records of a file in the form that the kernels compare, and the levels they find.

Levels come as bytes, places in LEVELS.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import NOTHING, Bytes, Codes
from services.dedup.batch.kernel import records as kernel
from services.dedup.batch.kernel.records import Facts
from services.dedup.batch.kernel.units import NAME_LEVELS
from services.dedup.batch.records import Records
from services.dedup.batch.spelling import spelling
from services.dedup.batch.text import laid_out

_BIRTH = ("missing", "exact", "days_off", "swapped", "part_off", "year", "same_year", "year_off", "differ")
_SAME = ("missing", "same", "differ")
LEVELS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("given", "father", "forebear", "family"), NAME_LEVELS),
    "birth": _BIRTH,
    "id": ("missing", "exact", "near", "differ"),
    "phone": ("missing", "exact", "differ"),
    "place": ("missing", "address", "district", "governorate", "region", "differ"),
    "gender": _SAME, "role": _SAME, "household": _SAME,
}  # fmt: skip
CODES = {field: {level: code for code, level in enumerate(levels)} for field, levels in LEVELS.items()}
_BIRTH_COLUMNS = ("ordinal", "first", "last", "known", "year", "month", "day")


class Comparer:
    """A file's records, ready to be compared. Made once; threads share it."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.facts = facts(records)


def facts(records: Records) -> Facts:
    births, names, addresses = records.birth_values.columns, records.names, records.address_words
    units, letters = spelling(names.units)
    return Facts(
        records=_rows(records), names=np.column_stack([names.rows, names.sizes]).astype(np.int32),
        births=np.column_stack([births[name] for name in _BIRTH_COLUMNS]).astype(np.int32),
        ids=_letters(records.id_values), word_from=np.array(addresses.offsets, dtype=np.int64),
        words=np.array(addresses.codes, dtype=np.int32), units=units, letters=letters,
    )  # fmt: skip


def _rows(records: Records) -> Codes:
    rows = np.full((len(records), kernel.RECORD_WIDTH), NOTHING, dtype=np.int32)
    phones = records.phones[:, : kernel.MOST_PHONES]
    for place, column in (
        (kernel.ARABIC_NAME, records.arabic), (kernel.LATIN_NAME, records.latin), (kernel.BORN, records.births),
        (kernel.ID_OF, records.id), (kernel.ADDRESS_OF, records.address), (kernel.GENDER_OF, records.gender),
        (kernel.ROLE_OF, records.role), (kernel.HOUSEHOLD_OF, records.household),
        (kernel.CHARITY_OF, records.charity),
    ):  # fmt: skip
        rows[:, place] = column
    rows[:, kernel.PHONES : kernel.PHONES + phones.shape[1]] = phones
    rows[:, kernel.ZONES : kernel.ZONES + records.zones.shape[1]] = records.zones
    return rows


def _letters(values: pa.Array) -> Bytes:
    """Identifiers as rows of bytes, and at last their lengths; 0 for those too long to have near ones.

    One with letters beyond ASCII has more bytes than letters: it is near to none.
    """
    data, offsets = laid_out(values)
    lengths = np.diff(offsets)
    lengths[lengths > kernel.NEAR_ID] = 0
    table = np.zeros((len(values), kernel.NEAR_ID + 1), dtype=np.uint8)
    table[:, kernel.NEAR_ID] = lengths
    for place in range(kernel.NEAR_ID):
        held = lengths > place
        table[held, place] = data[offsets[:-1][held] + place]
    return table
