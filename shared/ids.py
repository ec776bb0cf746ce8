"""Identifiers: our own, and the national ones with their check digits.

A national ID is ten digits: the first is 1 (citizen), 2 (resident) or 3-6 (visitor, border number);
for citizens and residents the last is a Luhn check digit (ISO/IEC 7812-1, annex B).
It is kept nowhere in clear: `shared.vault` seals it and makes the keyed tokens that stand for it.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NewType
from uuid import UUID

from uuid_utils.compat import uuid7

from shared.arabic import ascii_digits

CharityId = NewType("CharityId", UUID)
PersonId = NewType("PersonId", UUID)
HouseholdId = NewType("HouseholdId", UUID)
RegistrationId = NewType("RegistrationId", UUID)
RequestId = NewType("RequestId", UUID)
FindingId = NewType("FindingId", UUID)
NationalId = NewType("NationalId", str)

_BORDER = re.compile(r"[3-6]\d{9}")
_CIN = re.compile(r"[A-Z]{1,2}[1-9]\d{0,6}")
_TEN_DIGITS = re.compile(r"(?:\D*\d){10}")  # anywhere in the text: what holds fewer is soon done with
# What may stand between the digits of one number, invisible characters included.
_PARTS = r"[\s\-./_,\u00ad\u061c\u200b-\u2015\u202a-\u202f\u2060-\u2069\u2212\ufeff]{0,3}"
_RUN = re.compile(rf"\d(?:{_PARTS}\d)*")
_NUMBER = re.compile(r"\d+")
_NO_ID = re.compile(
    rf"""
    # UUIDs and hashes
      [0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}} | [0-9a-f]{{24,}}
    # telephone numbers with their country
    | (?:\+|(?<!\d)00){_PARTS} (?!\d{{10}}(?!\d))
      (?: 966(?:{_PARTS}\d){{8,9}} | 880(?:{_PARTS}\d){{10}} | (?!966|880)\d(?:{_PARTS}\d){{10,11}} ) (?!\d)
    # days
    | (?<!\d)(?:\d?\d([-/.])\d?\d\1(?:19|20|1[34])\d\d | (?:19|20|1[34])\d\d([-/.])\d?\d\2\d?\d)(?!\d)
    # file numbers: a year and six digits more
    | (?<!\d)(?:20[0-3]\d|14[0-5]\d)[-/](?:\d{{6}} | \d\d[-/]\d{{4}})(?!\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)


class IdKind(StrEnum):
    NATIONAL_ID = "national_id"
    IQAMA = "iqama"
    BORDER_NUMBER = "border_number"
    CIN = "cin"


class InvalidNationalId(ValueError):
    """Not a national ID, residence or border number. The message never repeats the number."""


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ordered by time, so that indexes grow at one end."""
    return uuid7()


def luhn_holds(digits: str) -> bool:
    """Whether the last of `digits` (ASCII) is their Luhn check digit."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def parse_national_id(text: str) -> tuple[NationalId, IdKind]:
    """The identifier that `text` spells, with its kind.

    Arabic-Indic digits and inner spaces and hyphens are accepted; letters of a Moroccan CIN may be small.
    Raises InvalidNationalId.
    """
    bare = re.sub(r"[\s-]", "", ascii_digits(text)).upper()
    if _CIN.fullmatch(bare):
        return NationalId(bare), IdKind.CIN
    if _BORDER.fullmatch(bare):
        return NationalId(bare), IdKind.BORDER_NUMBER
    if not re.fullmatch(r"[12]\d{9}", bare):
        raise InvalidNationalId("an ID is ten digits and begins with 1 or 2")
    if len(set(bare)) == 1:
        raise InvalidNationalId("one digit ten times stands for no ID; leave it out")
    if not luhn_holds(bare):
        raise InvalidNationalId("the check digit does not fit the other nine digits")
    return NationalId(bare), IdKind.NATIONAL_ID if bare[0] == "1" else IdKind.IQAMA


def holds_national_id(text: str) -> bool:
    """Whether a citizen's or resident's number stands somewhere in `text`, in one run or in groups of any size.

    In any digits; what parts the groups is up to three spaces, hyphens, dots, commas, slashes, underscores or
    characters that nobody sees. One random number of ten digits that begins with 1 or 2 in ten looks like one. UUIDs,
    hashes, days, telephone numbers with their country, and file numbers like 2026-000123 do not count.
    """
    return next(_ids_in(text), None) is not None


def masked(path: str) -> str:
    """`path` as it may be repeated: with stars in place of the digits of a national ID that stands in it."""
    for start, end in list(_ids_in(path)):
        path = path[:start] + re.sub(r"\d", "*", path[start:end]) + path[end:]
    return path


def _ids_in(text: str) -> Iterator[tuple[int, int]]:
    """Where they start and end: whole groups of digits that make ten together."""
    if text.isdecimal():  # most telephone numbers: soon done with
        if _is_id(text):
            yield 0, len(text)
        return
    if not _TEN_DIGITS.match(text):
        return
    rest = _NO_ID.sub(lambda found: "x" * len(found[0]), ascii_digits(text))
    for run in _RUN.finditer(rest):
        groups = [found.span() for found in _NUMBER.finditer(rest, *run.span())]
        for first, (start, _) in enumerate(groups):
            digits = ""
            for group_start, end in groups[first : first + 10]:
                digits += rest[group_start:end]
                if len(digits) >= 10:
                    break
            if _is_id(digits):
                yield start, end


def _is_id(digits: str) -> bool:
    return len(digits) == 10 and int(digits[0]) in (1, 2) and luhn_holds(digits)
