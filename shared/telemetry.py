"""Prometheus metrics always; OpenTelemetry traces when an exporter is set."""

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.ids import masked
from shared.settings import HouseSettings

if TYPE_CHECKING:
    from opentelemetry.trace import Span


class Metrics:
    """What every service counts. One registry an app, so that tests may build several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "sijill_http_requests_total", "Answers by route and status.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "sijill_http_seconds", "Time from the first byte in to the last byte out.", ["route"],
            registry=self.registry, buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
        )  # fmt: skip
        self.queue_lag = Gauge(
            "sijill_queue_lag_seconds", "Age of the oldest letter that is due and not handled.",
            registry=self.registry,
        )  # fmt: skip
        self.parked = Gauge(
            "sijill_parked_letters", "Letters set aside after too many tries: a person must look.",
            registry=self.registry,
        )  # fmt: skip


def trace(app: FastAPI, service: str, settings: HouseSettings) -> None:
    """Send traces to `SIJILL_OTLP_ENDPOINT`, if it is set. Spans carry routes and statuses, no bodies or queries."""
    if settings.otlp_endpoint is None:
        return
    from opentelemetry import trace as otel
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"sijill-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.otlp_endpoint)))
    otel.set_tracer_provider(provider)
    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider, server_request_hook=_without_what_was_typed)
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)


def _without_what_was_typed(span: "Span", scope: MutableMapping[str, Any]) -> None:
    """The address as it was sent may hold an ID that somebody put there, and its query anything."""
    path = masked(str(scope.get("path", "")))
    for name in ("http.target", "http.url", "url.path", "url.full"):
        span.set_attribute(name, path)
    span.set_attribute("url.query", "")
