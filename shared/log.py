"""One JSON line an event: its name, our own ids, never personal data.

Only fields from `ALLOWED` leave the process: a name or a number that someone logs by mistake does not.
"""

import logging
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import orjson
import structlog

request_id: ContextVar[str] = ContextVar("request_id", default="")

ALLOWED = frozenset({
    "event", "level", "timestamp", "service", "request_id", "method", "route", "status", "milliseconds",
    "client_id", "charity_id", "registration_id", "request", "finding_id", "person_id", "household_id",
    "count", "stored", "held", "screened", "attempt", "letter", "reason", "error", "error_type",
    "traceback", "url", "port", "pid", "revision", "model", "seconds", "process", "code", "operation",
    "database", "scope", "issuer", "kid", "transaction_id",
})  # fmt: skip

Log = structlog.stdlib.BoundLogger


def configure(service: str, level: str) -> None:
    """Set the process's logging up: JSON lines on standard output, libraries' warnings included."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_the(service),
            _only_allowed,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_ToStructlog()], level=logging.WARNING, force=True)
    for noisy in ("uvicorn.access", "httpx"):
        logging.getLogger(noisy).disabled = True


def logger() -> Any:
    return structlog.get_logger()


def _name_the(service: str) -> Any:
    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        if current := request_id.get():
            event.setdefault("request_id", current)
        return event

    return add


def _only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def _line(event: dict[str, Any], **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def frames(error: BaseException) -> list[str]:
    """File, line and function of the innermost frames: no values, so no personal data."""
    found: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-12:]


class _ToStructlog(logging.Handler):
    """Libraries' own records: the logger's name and the kind of error, not the text, which may quote data."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        logger().log(record.levelno, "library message", reason=record.name, error_type=error)
