"""A charity's file becomes requests, a row each, with what had to be assumed said aloud."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from services.cli.submit import dates
from services.cli.submit.fields import DATES, KEY, LABELS, WORDS
from services.cli.submit.form import CURRENCY, Reader, RowFlaw, RowUnreadable
from services.cli.submit.headings import Layout, layout
from services.cli.submit.lines import JsonLines
from services.cli.submit.mapping import DateStyle
from services.cli.submit.mapping import Mapping as SheetMapping
from services.cli.submit.sheet import CsvSheet, Row, Sheet, SheetUnreadable
from shared.arabic import fold
from shared.errors import Text

_NO_JSON = Text("السطر ليس كائن JSON صحيحاً.", "The line is not a JSON object.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be sent. key: its own idempotency key, the same whenever the row is sent again."""

    row: int
    key: str
    form: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """entries, flawed: by row, together all of them. series: names the numbering that the keys belong to.

    assumed: what the file does not say and was taken for granted.
    """

    sheet: Sheet
    layout: Layout
    series: str
    entries: list[Entry]
    flawed: dict[int, list[RowFlaw]]
    assumed: list[Text]


def open_sheet(path: Path, mapping: SheetMapping) -> Sheet:
    """Raises SheetUnreadable."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SheetUnreadable(f"cannot read {path}: {error.strerror}") from None
    if path.suffix.lower() in (".ndjson", ".jsonl", ".json"):
        return JsonLines(content)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetUnreadable("this is a workbook: save it as CSV (UTF-8) first")
    return CsvSheet(content, mapping.encoding, mapping.delimiter)


def read(sheet: Sheet, mapping: SheetMapping, aid_types: Iterable[Mapping[str, Any]]) -> Reading:
    """aid_types: code, name_ar and name_en each. Raises SheetUnreadable when a needed column is not there."""
    columns = layout(sheet.headings, mapping.columns)
    flat = [row for row in sheet.rows if row.ready is None and not row.unreadable]
    if flat and (missing := columns.missing(mapping.constants)):
        raise _lacking(missing, columns)
    styles, assumed = _styles(columns, flat, mapping)
    reader = Reader(columns, _words(mapping, aid_types), styles, mapping.constants)
    priced = columns.of("amount.currency") or "amount.currency" in mapping.constants
    if columns.of("amount.value") and not priced:
        assumed.append(
            Text(f"المبالغ بعملة {CURRENCY} إذ لا عمود للعملة", f"amounts are in {CURRENCY}: no such column")
        )
    entries: list[Entry] = []
    flawed: dict[int, list[RowFlaw]] = {}
    for row in sheet.rows:
        try:
            entries.append(_entry(row, reader))
        except RowUnreadable as error:
            flawed[row.number] = error.flaws
    return Reading(sheet, columns, _series(columns), entries, flawed, assumed)


def _lacking(missing: Sequence[str], columns: Layout) -> SheetUnreadable:
    wanted = ", ".join(f"{LABELS[field].en} ({LABELS[field].ar})" for field in missing)
    known = ", ".join(column.heading for column in columns.columns) or "none"
    unknown = ", ".join(columns.ignored) or "none"
    return SheetUnreadable(
        f"no column for: {wanted}. Recognised: {known}. Not recognised: {unknown}."
        " Say in a mapping file (--map) which column holds it."
    )


def _entry(row: Row, reader: Reader) -> Entry:
    if row.unreadable:
        raise RowUnreadable([RowFlaw("", _NO_JSON)])
    if row.ready is not None:
        ready = {name: value for name, value in row.ready.items() if name != KEY}
        own = row.ready.get(KEY)
        return Entry(row.number, str(own) if own else content_key(ready), ready)
    form, own = reader.form(row.cells)
    return Entry(row.number, own or content_key(form), form)


def content_key(form: Mapping[str, Any]) -> str:
    """The same for two rows that mean the same request.

    The national ID stays out of it: a hash of something so short could be undone by trying all numbers.
    """
    applicant = form.get("applicant")
    if isinstance(applicant, Mapping):
        form = {**form, "applicant": {name: value for name, value in applicant.items() if name != "national_id"}}
    return hashlib.sha256(orjson.dumps(form, option=orjson.OPT_SORT_KEYS)).hexdigest()[:40]


def _series(columns: Layout) -> str:
    """The Idempotency-Key that all batches of such a file bear; the register keeps the keys of charities apart.

    It must not change from one sending of a file to the next, nor when a column is added to it. Request numbers
    under two headings are two numberings, which may use one number for two things.
    """
    numbered = columns.of(KEY)
    if not numbered:
        return "sheet-content"
    return "sheet-number-" + hashlib.sha256(fold(numbered[0].heading).encode()).hexdigest()[:12]


def _styles(columns: Layout, rows: Sequence[Row], mapping: SheetMapping) -> tuple[dict[str, DateStyle], list[Text]]:
    styles, assumed = {}, []
    for field in DATES:
        style = mapping.dates.get(field, DateStyle())
        found = columns.of(field)
        if style.order is None and found:
            texts = [row.cells[found[0].position] for row in rows]
            order, shown = dates.order_of(texts)
            style = style.model_copy(update={"order": order})
            if not shown and any(map(dates.is_year_last, texts)):
                heading = found[0].heading
                assumed.append(Text(f"«{heading}» يوم/شهر/سنة", f'"{heading}" is day/month/year'))
        styles[field] = style
    return styles, assumed


def _words(mapping: SheetMapping, aid_types: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    words = {
        field: {fold(word): meaning for meaning, several in table.items() for word in (meaning, *several.split("|"))}
        for field, table in WORDS.items()
    }
    words["aid_type"] = {
        fold(word): each["code"] for each in aid_types for word in (each["code"], each["name_ar"], each["name_en"])
    }
    for field, own in mapping.words.items():
        words.setdefault(field, {}).update({fold(word): meaning for word, meaning in own.items()})
    return words
