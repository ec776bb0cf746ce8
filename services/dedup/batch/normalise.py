"""From columns as typed to records: each distinct value is normalised once, by the engine's own rules."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.dedup.batch.addresses import addresses
from services.dedup.batch.coded import (
    NOTHING,
    Coded,
    Codes,
    Index,
    encode,
    encode_numbers,
    gather,
    nothing,
    one_piece,
    recode,
    whole,
)
from services.dedup.batch.dates import order_of, written_birth
from services.dedup.batch.fields import EMPTY, GENDER_OF
from services.dedup.batch.kernel.cells import folded, identifiers
from services.dedup.batch.mapped import Mapped
from services.dedup.batch.named import named
from services.dedup.batch.phones import phones
from services.dedup.batch.records import Births, Records
from services.dedup.batch.text import reread
from services.dedup.engine.normalise import HOME, identifier, known_birth
from services.dedup.engine.record import Birth
from shared.arabic import fold

_ZONES = ("region", "governorate", "district")
_THREADS = 2
_AGREED = 0.9
"""Share of records that must put a zone in the same larger one, for it to be taken as lying there."""


def normalise_columns(
    columns: Mapping[str, pa.ChunkedArray], source: Codes, home: str = HOME, mapped: tuple[Mapped, ...] = ()
) -> Records:
    """Records of columns by field; fields not there are nothing. home: region of phones without a country.

    Columns do not depend on one another: two threads take them as they come, the longest first.
    """
    size = len(source)

    def of(field: str) -> Coded:
        return encode(columns[field]) if field in columns else nothing(size)

    with ThreadPoolExecutor(_THREADS) as pool:
        name = pool.submit(named, columns, size)
        phone = pool.submit(lambda: phones(of("phone"), home))
        birth = pool.submit(lambda: _births(of("birth_date")))
        ident = pool.submit(_identifiers, columns.get("national_id"), size)
        household = pool.submit(lambda: _households(_words(of("household_id_source")), _words(of("charity_id"))))
        address = pool.submit(lambda: addresses(of("address_text")))
        zone = pool.submit(lambda: _zones([_words(of(field)) for field in _ZONES], home))
        other = pool.submit(lambda: (_words(of("gender")), _words(of("household_role")), _words(of("charity_id"))))
        ids = pool.submit(lambda: _ids(columns.get("record_id"), size))
    gender, genders = recode(other.result()[0], GENDER_OF.get)
    role, charity = other.result()[1:]
    return Records(
        ids=ids.result(), **name.result()._asdict(),
        births=birth.result()[0], birth_values=Births(birth.result()[1]),
        id=ident.result().codes, id_values=ident.result().values,
        phones=phone.result().codes, phone_values=phone.result().values,
        zones=zone.result()[0], zone_values=zone.result()[1],
        address=address.result()[0], address_words=address.result()[1], gender=gender, genders=genders,
        role=role.codes, roles=role.values.to_pylist(),
        household=household.result(), charity=charity.codes, source=source, mapped=mapped,
    )  # fmt: skip


def _ids(column: pa.ChunkedArray | None, size: int) -> pa.Array:
    """The records' own identifiers; the row's number where there is none."""
    if column is None:
        return pa.array(np.arange(1, size + 1)).cast(pa.string())
    ids = one_piece(column)
    if not ids.null_count:
        return ids
    rows = pa.array(np.arange(1, size + 1)).cast(ids.type)
    return pc.coalesce(ids, pc.binary_join_element_wise(pa.scalar("row", ids.type), rows, pa.scalar(" ", ids.type)))


def _identifiers(column: pa.ChunkedArray | None, size: int) -> Coded:
    return reread(whole(column), identifiers, identifier, frozenset({""})) if column is not None else nothing(size)


def _words(coded: Coded) -> Coded:
    """Words folded; what clerks write for nothing is nothing."""
    codes, values = reread(coded.values, folded, fold, EMPTY)
    return Coded(gather(codes, coded.codes), values)


def _households(household: Coded, charity: Coded) -> Codes:
    """References are each charity's own; without a charity column they are one's."""
    of_charity = (charity.codes.astype(np.int64) + 1) * len(household.values) + household.codes
    return encode_numbers(np.where(household.codes >= 0, of_charity, NOTHING))[0]


def _births(coded: Coded) -> tuple[Codes, list[Birth]]:
    order = order_of(coded.values.to_pylist())

    def meaning(text: str) -> Birth | None:
        written = written_birth(text, order)
        return known_birth(written.day, written.precision, written.calendar) if written else None

    return recode(coded, meaning)


def _zones(levels: list[Coded], home: str) -> tuple[Codes, list[str]]:
    """Country, region, governorate, district: each with those above it, nothing from the first unknown on.

    A level left empty is filled from the one below it where the file itself says what it lies in.
    """
    index = Index[str]()
    columns = _filled([level.codes for level in levels])
    paths = np.full((len(columns[0]), 1 + len(levels)), NOTHING, dtype=np.int32)
    country, known = index.of(home), [codes >= 0 for codes, level in zip(columns, levels, strict=True) if level.values]
    if not known:
        return paths, index.values
    paths[np.logical_or.reduce(known), 0] = country
    for which, (codes, level) in enumerate(zip(columns, levels, strict=True)):
        if len(level.values):
            table = np.array([index.of(f"{which}:{value}") for value in level.values.to_pylist()], dtype=np.int32)
            here = gather(table, codes)
        else:  # a level that the file does not have is no gap
            here = np.full(len(codes), index.of("—"), dtype=np.int32)
        paths[:, which + 1] = np.where(paths[:, which] >= 0, here, NOTHING)
    return paths, index.values


def _filled(columns: list[Codes]) -> list[Codes]:
    """Zones by level, the largest first, with what is empty filled from the level below, lowest levels first."""
    filled = list(columns)
    for which in range(len(filled) - 2, -1, -1):
        above, below = filled[which], filled[which + 1]
        if above.max(initial=NOTHING) >= 0 and below.max(initial=NOTHING) >= 0:
            lies_in = gather(_lies_in(above, below), below)
            filled[which] = np.where(above >= 0, above, lies_in).astype(np.int32)
    return filled


def _lies_in(above: Codes, below: Codes) -> Codes:
    """Of each zone the one that nearly all records which name both put it in; NOTHING where they do not agree."""
    both = np.flatnonzero((above >= 0) & (below >= 0))
    pairs, times = np.unique(below[both].astype(np.int64) << 32 | above[both], return_counts=True)
    zones, places = pairs >> 32, (pairs & 0xFFFFFFFF).astype(np.int32)
    in_all = np.bincount(zones, times, minlength=int(below.max()) + 1)
    found = np.full(len(in_all), NOTHING, dtype=np.int32)
    agreed = (times >= _AGREED * in_all[zones]) & (times > 1)
    found[zones[agreed]] = places[agreed]
    return found
