"""One process of the house: a service, or a worker."""

import asyncio
import gc
import importlib

import uvicorn

from services.cli.up.plan import package


def serve(service: str, host: str, port: int) -> None:
    """Serve until told to stop; requests under way are finished first, for ten seconds at most."""
    app = importlib.import_module(f"services.{package(service)}.main").create_app()
    _look_for_cycles_less_often()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def work(service: str) -> None:
    """Run the worker of `service` until told to stop; it finishes the job under way."""
    asyncio.run(importlib.import_module(f"services.{package(service)}.worker").main())


def _look_for_cycles_less_often() -> None:
    """What is there now stays; a call leaves hardly any cycles, and looking for them took a part of each call."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
