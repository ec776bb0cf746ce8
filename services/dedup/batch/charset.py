"""Which letters the bytes of a text file stand for, found line by line.

Files of charities are UTF-8, UTF-16, Windows Arabic (cp1256) or, once a clerk has pasted one export under another,
two of these at once. A line of Arabic in a code page of one byte a letter is next to never valid UTF-8, so each line
tells what it is. What fits nothing is refused with its line: text read with the wrong letters matches nobody, and
nobody notices.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SAMPLE = 65_536
BLOCK = 1 << 22
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PAGES = ("cp1256", "iso8859_6", "cp1252")
_PLACES = bytes(
    ord(" ") if byte < 0x80 else ord("c") if byte < 0xC0 else ord("2") if 0xC2 <= byte < 0xE0
    else ord("3") if 0xE0 <= byte < 0xF0 else ord("4") if 0xF0 <= byte < 0xF5 else ord("x")
    for byte in range(256)
)  # fmt: skip
"""What a byte is in UTF-8: the first of so many, or one that continues."""
_LETTERS = (b"2c", b"3cc", b"4ccc")
_RUNS = (b"2c2c2c", b"3cc3cc")
"""No text in a code page looks so; any text of ours in UTF-8 does somewhere."""
_HIGH = bytes(range(0x80, 0x100))
_TOLD_BY = 3
"""So many letters of several bytes do not come about by chance in a line of another encoding."""
_ARABIC = re.compile("[\u0621-\u064a]")
_SEAM = re.compile("[\u0621-\u064a][A-Za-z\u00c0-\u00ff]|[A-Za-z\u00c0-\u00ff][\u0621-\u064a]")
_MOST_SEAMS, _MOST_ACCENTS = 0.02, 0.2
"""Per Arabic letter, those that stand beside a Latin one; per letter, those that are neither plain nor Arabic."""
_TWICE = re.compile("[\u00d8\u00d9][\u0080-\u00bf\u0152-\u2122]")
_SPOILED = 10


class Unreadable(ValueError):
    """The bytes are no text that we know; the message says where and what to do, and quotes nothing."""


@dataclass(frozen=True)
class Charset:
    """name: Python's, of the whole file; for one of several encodings `page` is that of the lines not in UTF-8.

    others: how many lines are in the lesser encoding. line: the first of them, counted from 1.
    """

    name: str
    page: str | None = None
    others: int = 0
    line: int = 0


@dataclass
class _Census:
    """Lines of a file by what they can be."""

    unicode: int = 0
    paged: int = 0
    first_unicode: int = 0
    first_paged: int = 0

    def add(self, line: bytes, number: int) -> str:
        """The line's kind, counted. Raises Unreadable where a line is UTF-8 in part."""
        kind = line_kind(line)
        match kind:
            case "unicode":
                self.unicode += 1
                self.first_unicode = self.first_unicode or number
            case "paged":
                self.paged += 1
                self.first_paged = self.first_paged or number
            case "torn":
                raise Unreadable(
                    f"line {number:,}: some of its letters are UTF-8 and some are not, so part of it was lost; "
                    "mend that line, or export the file again as UTF-8"
                )
        return kind


def guessed(path: Path) -> Charset | None:
    """By the file's beginning; None where the whole file must be asked (`settled`)."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for mark, name in _MARKS.items():
        if sample.startswith(mark):
            return Charset(name)
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and sum(zeros[:400].count(high) for high in (0, 6)) > len(zeros[:400]) // 2:
            return Charset(name)
    valid = codecs.getincrementaldecoder("utf-8")()
    try:
        text = valid.decode(sample)
    except UnicodeDecodeError:
        return None
    _refuse_twice_encoded(text)
    return Charset("utf-8")


def settled(path: Path) -> Charset:
    """By every line of the file. Raises Unreadable."""
    census, odd = _Census(), bytearray()
    number = 0
    for block in whole_lines(path):
        lines = block.count(b"\n") or 1
        if _is_utf8(block):
            if len(block) - len(block.decode("utf-8")) >= _TOLD_BY:
                census.unicode += lines
                census.first_unicode = census.first_unicode or number + 1
        elif not _has_run(block):
            census.paged += lines
            census.first_paged = census.first_paged or number + 1 + _lines_before_high(block)
            odd += block[: _SAMPLE - len(odd)]
        else:
            for place, line in enumerate(block.removesuffix(b"\n").split(b"\n"), start=number + 1):
                if not line.isascii() and census.add(line, place) == "paged" and len(odd) < _SAMPLE:
                    odd += line + b"\n"
        number += lines
    return _concluded(census, bytes(odd))


def _concluded(census: _Census, odd: bytes) -> Charset:
    if not census.paged:
        return Charset("utf-8")
    page = _page(odd, census.first_paged)
    if not census.unicode:
        return Charset(page)
    if census.paged > census.unicode:
        return Charset("mixed", page, census.unicode, census.first_unicode)
    return Charset("mixed", page, census.paged, census.first_paged)


def _page(odd: bytes, line: int) -> str:
    """The code page under which no word mixes scripts. Raises Unreadable."""
    for page in _PAGES:
        try:
            text = odd.decode(page)
        except UnicodeDecodeError:
            continue
        arabic, high = len(_ARABIC.findall(text)), _high(odd)
        if len(_SEAM.findall(text)) <= _MOST_SEAMS * arabic and high - arabic <= _MOST_ACCENTS * len(odd):
            return page
    raise Unreadable(
        f"line {line:,}: its letters are neither UTF-8 nor Windows Arabic (cp1256); save the file as CSV UTF-8"
    )


def line_kind(line: bytes) -> str:
    """`unicode` or `paged`; `either` where too little is there to tell; `torn` where both are in one line."""
    if _is_utf8(line):
        return "unicode" if len(line) - len(line.decode("utf-8")) >= _TOLD_BY else "either"
    places = line.translate(_PLACES)
    several = sum(places.count(letter) * len(letter) for letter in _LETTERS)
    return "torn" if several > 0.5 * _high(line) else "paged"


def _high(text: bytes) -> int:
    """How many bytes are not ASCII."""
    return len(text) - len(text.translate(None, _HIGH))


def _has_run(text: bytes) -> bool:
    places = text.translate(_PLACES)
    return any(run in places for run in _RUNS)


def _lines_before_high(text: bytes) -> int:
    first = next(place for place, byte in enumerate(text) if byte >= 0x80)
    return text.count(b"\n", 0, first)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def whole_lines(path: Path) -> Iterator[bytes]:
    """The file in blocks that end at line ends."""
    with path.open("rb") as file:
        rest = b""
        while block := file.read(BLOCK):
            cut = block.rfind(b"\n") + 1
            if not cut:
                rest += block
                continue
            yield rest + block[:cut]
            rest = block[cut:]
        if rest:
            yield rest


def _refuse_twice_encoded(text: str) -> None:
    spoiled = len(_TWICE.findall(text))
    if spoiled >= _SPOILED and spoiled > len(_ARABIC.findall(text)):
        raise Unreadable(
            "its Arabic was spoiled before it came here (it reads like «Ù…Ø\u00ad» where letters should be): a program "
            "opened it in the wrong encoding and saved it; export it again from where it came, as CSV UTF-8"
        )
