"""Which letters the bytes of a text file stand for, found line by line; read as UTF-8 whatever they were.

Files of charities are UTF-8, UTF-16, Windows Arabic (cp1256) or, once a clerk has pasted one export under another,
two of these at once. A line of Arabic in a code page of one byte a letter is next to never valid UTF-8, so each line
tells what it is. What fits nothing is refused with its line: text read with the wrong letters matches nobody, and
nobody notices.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SAMPLE = 65_536
_BLOCK = 1 << 22
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PAGES = ("cp1256", "iso8859_6", "cp1252")
_SEVERAL_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
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
        kind = _kind(line)
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
    for block in _whole_lines(path):
        if _is_utf8(block):
            lines = block.count(b"\n") or 1
            if len(block) - len(block.decode("utf-8")) >= _TOLD_BY:
                census.unicode += lines
                census.first_unicode = census.first_unicode or number + 1
            number += lines
            continue
        for line in block.removesuffix(b"\n").split(b"\n"):
            number += 1
            if not line.isascii() and census.add(line, number) == "paged" and len(odd) < _SAMPLE:
                odd += line + b"\n"
    return _concluded(census, bytes(odd))


def utf8(path: Path, charset: Charset) -> io.BufferedReader:
    """The file as a stream of UTF-8 without a mark of byte order or NULs, each line ended by a line feed at least."""
    return io.BufferedReader(_Stream(_recoded(path, charset)), _BLOCK)


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
        arabic, high = len(_ARABIC.findall(text)), len(_HIGH.findall(odd))
        if len(_SEAM.findall(text)) <= _MOST_SEAMS * arabic and high - arabic <= _MOST_ACCENTS * len(odd):
            return page
    raise Unreadable(
        f"line {line:,}: its letters are neither UTF-8 nor Windows Arabic (cp1256); save the file as CSV UTF-8"
    )


def _kind(line: bytes) -> str:
    """`unicode` or `paged`; `either` where too little is there to tell; `torn` where both are in one line."""
    several = _SEVERAL_BYTES.findall(line)
    if _is_utf8(line):
        return "unicode" if len(several) >= _TOLD_BY else "either"
    return "torn" if sum(map(len, several)) > 0.5 * len(_HIGH.findall(line)) else "paged"


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The file in blocks that end at line ends."""
    with path.open("rb") as file:
        rest = b""
        while block := file.read(_BLOCK):
            cut = block.rfind(b"\n") + 1
            if not cut:
                rest += block
                continue
            yield rest + block[:cut]
            rest = block[cut:]
        if rest:
            yield rest


def _recoded(path: Path, charset: Charset) -> Iterator[bytes]:
    blocks: Iterator[bytes]
    if charset.name == "mixed":
        blocks = (_mended(block, charset) for block in _whole_lines(path))
    elif charset.name in ("utf-8", "utf-8-sig"):
        blocks = _raw(path)
    else:
        blocks = _decoded(path, charset.name)
    only_returns: bool | None = None
    for number, block in enumerate(blocks):
        if not number:
            block = block.removeprefix(codecs.BOM_UTF8)
            only_returns = b"\r" in block and b"\n" not in block
        if b"\0" in block:
            block = block.replace(b"\0", b"")
        yield block.replace(b"\r", b"\n") if only_returns else block


def _raw(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _decoded(path: Path, name: str) -> Iterator[bytes]:
    try:
        with path.open(encoding=name, newline="") as file:
            while text := file.read(_BLOCK):
                yield text.encode("utf-8")
    except UnicodeError:
        raise Unreadable(f"its text breaks off or is no {name.upper()}; save the file as CSV UTF-8") from None


def _mended(block: bytes, charset: Charset) -> bytes:
    """Every line in UTF-8; so are taken those that could be either."""
    page = charset.page or "cp1256"
    lines = []
    for line in block.split(b"\n"):
        if line.isascii() or _kind(line) in ("unicode", "either"):
            lines.append(line)
        else:
            lines.append(line.decode(page).encode("utf-8"))
    return b"\n".join(lines)


def _refuse_twice_encoded(text: str) -> None:
    spoiled = len(_TWICE.findall(text))
    if spoiled >= _SPOILED and spoiled > len(_ARABIC.findall(text)):
        raise Unreadable(
            "its Arabic was spoiled before it came here (it reads like «Ù…Ø\u00ad» where letters should be): a program "
            "opened it in the wrong encoding and saved it; export it again from where it came, as CSV UTF-8"
        )


class _Stream(io.RawIOBase):
    """Blocks of bytes as a file to read from."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        while not len(self._rest):
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(into), len(self._rest))
        into[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
