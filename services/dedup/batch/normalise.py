"""From columns as typed to records: each distinct value is normalised once, by the engine's own rules."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import NOTHING, Coded, Codes, Index, encode, gather, nothing, recode
from services.dedup.batch.dates import order_of, written_birth
from services.dedup.batch.fields import EMPTY, GENDER_OF
from services.dedup.batch.mapped import Mapped
from services.dedup.batch.names import Names
from services.dedup.batch.records import Births, Records
from services.dedup.engine.names import arabic_units, latin_units
from services.dedup.engine.normalise import HOME, address_words, known_birth, phone_number
from services.dedup.engine.record import Birth
from shared.arabic import ascii_digits, fold

_PARTS = ("given_name", "father_name", "grandfather_name", "family_name")
_ZONES = ("region", "governorate", "district")
_PHONES = re.compile(r"[;,/|،؛]")
_MOST_PHONES = 3
_NOT_OF_AN_ID = re.compile(r"[^0-9A-Za-z\u0621-\u064a]")
_LONGEST_NAME = 300
Units = tuple[str, ...]


def normalise_columns(
    columns: Mapping[str, pa.ChunkedArray], source: Codes, home: str = HOME, mapped: tuple[Mapped, ...] = ()
) -> Records:
    """Records of columns by field; fields not there are nothing. home: region of phones without a country."""
    size = len(source)
    typed = {field: encode(column) for field, column in columns.items()}

    def of(field: str) -> Coded:
        return typed.get(field) or nothing(size)

    births, birth_values = _births(of("birth_date"))
    phones, phone_values = _phones(of("phone"), home)
    zones, zone_values = _zones([of(field) for field in _ZONES], home)
    id_codes, id_values = recode(of("national_id"), _identifier)
    address, addresses = recode(of("address_text"), lambda text: address_words(text) or None)
    gender, genders = recode(of("gender"), lambda text: GENDER_OF.get(fold(text)))
    role, roles = recode(of("household_role"), _word)
    charity, _ = recode(of("charity_id"), _word)
    household, _ = recode(of("household_id_source"), _word)
    names, arabic, latin = _names(typed, size)
    return Records(
        ids=_ids(columns.get("record_id"), size), names=names, arabic=arabic, latin=latin,
        births=births, birth_values=Births(birth_values), id=id_codes, id_values=id_values,
        phones=phones, phone_values=phone_values, zones=zones, zone_values=zone_values,
        address=address, addresses=addresses, gender=gender, genders=genders, role=role, roles=roles,
        household=_of_charity(household, charity), charity=charity, source=source, mapped=mapped,
    )  # fmt: skip


def _ids(column: pa.ChunkedArray | None, size: int) -> list[str]:
    if column is None:
        return [str(row) for row in range(1, size + 1)]
    return [text if text is not None else f"row {row}" for row, text in enumerate(column.to_pylist(), start=1)]


def _word(text: str) -> str | None:
    folded = fold(text)
    return None if folded in EMPTY else folded


def _identifier(text: str) -> str | None:
    bare = _NOT_OF_AN_ID.sub("", ascii_digits(text)).upper()
    return bare if len(bare) >= 4 and bare.strip("0") else None


def _of_charity(household: Codes, charity: Codes) -> Codes:
    """References are each charity's own; without a charity column they are one's."""
    if not len(household) or household.max() < 0:
        return household
    joined = np.where(household >= 0, (charity.astype(np.int64) + 1) * (int(household.max()) + 1) + household, NOTHING)
    _, codes = np.unique(joined, return_inverse=True)
    return np.where(household >= 0, codes, NOTHING).astype(np.int32)


def _births(coded: Coded) -> tuple[Codes, list[Birth]]:
    order = order_of(coded.values)

    def meaning(text: str) -> Birth | None:
        written = written_birth(text, order)
        return known_birth(written.day, written.precision, written.calendar) if written else None

    return recode(coded, meaning)


def _phones(coded: Coded, home: str) -> tuple[Codes, list[str]]:
    """Up to three numbers of each cell; codes are in the order of text, as the engine takes the least one shared."""

    def numbers(text: str) -> Units | None:
        found = (phone_number(part, home) for part in _PHONES.split(text)) if text.strip() else ()
        return tuple(dict.fromkeys(number for number in found if number))[:_MOST_PHONES] or None

    codes, cells = recode(coded, numbers)
    values = sorted({number for cell in cells for number in cell})
    place = {number: code for code, number in enumerate(values)}
    width = max((len(cell) for cell in cells), default=1)
    table = np.full((len(cells), width), NOTHING, dtype=np.int32)
    for row, cell in enumerate(cells):
        table[row, : len(cell)] = [place[number] for number in cell]
    if not len(table):
        return np.full((len(codes), 1), NOTHING, dtype=np.int32), []
    return np.where((codes >= 0)[:, None], table[codes], NOTHING).astype(np.int32), values


def _zones(columns: list[Coded], home: str) -> tuple[Codes, list[str]]:
    """Country, region, governorate, district: each with those above it, nothing from the first unknown on."""
    index = Index[str]()
    country = index.of(home)
    levels = [recode(column, _word) for column in columns]
    size = len(columns[0].codes)
    known = [which for which, (_, values) in enumerate(levels) if values]
    paths = np.full((size, 4), NOTHING, dtype=np.int32)
    if not known:
        return paths, index.values
    placed = np.zeros(size, dtype=bool)
    for which in known:
        placed |= levels[which][0] >= 0
    paths[placed, 0] = country
    above = paths[:, 0].copy()
    for which, (codes, values) in enumerate(levels):
        if not values:  # a level that the file does not have is no gap
            here = np.where(above >= 0, index.of("—"), NOTHING)
        else:
            table = np.array([index.of(f"{which}:{value}") for value in values], dtype=np.int32)
            here = np.where(above >= 0, gather(table, codes, NOTHING), NOTHING)
        paths[:, which + 1] = here
        above = paths[:, which + 1]
    return paths, index.values


def _names(typed: Mapping[str, Coded], size: int) -> tuple[Names, Codes, Codes]:
    """The distinct names of the file, and each record's in Arabic and in Latin letters.

    A whole name without an Arabic letter is taken for a Latin one, if no other is there.
    """
    index = Index[Units]()
    arabic, latin = (np.full(size, NOTHING, dtype=np.int32) for _ in "al")
    if "full_name" in typed:
        arabic = _rows(typed["full_name"], arabic_units, index)
    if "full_name_latin" in typed:
        latin = _rows(typed["full_name_latin"], latin_units, index)
    if "full_name" in typed:
        codes, values = typed["full_name"]
        other = Coded(np.where((arabic < 0) & (latin < 0), codes, NOTHING), values)
        latin = np.where(other.codes >= 0, _rows(other, latin_units, index), latin)
    if any(part in typed for part in _PARTS):
        _from_parts(typed, size, index, arabic, latin)
    if not index.values:
        index.of(("",))
    weights = np.bincount(arabic[arabic >= 0], minlength=len(index.values))
    weights += np.bincount(latin[latin >= 0], minlength=len(index.values))
    return Names(index.values, weights), arabic, latin


def _rows(coded: Coded, cut: Callable[[str], Units], index: Index[Units]) -> Codes:
    """Each record's row; names without a unit in that script have none. Only values that occur are cut."""
    table = np.full(len(coded.values), NOTHING, dtype=np.int32)
    for place in np.unique(coded.codes[coded.codes >= 0]).tolist():
        units = cut(coded.values[place][:_LONGEST_NAME])
        if units:
            table[place] = index.of(units)
    return gather(table, coded.codes, NOTHING).astype(np.int32)


