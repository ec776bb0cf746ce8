"""Whether the comparison must first be compiled on this machine, which takes half a minute without a word."""

from pathlib import Path
from typing import Any, cast

FIRST_TIME = "compiling, once on this machine: this takes half a minute"


def compiled_before() -> bool:
    """Whether machine code is kept where numba looks for it: NUMBA_CACHE_DIR, or beside the source."""
    from services.dedup.batch.kernel.blocks import join

    kept = Path(cast(Any, join).stats.cache_path)
    return any(kept.glob("*.nbc"))
