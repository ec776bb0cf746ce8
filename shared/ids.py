"""Identifiers: our own, and the national ones with their check digits.

A national ID is ten digits: the first is 1 (citizen), 2 (resident) or 3-6 (visitor, border number);
for citizens and residents the last is a Luhn check digit (ISO/IEC 7812-1, annex B).
It is kept nowhere in clear: `shared.vault` seals it and makes the keyed tokens that stand for it.
"""

import re
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
_OPAQUE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}", re.IGNORECASE)
_TEN_DIGITS = re.compile(r"(?:\D*\d){10}")  # anywhere in the text: what holds fewer is soon done with
_IN_TEXT = re.compile(r"(?<![\d+])[12](?:\d{9}|\d{0,3}(?:[ -]\d{3,4}){1,2}[ -]\d{2,4})(?!\d)")
_CIN = re.compile(r"[A-Z]{1,2}[1-9]\d{0,6}")


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
    """Whether a citizen's or resident's number stands somewhere in `text`, in one run or in groups of three or four.

    In any digits. One random number of ten digits that begins with 1 or 2 in ten looks like one. UUIDs and hashes
    do not count, nor does what follows a plus: a telephone number with its country.
    """
    if not _TEN_DIGITS.match(text):
        return False
    found = _IN_TEXT.findall(_OPAQUE.sub("", ascii_digits(text)))
    bare = (re.sub("[ -]", "", each) for each in found)
    return any(len(digits) == 10 and luhn_holds(digits) for digits in bare)


def masked(path: str) -> str:
    """`path` as it may be repeated: with stars in place of a national ID that stands in it."""
    if not holds_national_id(path):
        return path
    return _IN_TEXT.sub(lambda found: re.sub(r"\d", "*", found[0]), ascii_digits(path))
