"""How often one caller may fail: a sliding window in this process's memory.

Secrets of 256 bits cannot be guessed; this keeps a broken client from costing more than a look-up here.
With n processes the limit is n times as high.
"""

import time
from collections import deque
from collections.abc import Callable

FAILURES = 10
WINDOW_SECONDS = 60.0
_KEYS = 10_000


class Throttle:
    """Counts failures by key, here (client id, address)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: seconds that never go back."""
        self._clock = clock
        self._failures: dict[tuple[str, str], deque[float]] = {}

    def blocked(self, key: tuple[str, str]) -> bool:
        """Whether the key failed FAILURES times in the last WINDOW_SECONDS."""
        failures = self._failures.get(key)
        if failures is None:
            return False
        while failures and failures[0] <= self._clock() - WINDOW_SECONDS:
            failures.popleft()
        return len(failures) >= FAILURES

    def failed(self, key: tuple[str, str]) -> None:
        """Count one failure. Past 10,000 keys the one that is longest here is forgotten."""
        if key not in self._failures and len(self._failures) >= _KEYS:
            del self._failures[next(iter(self._failures))]
        self._failures.setdefault(key, deque(maxlen=FAILURES)).append(self._clock())

    def succeeded(self, key: tuple[str, str]) -> None:
        self._failures.pop(key, None)
