"""From what was typed to what can be compared."""

import re
from datetime import date
from functools import lru_cache
from unicodedata import decimal

import phonenumbers
from hijridate import Hijri

from services.dedup.engine.hijri import hijri_of
from services.dedup.engine.names import arabic_units, latin_units
from services.dedup.engine.phonetic import key
from services.dedup.engine.record import Birth, Calendar, Precision, Record, Typed
from shared.arabic import ascii_digits, fold

HOME = "SA"
_RAJAB = 7
_SPACING = re.compile(r"[\s().-]+")
_DIALLED = re.compile(r"\+?\d{7,15}", re.ASCII)
HEAD = 6
LONGEST_PHONE = 18
_TAIL = "1234567890"
# Near IDs are only compared within one pair of records: 48 bits are enough, and quick to load.
_NEAR_DIGITS = 12
_NOT_OF_AN_ID = re.compile(r"[^0-9A-Za-z\u0621-\u064a]")
_LEAST_ID = 4
_ADDRESS_NOISE = frozenset({"شارع", "حي", "طريق", "جوار", "خلف", "امام", "قرب", "بجوار", "مقابل", "street",
                            "st", "road", "district", "near"})  # fmt: skip


def identifier(text: str) -> str | None:
    """The letters and digits of an identifier, in capitals; None for fewer than four and for nothing but zeros."""
    bare = _NOT_OF_AN_ID.sub("", ascii_digits(text)).upper()
    return bare if len(bare) >= _LEAST_ID and bare.strip("0") else None


@lru_cache(maxsize=100_000)
def phone_number(text: str, region: str = HOME) -> str | None:
    """The number in E.164, the digits of what is no valid number, None for fewer than six.

    At most LONGEST_PHONE characters. region: of two letters, for numbers typed without their country.
    """
    digits = ascii_digits(text)
    dialled = _SPACING.sub("", digits)
    if _DIALLED.fullmatch(dialled):
        written = beginning(dialled[:HEAD], len(dialled) - HEAD, region)
        if written is not None:
            return (written + dialled[HEAD:])[:LONGEST_PHONE]
    return _parsed(digits, region)


@lru_cache(maxsize=200_000)
def beginning(head: str, rest: int, region: str) -> str | None:
    """How E.164 writes the first six characters of a number with `rest` more; None where the rest changes as well.

    Country and length settle it: parsing is slow, and a file holds few beginnings. Most are settled by five.
    """
    written = _settled(head[:-1], rest + 1, region)
    return _settled(head, rest, region) if written is None else written + head[-1]


@lru_cache(maxsize=100_000)
def _settled(prefix: str, rest: int, region: str) -> str | None:
    found = set()
    for tail in ((_TAIL * 2)[:rest], "0" * rest):
        written = _parsed(prefix + tail, region)
        found.add(written.removesuffix(tail) if written and written.endswith(tail) else None)
    return found.pop() if len(found) == 1 else None


def _parsed(digits: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_possible_number(number):
        return f"+{number.country_code}{number.national_number}"[:LONGEST_PHONE]
    bare = "".join([str(decimal(letter)) for letter in digits if letter.isdecimal()])
    return bare[:LONGEST_PHONE] if len(bare) >= 6 else None


@lru_cache(maxsize=1_000)
def _hijri_year(year: int) -> tuple[int, int]:
    """The Gregorian years in which a Hijri year begins and ends."""
    first = Hijri(year, 1, 1).to_gregorian()
    last = Hijri(year, 12, Hijri(year, 12, 1).month_length()).to_gregorian()
    return first.year, last.year


def known_birth(born: date, precision: Precision | None, calendar: Calendar | None) -> Birth:
    """What is known of a birth: a default day (1 January, 1 Rajab) tells the year only.

    A birth outside the Hijri table, before 1343 H, keeps its Gregorian year only.
    """
    day = born.toordinal()
    hijri = hijri_of(day)
    default_hijri = hijri is not None and hijri[1:] == (_RAJAB, 1)
    year_only = precision == "year"
    if hijri is not None and (default_hijri or (year_only and calendar == "hijri")):
        first, last = _hijri_year(hijri[0])
        return Birth(day, first, last, False)
    default = born.month == born.day == 1
    known = not (default or year_only or precision == "month")
    return Birth(day, born.year, born.year, known)


def address_words(text: str) -> tuple[str, ...]:
    """The words of an address that tell one from another, sorted, each once."""
    tokens = {token.removeprefix("ال") for token in fold(text).replace("،", " ").split()}
    return tuple(sorted(token for token in tokens - _ADDRESS_NOISE if len(token) > 1))


def _phones(typed: Typed) -> tuple[str, ...]:
    region = typed.zone_path[0][:2].upper() if typed.zone_path else HOME
    found = (phone_number(text, region) for text in typed.phones if text)
    return tuple(dict.fromkeys(phone for phone in found if phone))


def normalise(typed: Typed) -> Record:
    """`typed` in the form that is compared. Total: what cannot be read is left out."""
    arabic = arabic_units(typed.full_name) if typed.full_name else ()
    latin = latin_units(typed.full_name_latin) if typed.full_name_latin else ()
    if not arabic and not latin and typed.full_name:
        latin = latin_units(typed.full_name)
    return Record(
        record_id=typed.record_id,
        charity_id=typed.charity_id,
        arabic=arabic,
        latin=latin,
        keys=tuple(map(key, arabic or latin)),
        id_token=typed.id_token,
        id_near=tuple([token[:_NEAR_DIGITS] for token in typed.id_near]),
        birth=known_birth(typed.birth, typed.birth_precision, typed.birth_calendar) if typed.birth else None,
        gender=typed.gender,
        phones=_phones(typed),
        zone_path=typed.zone_path,
        address=address_words(typed.address_text) if typed.address_text else (),
        household=f"{typed.charity_id.hex}:{typed.household_ref}" if typed.household_ref else None,
        role=typed.household_role,
    )
