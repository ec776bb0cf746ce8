"""Values that every task reads, sent to each machine once, as a file that its processes share.

Arrays are mapped into memory, not copied: ten workers on one machine hold the records of a file once.
"""

import mmap
import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from pyspark import SparkContext, SparkFiles

_ALIGNED = 64  # bytes; numpy and the kernels want numbers at places that their size divides
_LENGTH = 8


def ship(context: SparkContext, folder: Path, value: object) -> str:
    """The name by which tasks have the value `opened`. folder: where to write it; it must stay until the tasks ran."""
    path = folder / f"{uuid4().hex}.shipped"
    with path.open("wb") as file:
        _write(file, value)
    context.addFile(str(path))
    return path.name


@lru_cache(maxsize=2)  # of a run there are two: what to block by, and what to weigh by
def opened(name: str) -> Any:
    """The value shipped under that name. Its arrays may be written to; nobody else sees it."""
    with Path(SparkFiles.get(name)).open("rb") as file:
        held = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    end = len(held) - _LENGTH
    spans, body = pickle.loads(held[int.from_bytes(held[end:], "little") : end])  # noqa: S301 our own file
    return pickle.loads(body, buffers=[held[start : start + size] for start, size in spans])  # noqa: S301


def _write(file: BinaryIO, value: object) -> None:
    """Arrays, then where they lie and all else, then in 8 bytes where that begins."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    spans = []
    for buffer in buffers:
        file.write(bytes(-file.tell() % _ALIGNED))
        raw = buffer.raw()
        spans.append((file.tell(), raw.nbytes))
        file.write(raw)
    start = file.tell()
    file.write(pickle.dumps((spans, body)))
    file.write(start.to_bytes(_LENGTH, "little"))
