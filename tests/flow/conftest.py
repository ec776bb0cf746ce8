"""One house a module of tests; it survives all that they do to it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests import houses
from tests.houses import Town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with houses.town(tmp_path_factory.mktemp("house")) as running:
        yield running
