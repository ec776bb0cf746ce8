"""Records of a file in the form that the kernels compare, and the levels they find.

Levels come as bytes, places in LEVELS.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from services.dedup.batch.coded import NOTHING, Bytes, Codes, Ints
from services.dedup.batch.kernel import pairs as kernel
from services.dedup.batch.kernel.pairs import Facts
from services.dedup.batch.kernel.units import NAME_LEVELS
from services.dedup.batch.records import Records
from services.dedup.batch.spelling import spelling

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
    births, names = records.birth_values.columns, records.names
    word_from, words = _words(records.addresses)
    units, letters = spelling(names.units)
    sizes = np.minimum(names.sizes, names.rows.shape[1])
    return Facts(
        records=_rows(records), names=np.column_stack([names.rows, sizes]).astype(np.int32),
        births=np.column_stack([births[name] for name in _BIRTH_COLUMNS]).astype(np.int32),
        ids=_letters(records.id_values), word_from=word_from, words=words, units=units, letters=letters,
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


def _letters(values: Sequence[str]) -> Bytes:
    """Identifiers as rows of letter codes, and at last their lengths; 0 for those too long to have near ones."""
    table = np.zeros((len(values), kernel.NEAR_ID + 1), dtype=np.uint8)
    for row, value in enumerate(values):
        if len(value) <= kernel.NEAR_ID:
            table[row, : len(value)] = np.frombuffer(value.encode("utf-16-le")[::2], dtype=np.uint8)
            table[row, kernel.NEAR_ID] = len(value)
    return table


def _words(addresses: Sequence[tuple[str, ...]]) -> tuple[Ints, Codes]:
    """The sorted codes of each address's words, one after another, and where each begins."""
    codes: dict[str, int] = {}
    found = [sorted(codes.setdefault(word, len(codes)) for word in words) for words in addresses]
    word_from = np.zeros(len(found) + 1, dtype=np.int64)
    word_from[1:] = np.cumsum([len(words) for words in found])
    return word_from, np.array([code for words in found for code in words] or [NOTHING], dtype=np.int32)
