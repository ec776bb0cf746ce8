"""One row becomes one request in the API's form. Pure: what a word means comes in with the `Reader`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.cli.submit.dates import UNREADABLE, DateUnreadable, Written, written
from services.cli.submit.fields import DATES, EMPTY, KEY, NAME_PARTS
from services.cli.submit.headings import Layout
from services.cli.submit.mapping import DateStyle
from shared.arabic import ascii_digits, fold
from shared.calendar import Calendar, ImpossibleDate, Precision, parse_day
from shared.errors import Text

CURRENCY = "SAR"
_ARABIC = re.compile("[\u0621-\u064a]")
_PHONES = re.compile(r"[/\\،,;؛|\n]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WHOLE_DAYS = Text("اكتب اليوم والشهر والسنة.", "Write the day, the month and the year.")
_REQUIRED = Text("الخانة فارغة وهي مطلوبة.", "The cell is empty, and is needed.")
_UNKNOWN_WORD = Text(
    "كلمة غير معروفة هنا؛ اكتب كلمة من المعروف أو عرّفها في ملف المطابقة تحت words.",
    "A word that is not known here; write one that is, or say in the mapping file under `words` what it means.",
)


@dataclass(frozen=True, slots=True)
class RowFlaw:
    """What is wrong with a row before it is sent; `field` says where."""

    field: str
    text: Text


class RowUnreadable(ValueError):
    def __init__(self, flaws: list[RowFlaw]) -> None:
        super().__init__("the row cannot be read")
        self.flaws = flaws


@dataclass(frozen=True, slots=True)
class Reader:
    """words: field -> folded word -> ours. dates: field -> how they are written. constants: where a cell is empty."""

    layout: Layout
    words: Mapping[str, Mapping[str, str]]
    dates: Mapping[str, DateStyle]
    constants: Mapping[str, str]

    def form(self, cells: tuple[str, ...]) -> tuple[dict[str, Any], str | None]:
        """The request, and the charity's own number of it if the row has one. Raises RowUnreadable."""
        flaws: list[RowFlaw] = []
        texts = self._texts(cells)
        form = {
            "applicant": self._applicant(texts, flaws),
            "aid_type": self._word("aid_type", texts, flaws) or self._required("aid_type", texts, flaws),
            "period": self._period(texts, flaws),
            "amount": self._amount(texts, flaws),
            "note": _first(texts, "note"),
        }
        if flaws:
            raise RowUnreadable(flaws)
        return _without_nothing(form), _first(texts, KEY)

    def _texts(self, cells: tuple[str, ...]) -> dict[str, list[str]]:
        """field -> what its cells say, nothing for cells that say nothing."""
        texts: dict[str, list[str]] = {}
        for column in self.layout.columns:
            text = cells[column.position].strip()
            if text and fold(text) not in EMPTY:
                texts.setdefault(column.field, []).append(" ".join(text.split()))
        for field, text in self.constants.items():
            texts.setdefault(field, [text])
        return texts

    def _applicant(self, texts: dict[str, list[str]], flaws: list[RowFlaw]) -> dict[str, Any]:
        arabic, latin = _names(texts)
        size = _first(texts, "applicant.household.size")
        return {
            "source_ref": self._required("applicant.source_ref", texts, flaws),
            "name": arabic,
            "name_latin": latin,
            "national_id": _bare_number(_first(texts, "applicant.national_id")),
            "birth_date": self._birth(texts, flaws),
            "gender": self._word("applicant.gender", texts, flaws),
            "phones": _phones(texts.get("applicant.phones", [])),
            "address": {
                "text": "، ".join(texts.get("applicant.address.text", [])) or None,
                "zone": _first(texts, "applicant.address.zone"),
            },
            "household": {
                "ref": _first(texts, "applicant.household.ref"),
                "role": self._word("applicant.household.role", texts, flaws),
                "size": ascii_digits(_bare_number(size) or "") or None,
            },
        }

    def _required(self, field: str, texts: dict[str, list[str]], flaws: list[RowFlaw]) -> str | None:
        said = _first(texts, field)
        if said is None:
            flaws.append(RowFlaw(field, _REQUIRED))
        return said

    def _word(self, field: str, texts: dict[str, list[str]], flaws: list[RowFlaw]) -> str | None:
        said = _first(texts, field)
        if said is None:
            return None
        meant = self.words.get(field, {}).get(fold(said))
        if meant is None:
            flaws.append(RowFlaw(field, _UNKNOWN_WORD))
        return meant or said

    def _birth(self, texts: dict[str, list[str]], flaws: list[RowFlaw]) -> dict[str, Any] | None:
        found = self._date("applicant.birth_date", texts, flaws)
        if found is None:
            return None
        return {"value": found.value, "calendar": str(found.calendar), "precision": str(found.precision)}

    def _date(self, field: str, texts: dict[str, list[str]], flaws: list[RowFlaw]) -> Written | None:
        said = _first(texts, field)
        if said is None:
            return None
        try:
            return written(said, self.dates[field])
        except DateUnreadable:
            flaws.append(RowFlaw(field, UNREADABLE))
            return None

    def _period(self, texts: dict[str, list[str]], flaws: list[RowFlaw]) -> dict[str, Any] | None:
        days = []
        for field in DATES[1:]:
            found = self._date(field, texts, flaws) if self._required(field, texts, flaws) else None
            if found is not None and found.precision is not Precision.DAY:
                flaws.append(RowFlaw(field, _WHOLE_DAYS))
            days.append(found)
        start, end = days
        if start is None or end is None:
            return None
        if start.calendar is end.calendar:
            return {"start": start.value, "end": end.value, "calendar": str(start.calendar)}
        return _in_one_calendar(start, end, flaws)

    def _amount(self, texts: dict[str, list[str]], flaws: list[RowFlaw]) -> dict[str, Any] | None:
        said = _first(texts, "amount.value")
        if said is None:
            return None
        return {"value": number(said), "currency": self._word("amount.currency", texts, flaws) or CURRENCY}


