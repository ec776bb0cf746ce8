"""JSON bodies, read strictly (RFC 8259): UTF-8 only, no NaN, no lone surrogates, no number too large for a double."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute


class _StrictRequest(Request):
    async def json(self) -> Any:
        """Raises JSONDecodeError, also for what nests deeper than 1,024 levels."""
        return orjson.loads(await self.body())


class StrictRoute(APIRoute):
    """For every router that takes JSON: the standard library's reader lets through what cannot be stored."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(_StrictRequest(request.scope, request.receive))

        return strictly
