"""What Splink is given instead of the sheet:  python -m tests.bench.linkage.prepare {ours,plain,febrl} SHEET OUT

`ours` is our own normalisation, so that Splink's figures show its model and not its reading of Arabic; `plain` leaves
names and addresses as they are typed, cut at spaces; `febrl` trims the cells of one of Febrl's sets. How long this
takes is not counted as Splink's time.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from services.dedup.batch.dates import written_birth
from services.dedup.engine.names import arabic_units, latin_units
from services.dedup.engine.normalise import address_words, known_birth, phone_number
from services.dedup.engine.phonetic import key
from shared.arabic import ascii_digits, fold

_MOST_SHARED = 30
"""A phone or an ID that more records hold is the charity's own or a dummy, and is left out."""
_FIRST_LETTER, _FIRST_CODE = 0x621, 0x30
Row = dict[str, Any]

_REGISTRATIONS = pa.schema(
    [
        ("unique_id", pa.string()), ("given", pa.string()), ("given_key", pa.string()), ("forebear_1", pa.string()),
        ("forebear_2", pa.string()), ("family", pa.string()), ("family_start", pa.string()),
        ("family_key", pa.string()),
        ("all_names", pa.string()), ("latin", pa.bool_()), ("birth", pa.date32()), ("birth_year", pa.int32()),
        ("national_id", pa.string()), ("gender", pa.string()), ("role", pa.string()), ("phone", pa.string()),
        ("household", pa.string()), ("district", pa.string()), ("governorate", pa.string()), ("address", pa.string()),
    ]
)  # fmt: skip
"""given, family: as spelt; the keys beside them are the same for all spellings in either script. family_start: its
first two letters, so that distances, which are slow, are taken of few pairs.
forebear_1 and 2: keys of the first names between given and family. all_names: every key, in the order of the alphabet.
birth: where the day is known. latin: whether the name was typed in Latin letters only.
"""
_FEBRL = pa.schema(
    [
        (name, pa.string())
        for name in ("unique_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb",
                     "postcode", "state", "date_of_birth", "soc_sec_id")
    ]
)  # fmt: skip


def ours(sheet: Iterator[Mapping[str, str]]) -> Iterator[Row]:
    """Rows by the engine's own rules, Arabic letters coded as one byte each: DuckDB's distances count bytes."""
    for typed in sheet:
        arabic = arabic_units(typed["full_name"])
        units = arabic or latin_units(typed["full_name_latin"])
        words = (typed["district"], *address_words(typed["address_text"])) if typed["address_text"] else ()
        names = _names([_coded(unit) for unit in units], [key(unit) for unit in units])
        yield names | _beside_names(typed) | {"latin": not arabic, "address": " ".join(words) or None}


def plain(sheet: Iterator[Mapping[str, str]]) -> Iterator[Row]:
    """Rows whose names are the words as typed, without a key that spellings share; all else as in `ours`."""
    for typed in sheet:
        words = (typed["full_name"] or typed["full_name_latin"].lower()).split()
        text = {"latin": not typed["full_name"], "address": typed["address_text"] or None}
        yield _names(words, words) | _beside_names(typed) | text


def febrl(sheet: Iterator[Mapping[str, str]]) -> Iterator[Row]:
    """Rows of one of Febrl's sets, whose cells begin with a space."""
    for typed in sheet:
        cells = {heading.strip(): cell.strip() or None for heading, cell in typed.items()}
        yield cells | {"unique_id": cells["rec_id"]}


def _names(units: list[str], keys: list[str]) -> Row:
    several = len(units) > 1
    return {
        "given": units[0] or None if units else None,
        "given_key": keys[0] or None if units else None,
        "forebear_1": keys[1] if len(keys) > 2 else None,
        "forebear_2": keys[2] if len(keys) > 3 else None,
        "family": units[-1] if several else None,
        "family_start": units[-1].removeprefix("ال")[:2] if several else None,
        "family_key": keys[-1] if several else None,
        "all_names": " ".join(sorted(keys)) if several else None,
    }


def _beside_names(typed: Mapping[str, str]) -> Row:
    written = written_birth(typed["birth_date"])
    birth = known_birth(written.day, written.precision, written.calendar) if written else None
    reference = typed["household_id_source"]
    return {
        "unique_id": typed["record_id"],
        "birth": date.fromordinal(birth.day) if birth and birth.known else None,
        "birth_year": birth.first if birth else None,
        "national_id": ascii_digits(typed["national_id"]).strip() or None,
        "phone": phone_number(typed["phone"].split(";")[0]) if typed["phone"] else None,
        "gender": typed["gender"] or None,
        "role": typed["household_role"] or None,
        "household": f"{typed['charity_id']}:{fold(reference)}" if reference else None,
        "district": typed["district"] or None,
        "governorate": typed["governorate"] or None,
    }


def _coded(unit: str) -> str:
    """Arabic letters one by one as ASCII from 0 to Y; Latin ones are in lower case and stay."""
    return "".join(chr(ord(letter) - _FIRST_LETTER + _FIRST_CODE) if letter >= "\u0621" else letter for letter in unit)


def _without_defaults(rows: list[Row], field: str) -> None:
    held = Counter(row[field] for row in rows)
    for row in rows:
        if held[row[field]] > _MOST_SHARED:
            row[field] = None


def prepare(how: str, sheet: Path, out: Path) -> None:
    rows_of, columns = {"ours": (ours, _REGISTRATIONS), "plain": (plain, _REGISTRATIONS), "febrl": (febrl, _FEBRL)}[how]
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(rows_of(csv.DictReader(file)))
    if how != "febrl":
        for field in ("phone", "national_id"):
            _without_defaults(rows, field)
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows, columns), out)


if __name__ == "__main__":
    prepare(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