def number(text: str) -> str:
    """The number in `text` as the API writes it: no separators of thousands, a point, no currency.

    What is no number comes back as it was, for the API to refuse.
    """
    plain = re.sub(r"(ريال سعودي|ريال|ر\.? ?س\.?|SAR|SR|[\s٬])", "", ascii_digits(text), flags=re.IGNORECASE)
    plain = plain.replace("٫", ".")
    plain = re.sub(r",(?=\d{3}(\D|$))", "", plain).replace(",", ".")
    return plain if _NUMBER.fullmatch(plain) else text


def _names(texts: dict[str, list[str]]) -> tuple[str | None, str | None]:
    """The name in Arabic and in Latin letters; each cell counts by the letters it holds."""
    said = [*texts.get("applicant.name", []), *texts.get("applicant.name_latin", [])]
    if parts := [text for field in NAME_PARTS for text in texts.get(field, [])[:1]]:
        said.append(" ".join(parts))
    arabic = next((name for name in said if _ARABIC.search(name)), None)
    return arabic, next((name for name in said if not _ARABIC.search(name)), None)


def _phones(cells: list[str]) -> list[str]:
    found = [part.strip() for cell in cells for part in _PHONES.split(cell)]
    return list(dict.fromkeys(part for part in found if part))


def _bare_number(text: str | None) -> str | None:
    """Without the ".0" that a spreadsheet adds to what it takes for a number."""
    return re.sub(r"\.0$", "", text) if text else None


def _in_one_calendar(start: Written, end: Written, flaws: list[RowFlaw]) -> dict[str, Any] | None:
    """Gregorian days of a period whose ends are written in two calendars."""
    days: dict[str, Any] = {"calendar": str(Calendar.GREGORIAN)}
    for name, day in (("start", start), ("end", end)):
        try:
            days[name] = parse_day(day.value, day.calendar).isoformat()
        except ImpossibleDate:
            no_day = Text("لا يوجد يوم كهذا في هذا التقويم.", "There is no such day in that calendar.")
            flaws.append(RowFlaw(f"period.{name}", no_day))
    return days


def _first(texts: dict[str, list[str]], field: str) -> str | None:
    return next(iter(texts.get(field, [])), None)


def _without_nothing(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {name: _without_nothing(each) for name, each in value.items()}
    return {name: each for name, each in kept.items() if each not in (None, [], {})}
