"""Learn a model from registrations alone; nobody has to label a pair.

u from random pairs; m and k by expectation-maximisation over the pairs that blocking proposes;
names' frequencies by counting; the chances of one person and of one family from the classes' sizes.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from random import Random

from services.dedup.engine.block import blocking_keys
from services.dedup.engine.compare import compare
from services.dedup.engine.estimate import Levels, Mixture, Pattern, maximise, pattern, strangers
from services.dedup.engine.frequencies import StaticFrequencies, counted_values
from services.dedup.engine.phonetic import is_arabic
from services.dedup.engine.record import Record
from services.dedup.model import Chances, Model
from services.dedup.model.start import COMMON, RARE, START

LARGEST_BLOCK = 40
RANDOM_PAIRS = 100_000
MOST_PAIRS = 400_000
KEPT_NAMES = 400
TEMPER = 0.3
_NAMES = ("given", "forebear", "family")


def candidate_pairs(records: Sequence[Record], largest: int = LARGEST_BLOCK) -> set[tuple[int, int]]:
    """Indices (low, high) of records that share a key; keys of more than `largest` records are left out."""
    return _sharing([[key.hash for key in blocking_keys(record)] for record in records], largest)


def family_pairs(records: Sequence[Record], largest: int = LARGEST_BLOCK) -> set[tuple[int, int]]:
    """Indices (low, high) of records that share a phone or a household: mostly of one family."""
    return _sharing([[*r.phones, *([r.household] if r.household else [])] for r in records], largest)


def _sharing(keys: Sequence[Sequence[Hashable]], largest: int) -> set[tuple[int, int]]:
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for index, held in enumerate(keys):
        for key in set(held):
            blocks[key].append(index)
    return {pair for block in blocks.values() if 1 < len(block) <= largest for pair in combinations(block, 2)}


def count_names(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """Kind -> Arabic name unit -> share of records that hold it, commonest first, for the commonest."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in _NAMES}
    for record in records:
        for kind, value in counted_values(record):
            if kind in counts and is_arabic(value):
                counts[kind][value] += 1
    holders = max(1, sum(1 for record in records if record.arabic))
    return {
        kind: {value: round(n / holders, 6) for value, n in found.most_common(KEPT_NAMES)}
        for kind, found in counts.items()
    }


def _strangers(records: Sequence[Record], pairs: Iterable[tuple[int, int]], frequencies: StaticFrequencies) -> Levels:
    """The starting chances with u as the pairs show it."""
    return strangers((pattern(compare(records[a], records[b]), frequencies) for a, b in pairs), START)


def _unrelated(n: int, related: set[tuple[int, int]], times: int, rng: Random) -> Iterator[tuple[int, int]]:
    """Random pairs of n records, at most `times`; those in `related` are left out."""
    for _ in range(min(times, n * n // 2)):
        a, b = sorted(rng.sample(range(n), 2))
        if (a, b) not in related:
            yield a, b


def _blended(learned: Levels, counted: Levels) -> Levels:
    """m and k as learned, tempered by the starting ones; u as counted.

    The tempering keeps a level that the sample happens never to show from being held impossible.
    """
    return {
        field: {
            level: Chances(
                (1 - TEMPER) * c.m + TEMPER * START[field][level].m,
                (1 - TEMPER) * c.k + TEMPER * START[field][level].k,
                counted[field][level].u,
            )
            for level, c in levels.items()
        }
        for field, levels in learned.items()
    }


def learn(records: Sequence[Record], seed: int = 1, random_pairs: int = RANDOM_PAIRS) -> Model:
    """A model of `records`: chances, names and sizes; its texts and thresholds are for the caller.

    The same records and seed give the same model. Some 50 microseconds a pair: half a minute
    for 20,000 records and the default number of random pairs. Raises ValueError where no two records share anything.
    """
    rng = Random(seed)  # noqa: S311 - a sample that can be drawn again, not a secret
    shares = count_names(records)
    frequencies = StaticFrequencies(shares)
    related = candidate_pairs(records) | family_pairs(records)
    pairs = sorted(related)
    sample = rng.sample(pairs, min(len(pairs), MOST_PAIRS))
    patterns: Counter[Pattern] = Counter(pattern(compare(records[a], records[b]), frequencies) for a, b in sample)
    unrelated = _unrelated(len(records), related, random_pairs, rng)
    found = maximise(patterns, Mixture((0.3, 0.5, 0.2), START))
    possible = len(records) * (len(records) - 1) / 2
    return Model(
        version="learned", learned_on=date.min, data="", population=len(records),
        prior=found.shares[0] * len(pairs) / possible, kin=found.shares[1] * len(pairs) / possible,
        lower=0.1, upper=0.9, lower_error=0.1, upper_error=0.1,
        common=COMMON, rare={**RARE, **_rarest(shares)},
        levels=_blended(found.levels, _strangers(records, unrelated, frequencies)), frequencies=shares,
    )  # fmt: skip


def _rarest(shares: dict[str, dict[str, float]]) -> dict[str, float]:
    """For names outside the table: half the share of the rarest name inside it."""
    return {kind: min(found.values()) / 2 for kind, found in shares.items() if found}
