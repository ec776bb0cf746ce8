"""How kernels are compiled."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as machine code, typed on its first call, kept beside the source, free of the interpreter's lock."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))
