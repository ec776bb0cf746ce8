"""How kernels are compiled."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as machine code, typed on its first call, kept beside the source, free of the interpreter's lock."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """The same, and copied into its callers: a call that takes arrays costs more than what a small function does."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True, inline="always")(function))
