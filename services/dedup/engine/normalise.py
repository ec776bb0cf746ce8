"""From what was typed to what can be compared."""

import re
from datetime import date
from functools import lru_cache

import phonenumbers
from hijridate import Gregorian, Hijri

from services.dedup.engine.names import arabic_units, latin_units
from services.dedup.engine.phonetic import key
from services.dedup.engine.record import Birth, Calendar, Precision, Record, Typed
from shared.arabic import ascii_digits, fold

HOME = "SA"
_RAJAB = 7
_SPACING = re.compile(r"[\s().-]+")
_DIALLED = re.compile(r"\+?\d{7,15}", re.ASCII)
_PREFIX = 6
_TAIL = "1234567890"
# Near IDs are only compared within one pair of records: 48 bits are enough, and quick to load.
_NEAR_DIGITS = 12
# The calendar tables cover 1343-1500 H; a birth before that keeps its Gregorian year only.
_HIJRI_FROM = date(1924, 8, 1)
_HIJRI_TO = date(2077, 11, 16)
_ADDRESS_NOISE = frozenset({"شارع", "حي", "طريق", "جوار", "خلف", "امام", "قرب", "بجوار", "مقابل", "street",
                            "st", "road", "district", "near"})  # fmt: skip


@lru_cache(maxsize=100_000)
def phone_number(text: str, region: str = HOME) -> str | None:
    """The number in E.164, the digits of what is no valid number, None for fewer than six.

    region: of two letters, for numbers typed without their country.
    """
    digits = ascii_digits(text)
    dialled = _SPACING.sub("", digits)
    if _DIALLED.fullmatch(dialled):
        written = _beginning(dialled[:_PREFIX], len(dialled) - _PREFIX, region)
        if written is not None:
            return written + dialled[_PREFIX:]
    return _parsed(digits, region)


@lru_cache(maxsize=100_000)
def _beginning(prefix: str, rest: int, region: str) -> str | None:
    """How E.164 writes the first digits of a number with `rest` more; None where the rest changes as well.

    Country and length settle it: parsing is slow, and a file holds few beginnings.
    """
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
        return f"+{number.country_code}{number.national_number}"
    bare = "".join(filter(str.isdigit, digits))
    return bare if len(bare) >= 6 else None


@lru_cache(maxsize=50_000)
def _hijri(born: date) -> tuple[int, int, int] | None:
    if not _HIJRI_FROM <= born <= _HIJRI_TO:
        return None
    hijri = Gregorian(born.year, born.month, born.day).to_hijri()
    return hijri.year, hijri.month, hijri.day


@lru_cache(maxsize=1_000)
def _hijri_year(year: int) -> tuple[int, int]:
    """The Gregorian years in which a Hijri year begins and ends."""
    first = Hijri(year, 1, 1).to_gregorian()
    last = Hijri(year, 12, 29).to_gregorian()
    return first.year, last.year


def known_birth(born: date, precision: Precision | None, calendar: Calendar | None) -> Birth:
    """What is known of a birth: a default day (1 January, 1 Rajab) tells the year only."""
    hijri = _hijri(born)
    default_hijri = hijri is not None and hijri[1:] == (_RAJAB, 1)
    year_only = precision == "year"
    if hijri is not None and (default_hijri or (year_only and calendar == "hijri")):
        first, last = _hijri_year(hijri[0])
        return Birth(born.toordinal(), first, last, False)
    default = born.month == born.day == 1
    known = not (default or year_only or precision == "month")
    return Birth(born.toordinal(), born.year, born.year, known)


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
