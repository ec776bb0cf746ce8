"""The load client: HTTP/1.1 over keep-alive connections, light enough to leave the cores to what is measured.

The same for both sides of every ratio. Messages are made before the clock starts.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import cast
from urllib.parse import urlsplit


class UnexpectedAnswer(RuntimeError):
    """The service did not answer 2xx; the message holds the status and the body."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run gave. seconds: how long it took. latencies: one a message, in seconds. bodies: the answers."""

    seconds: float
    latencies: list[float]
    bodies: list[bytes]

    @property
    def rate(self) -> float:
        """Messages per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """The latency, in milliseconds, that `percent` of the messages did not pass."""
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1] * 1000


def message(path: str, body: bytes, media: str = "application/json", **headers: str) -> bytes:
    """A POST as it goes over the wire; `_` in the names of `headers` stands for `-`."""
    lines = [
        f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {media}", f"Content-Length: {len(body)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def drive(url: str, messages: Sequence[bytes], clients: int) -> Run:
    """Send all `messages` to `url` over `clients` connections, each sending its next once it has its answer.

    Raises UnexpectedAnswer.
    """
    loop, place = asyncio.get_running_loop(), urlsplit(url)
    waiting, latencies, bodies = iter(messages), [], []  # type: ignore[var-annotated]
    lines = [(await loop.create_connection(_Line, place.hostname, place.port))[1] for _ in range(clients)]
    begun = time.perf_counter()
    try:
        await asyncio.gather(*(_send(line, waiting, latencies, bodies) for line in lines))
        return Run(time.perf_counter() - begun, latencies, bodies)
    finally:
        for line in lines:
            line.transport.close()


async def _send(line: "_Line", waiting: Iterator[bytes], latencies: list[float], bodies: list[bytes]) -> None:
    for each in waiting:
        begun = time.perf_counter()
        status, body = await line.ask(each)
        latencies.append(time.perf_counter() - begun)
        if not 200 <= status < 300:
            raise UnexpectedAnswer(f"{status}: {body.decode(errors='replace')[:500]}")
        bodies.append(body)


class _Line(asyncio.Protocol):
    """One connection with at most one message under way; answers must state their length."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._came = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own class is no subclass of it

    def ask(self, sent: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        """Status and body of the answer."""
        self._came = b""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(sent)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, end, body = self._came.partition(b"\r\n\r\n")
        if not end or self._answer is None or self._answer.done():
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the service hung up"))
