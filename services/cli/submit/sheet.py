"""A sheet as a charity keeps it: read whatever its encoding and delimiter, and written back the same way."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from services.cli.submit.answers import HEADINGS, Answer, cells, headings

_DELIMITERS = (",", ";", "\t", "|", "،")
_SAMPLE = 30  # rows that the delimiter is told from
_ISOLATES = str.maketrans({"\u2066": "\u200e", "\u2067": "\u200f", "\u2068": "\u200e", "\u2069": None})


class SheetUnreadable(ValueError):
    """The file is no sheet; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """number: of the row, counted from 1 as a spreadsheet shows it, headings and empty rows included.

    cells: as typed, one for each heading.
    ready: the row is in the API's own form already.
    """

    number: int
    cells: tuple[str, ...]
    ready: Mapping[str, object] | None = field(default=None, repr=False)
    unreadable: bool = False


class Sheet(Protocol):
    """A file of rows, which can be written again with the answers beside them."""

    headings: list[str]
    rows: list[Row]
    description: str

    def write(self, path: Path, answers: Mapping[int, Answer], language: str) -> str:
        """Write the file; gives the name of the encoding used."""
        ...


class CsvSheet:
    """Answers that an earlier run added are left out on reading, so that there is never a second set."""

    def __init__(self, content: bytes, encoding: str | None = None, delimiter: str | None = None) -> None:
        """Raises SheetUnreadable."""
        self.encoding = encoding or detected(content)
        try:
            text = content.decode(self.encoding)
        except (UnicodeDecodeError, LookupError):
            raise SheetUnreadable(f"the file is not text in {self.encoding}") from None
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self.delimiter = delimiter or sniffed(text)
        self._lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))
        self._first = next((n for n, line in enumerate(self._lines) if _filled(line)), None)
        if self._first is None:
            raise SheetUnreadable("the file is empty")
        kept = [n for n, name in enumerate(self._lines[self._first]) if name.strip() not in HEADINGS]
        width = len(self._lines[self._first])
        self._lines = [_kept(line, kept, width) for line in self._lines]
        self.headings = self._lines[self._first]
        self.rows = [
            Row(number, (*line, *[""] * (len(self.headings) - len(line))))
            for number, line in enumerate(self._lines, start=1)
            if number > self._first + 1 and _filled(line)
        ]
        self.description = f"{self.encoding}, delimiter {self.delimiter!r}"

    def write(self, path: Path, answers: Mapping[int, Answer], language: str) -> str:
        """In the file's own encoding, or in UTF-8 with a byte-order mark where that one can't hold the answers."""
        width = max(len(line) for line in self._lines)
        added = {number: cells(answer, language) for number, answer in answers.items()}
        if self._first is not None:
            added[self._first + 1] = headings(language)
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self._newline)
        for number, line in enumerate(self._lines, start=1):
            beside = added.get(number)
            writer.writerow([*line, *[""] * (width - len(line)), *beside] if beside else line)
        encoding, content = encoded(out.getvalue(), self.encoding)
        put(path, content)
        return encoding


def detected(content: bytes) -> str:
    """UTF-8 and UTF-16 by their marks or their shape; what is neither is taken for Windows Arabic."""
    if content.isascii() and b"\0" not in content:
        return "ascii"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if content[1:400:2].count(0) > len(content[:400]) // 4:
        return "utf-16-le"
    if content[:400:2].count(0) > len(content[:400]) // 4:
        return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1256"
    return "utf-8"


def sniffed(text: str) -> str:
    """The delimiter under which most of the first rows have as many cells as the headings; a comma if none does."""
    lines = text.splitlines(keepends=True)[:_SAMPLE]

    def fit(delimiter: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if _filled(row)]
        width = len(rows[0]) if rows else 1
        return (sum(len(row) == width for row in rows) if width > 1 else 0, width)

    return max(_DELIMITERS, key=fit)


def encoded(text: str, encoding: str) -> tuple[str, bytes]:
    """The text in that encoding if it can hold it (marks of direction aside), else in UTF-8 with its mark."""
    try:
        return encoding, text.encode(encoding)
    except UnicodeEncodeError:
        pass
    try:
        return encoding, text.translate(_ISOLATES).encode(encoding)
    except UnicodeEncodeError:
        return "utf-8-sig", text.encode("utf-8-sig")


def put(path: Path, content: bytes) -> None:
    """Whole or not at all, and for its owner's eyes: it holds the charity's people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def _filled(line: Sequence[str]) -> bool:
    return any(cell.strip() for cell in line)


def _kept(line: list[str], kept: Sequence[int], width: int) -> list[str]:
    return [line[n] for n in kept if n < len(line)] + line[width:]
