"""The zone tree in memory: few thousand codes, read at every call, changed almost never."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared import errors
from shared.errors import Text

LEVELS = ("country", "region", "governorate", "district")


class UnknownZone(errors.NotFound):
    code = "unknown_zone"
    text = Text("لا يوجد نطاق بهذا الرمز.", "There is no zone of this code.")


@dataclass(frozen=True, slots=True)
class Zone:
    """path: codes from the country down to this zone, itself included. level: 0 for the country."""

    code: str
    level: int
    path: tuple[str, ...]
    name_ar: str
    name_en: str | None


class ZoneTree:
    def __init__(self, zones: Mapping[str, Zone]) -> None:
        self._zones = zones

    def __contains__(self, code: object) -> bool:
        return code in self._zones

    def zone(self, code: str) -> Zone:
        """Raises UnknownZone."""
        try:
            return self._zones[code]
        except KeyError:
            raise UnknownZone from None

    def path(self, code: str | None) -> tuple[str, ...]:
        """From the country down to `code`; empty for None."""
        return self.zone(code).path if code is not None else ()

    def within(self, code: str, bounds: tuple[str, ...]) -> bool:
        """Whether `code` is one of `bounds` or lies below one."""
        return not set(self.path(code)).isdisjoint(bounds)
