"""What surrounds every call: a request id, a limit on the body, one log line, one count."""

import re
import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import errors, log
from shared.errors import SijillError, Text
from shared.ids import holds_national_id, new_id
from shared.problems import InternalError, answer, language_of
from shared.telemetry import Metrics

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEARD_OUT = 16_000_000  # bytes beyond the limit
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


class BodyTooLarge(errors.TooLarge):
    code = "body_too_large"
    text = Text(
        "حجم الطلب أكبر من المقبول؛ قسّمه أو أرسله دفعة NDJSON.",
        "The body is larger than is taken; split it, or send it as an NDJSON batch.",
    )


class Envelope:
    """Pure ASGI, so that streams pass through untouched. `larger` gives some paths a limit of their own."""

    def __init__(self, app: ASGIApp, metrics: Metrics, limit: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.metrics = metrics
        self.limit = limit
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name: value for name, value in scope["headers"] if name in _READ}
        outer = log.request_id.set(_id_from(headers))
        try:
            await _Call(self, scope, headers, receive, send).run()
        finally:
            log.request_id.reset(outer)


_READ = frozenset({b"x-request-id", b"accept-language", b"content-length"})


def _id_from(headers: Mapping[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"").decode("latin-1")
    return given if _SAFE_ID.fullmatch(given) and not holds_national_id(given) else str(new_id())


class _Call:
    """One call on its way through."""

    def __init__(
        self, envelope: Envelope, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        self.envelope, self.scope, self.headers = envelope, scope, headers
        self._receive, self._send = receive, send
        self.limit = envelope.larger.get(scope["path"], envelope.limit)
        self.taken = 0
        self.sending = True
        self.status = 0
        self.begun = time.perf_counter()

    async def run(self) -> None:
        try:
            if int(self.headers.get(b"content-length", b"0")) > self.limit:
                raise BodyTooLarge
            await self.envelope.app(self.scope, self.receive, self.send)
        except BodyTooLarge as error:
            await self.refuse(error)
        except Exception as error:  # noqa: BLE001  the outermost edge: logged, answered, never swallowed
            log.logger().error("fault", error_type=type(error).__name__, traceback=log.frames(error))
            await self.refuse(InternalError())
        finally:
            self.record()

    async def receive(self) -> Message:
        message = await self._receive()
        self.taken += len(message.get("body", b""))
        self.sending = message.get("more_body", False)
        if self.taken > self.limit:
            raise BodyTooLarge
        return message

    async def _hear_out(self) -> None:
        """Let a caller who is still sending finish, within reason: one who is cut off never reads why."""
        most = self.limit + _HEARD_OUT
        if int(self.headers.get(b"content-length", b"0")) > most:
            return
        while self.sending and self.taken <= most:
            message = await self._receive()
            self.taken += len(message.get("body", b""))
            self.sending = message.get("more_body", False)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self.status == 413:
                await self._hear_out()
            message["headers"].append((b"x-request-id", log.request_id.get().encode()))
        await self._send(message)

    async def refuse(self, error: SijillError) -> None:
        if self.status:
            return
        language = language_of(self.headers.get(b"accept-language", b"").decode("latin-1"))
        response = answer(error, language, self.scope["path"])
        response.headers["Connection"] = "close"
        await response(self.scope, self._receive, self.send)

    def record(self) -> None:
        seconds = time.perf_counter() - self.begun
        route = getattr(self.scope.get("route"), "path", "(none)")
        metrics = self.envelope.metrics
        metrics.requests.labels(self.scope["method"], route, self.status).inc()
        metrics.seconds.labels(route).observe(seconds)
        if self.scope["path"] not in _QUIET:
            log.logger().info(
                "answered", method=self.scope["method"], route=route, status=self.status,
                milliseconds=round(seconds * 1000, 2),
            )  # fmt: skip
