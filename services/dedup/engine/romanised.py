"""How likely Latin letters are as a way to write Arabic ones."""

from functools import lru_cache

from services.dedup.engine.letters import ADDED, LATIN, WRITTEN

_NEVER = -13.0  # bits of a spelling of a letter that was never seen
_FORBIDDEN = -1e9
_HOPELESS = 25.0  # bits behind the best beginning, from which no good end is to be expected


@lru_cache(maxsize=500_000)
def romanised(arabic: str, latin: str) -> float:
    """log2 of the likeliest way to write `arabic` as `latin`, over that of its letters by chance."""
    best = _with_added([0.0] + [_FORBIDDEN] * len(latin), latin)
    for letter in arabic:
        written = WRITTEN.get(letter, {})
        after = [_FORBIDDEN] * (len(latin) + 1)
        least = max(best) - _HOPELESS
        for place, so_far in enumerate(best):
            if so_far < least:
                continue
            for size in range(min(2, len(latin) - place) + 1):
                bits = so_far + written.get(latin[place : place + size], _NEVER if size < 2 else _FORBIDDEN)
                after[place + size] = max(after[place + size], bits)
        best = _with_added(after, latin)
    return best[-1] - sum(LATIN.get(letter, _NEVER) for letter in latin)


def _with_added(best: list[float], latin: str) -> list[float]:
    """With Latin letters that no Arabic one stands for."""
    for place, letter in enumerate(latin):
        best[place + 1] = max(best[place + 1], best[place] + ADDED.get(letter, _NEVER))
    return best
