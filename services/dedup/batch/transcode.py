"""Text files as streams of UTF-8, whatever they were written in."""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from services.dedup.batch.charset import BLOCK, Charset, Unreadable, line_kind, whole_lines


def utf8(path: Path, charset: Charset) -> io.BufferedReader:
    """The file as a stream of UTF-8 without a mark of byte order or NULs, each line ended by a line feed at least."""
    return io.BufferedReader(_Stream(_recoded(path, charset)), BLOCK)


def _recoded(path: Path, charset: Charset) -> Iterator[bytes]:
    blocks: Iterator[bytes]
    if charset.name == "mixed":
        blocks = (_mended(block, charset) for block in whole_lines(path))
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
        while block := file.read(BLOCK):
            yield block


def _decoded(path: Path, name: str) -> Iterator[bytes]:
    try:
        with path.open(encoding=name, newline="") as file:
            while text := file.read(BLOCK):
                yield text.encode("utf-8")
    except UnicodeError:
        raise Unreadable(f"its text breaks off or is no {name.upper()}; save the file as CSV UTF-8") from None


def _mended(block: bytes, charset: Charset) -> bytes:
    """Every line in UTF-8; so are taken those that could be either."""
    page = charset.page or "cp1256"
    lines = []
    for line in block.split(b"\n"):
        if line.isascii() or line_kind(line) in ("unicode", "either"):
            lines.append(line)
        else:
            lines.append(line.decode(page).encode("utf-8"))
    return b"\n".join(lines)


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
