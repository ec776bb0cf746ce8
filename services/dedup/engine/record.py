"""What a charity typed about one person, and the same in the form the engine compares."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

import orjson

Precision = Literal["day", "month", "year"]
Calendar = Literal["gregorian", "hijri"]
Gender = Literal["female", "male"]
LAYOUT = 1
"""The version of what `dump` writes. Raise it with any change, and let `load` read the one before as well."""
_FIELDS = 14


class UnknownLayout(ValueError):
    """Stored features that this version does not read; the message says how to mend it and quotes none of them."""

    def __init__(self, layout: object) -> None:
        super().__init__(
            f"a stored record has layout {layout}, this version reads 0 to {LAYOUT}: "
            "run the newer version that stored it, or erase the index and send the registrations again"
        )


@dataclass(frozen=True, slots=True)
class Typed:
    """A registration as typed. Only the two identifiers are always there.

    id_token: keyed hash of the national ID, hex; opaque here.
    id_near:  keyed hashes of its variants; two IDs that share one are one typing slip apart.
    birth:    Gregorian, whatever calendar it was typed in. A year alone is stored as
              1 January, or as 1 Rajab where the calendar was Hijri.
    zone_path: zone codes from the country down to the district.
    """

    record_id: UUID
    charity_id: UUID
    full_name: str | None = None
    full_name_latin: str | None = None
    id_token: str | None = None
    id_near: tuple[str, ...] = ()
    id_kind: str | None = None
    birth: date | None = None
    birth_precision: Precision | None = None
    birth_calendar: Calendar | None = None
    gender: Gender | None = None
    phones: tuple[str, ...] = ()
    zone_path: tuple[str, ...] = ()
    address_text: str | None = None
    household_ref: str | None = None
    household_role: str | None = None


class Birth(NamedTuple):
    """A birth date with what is really known of it.

    day:   proleptic Gregorian ordinal of the stored date.
    first, last: Gregorian years in which the birth can lie; they differ only for a Hijri year.
    known: the day itself is known; False for a year alone or a registry's default day.
    """

    day: int
    first: int
    last: int
    known: bool


class Record(NamedTuple):
    """A registration normalised: what the engine blocks on and compares.

    arabic, latin: name units as spelled in each script, given name first, family name last;
          articles and particles gone, compounds joined. A given name that was not typed
          (a kunya, "the wife of …") is "". Empty where nothing was typed in that script.
    keys: the script-neutral key of each unit of `arabic`, or of `latin` where there is no Arabic.
    phones: E.164, or the digits of what is no valid number.
    """

    record_id: UUID
    charity_id: UUID
    arabic: tuple[str, ...]
    latin: tuple[str, ...]
    keys: tuple[str, ...]
    id_token: str | None
    id_near: tuple[str, ...]
    birth: Birth | None
    gender: str | None
    phones: tuple[str, ...]
    zone_path: tuple[str, ...]
    address: tuple[str, ...]
    household: str | None
    role: str | None

    def dump(self) -> bytes:
        """The record as a compact JSON array, for `load`; its layout's number first."""
        birth = self.birth
        return orjson.dumps((
            LAYOUT, self.record_id.hex, self.charity_id.hex, self.arabic, self.latin, self.keys,
            self.id_token, self.id_near,
            birth and (birth.day, birth.first, birth.last, birth.known),
            self.gender, self.phones, self.zone_path, self.address, self.household, self.role,
        ))  # fmt: skip

    @classmethod
    def load(cls, stored: bytes) -> "Record":
        """The record that `dump` wrote, or wrote before layouts had numbers (layout 0).

        Raises UnknownLayout for that of a newer version, ValueError for anything else.
        """
        (record_id, charity_id, arabic, latin, keys, id_token, id_near, birth,
         gender, phones, zone_path, address, household, role) = _fields(orjson.loads(stored))  # fmt: skip
        return cls(
            UUID(record_id), UUID(charity_id), tuple(arabic), tuple(latin), tuple(keys),
            id_token, tuple(id_near), Birth(*birth) if birth else None,
            gender, tuple(phones), tuple(zone_path), tuple(address), household, role,
        )  # fmt: skip


def _fields(stored: Any) -> list[Any]:
    """The fields of a record, whatever layout they are in."""
    if not isinstance(stored, list) or not stored:
        raise ValueError("what is stored is no record")
    if stored[0] == LAYOUT and len(stored) == _FIELDS + 1:
        return stored[1:]
    if isinstance(stored[0], str) and len(stored) == _FIELDS:
        return stored
    raise UnknownLayout(stored[0] if isinstance(stored[0], int) else "without a number")