def _from_parts(typed: Mapping[str, Coded], size: int, index: Index[Units], arabic: Codes, latin: Codes) -> None:
    """Names typed in several columns, for the records that have no whole name."""
    for cut, into in ((arabic_units, arabic), (latin_units, latin)):
        parts = []
        for part in _PARTS:
            coded = typed.get(part) or nothing(size)
            parts.append(recode(coded, partial(_cut, cut)))
        stacked = np.stack([codes for codes, _ in parts], axis=1)
        distinct, which = np.unique(stacked, axis=0, return_inverse=True)
        rows = np.array([_joined([parts[p][1][c] if c >= 0 else () for p, c in enumerate(row)], index)
                         for row in distinct.tolist()], dtype=np.int32)  # fmt: skip
        found = rows[which.ravel()]
        fresh = (found >= 0) & (arabic < 0) & (latin < 0)
        into[fresh] = found[fresh]


def _cut(cut: Callable[[str], Units], text: str) -> Units | None:
    return cut(text[:_LONGEST_NAME]) or None


def _joined(parts: list[Units], index: Index[Units]) -> int:
    """The name that the parts make, with "" for a given name that was not typed."""
    if not any(parts):
        return NOTHING
    return index.of((*(parts[0] or ("",)), *(unit for part in parts[1:] for unit in part)))
