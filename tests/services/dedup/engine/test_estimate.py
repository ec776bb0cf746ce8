"""Learning without labels finds what made the pairs: the plain sums, and those over arrays."""

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random

import numpy as np
import pytest

from services.dedup.batch import estimate as batch
from services.dedup.batch.scheme import scheme
from services.dedup.engine.compare import FIELDS
from services.dedup.engine.estimate import Mixture, Pattern, maximise, strangers
from services.dedup.model import Chances
from services.dedup.model.start import START

TRUE_SHARES = (0.35, 0.40, 0.25)
USED = {
    "given": ("exact", "close", "lookalike", "differ"),
    "family": ("exact", "close", "lookalike", "differ"),
    "birth": tuple(START["birth"]),
    "id": tuple(START["id"]),
    "phone": tuple(START["phone"]),
}


def truth() -> dict[str, dict[str, Chances]]:
    """Chances away from the starting ones."""
    true = {field: dict(levels) for field, levels in START.items()}
    true["given"] |= {
        "exact": Chances(0.75, 0.03, 0.30),
        "close": Chances(0.15, 0.03, 0.05),
        "lookalike": Chances(0.05, 0.04, 0.05),
        "differ": Chances(0.05, 0.90, 0.60),
    }
    true["phone"] = {"exact": Chances(0.75, 0.70, 0.02), "differ": Chances(0.25, 0.30, 0.98)}
    true["id"] = {
        "exact": Chances(0.85, 0.10, 0.001),
        "near": Chances(0.10, 0.01, 0.001),
        "differ": Chances(0.05, 0.89, 0.998),
    }
    return true


def drawn(rng: Random, true: dict[str, dict[str, Chances]], kind: str) -> Pattern:
    levels = []
    for field in FIELDS:
        options = USED.get(field, ())
        weights = [getattr(true[field][level], kind) for level in options]
        levels.append(rng.choices(options, weights)[0] if options and rng.random() < 0.95 else "missing")
    return tuple(levels)


SCHEME = scheme()


def coded(patterns: Mapping[Pattern, float]) -> batch.Patterns:
    codes = [[SCHEME.levels[field].index(level) for field, level in zip(FIELDS, each, strict=True)]
             for each in patterns]  # fmt: skip
    return batch.Patterns(np.array(codes, dtype=np.uint8), np.array(list(patterns.values()), dtype=np.float64))


def by_arrays(patterns: Mapping[Pattern, float], start: Mixture) -> Mixture:
    """The batch's expectation-maximisation over the same patterns."""
    return batch.maximise(coded(patterns), start, SCHEME)


Maximise = Callable[[Mapping[Pattern, float], Mixture], Mixture]
BOTH = pytest.mark.parametrize("learned_by", [maximise, by_arrays])
# Away from the truth; none of the classes is empty.
START_SHARES = (0.3, 0.3, 0.4)


def check(found: Mixture, true: dict[str, dict[str, Chances]], within: float) -> None:
    for field in ("given", "phone", "id"):
        for level in USED[field]:
            expected, learned = true[field][level], found.levels[field][level]
            assert learned.m == pytest.approx(expected.m, abs=within), (field, level)
            assert learned.k == pytest.approx(expected.k, abs=within), (field, level)


@BOTH
def test_known_chances_are_recovered(learned_by: Maximise) -> None:
    rng, true = Random(7), truth()
    kinds = rng.choices("mku", TRUE_SHARES, k=15_000)
    found = learned_by(Counter(drawn(rng, true, kind) for kind in kinds), Mixture(START_SHARES, START))
    assert found.shares == pytest.approx(TRUE_SHARES, abs=0.03)
    check(found, true, 0.03)


@BOTH
def test_what_strangers_look_like_is_recovered_as_well(learned_by: Maximise) -> None:
    rng, true = Random(8), truth()
    kinds = rng.choices("mku", TRUE_SHARES, k=15_000)
    found = learned_by(Counter(drawn(rng, true, kind) for kind in kinds), Mixture(START_SHARES, START))
    for level in USED["phone"]:
        assert found.levels["phone"][level].u == pytest.approx(true["phone"][level].u, abs=0.03), level


@BOTH
def test_one_person_in_fifty_pairs_is_still_found(learned_by: Maximise) -> None:
    rng, true, shares = Random(9), truth(), (0.02, 0.28, 0.70)
    kinds = rng.choices("mku", shares, k=25_000)
    found = learned_by(Counter(drawn(rng, true, kind) for kind in kinds), Mixture(START_SHARES, START))
    assert found.shares == pytest.approx(shares, abs=0.02)
    check(found, true, 0.08)


def test_namesakes_known_as_a_class_of_their_own_do_not_spoil_the_chances() -> None:
    """A third of the pairs are strangers whom blocking brought together by their names."""
    rng, true = Random(10), truth()
    names = {**true, "given": {**true["given"], "exact": Chances(0, 0, 0.97), "differ": Chances(0, 0, 0.01),
                               "close": Chances(0, 0, 0.01), "lookalike": Chances(0, 0, 0.01)}}  # fmt: skip
    drawn_ones = [drawn(rng, true, kind) for kind in rng.choices("mku", TRUE_SHARES, k=20_000)]
    counted = Counter(drawn_ones + [drawn(rng, names, "u") for _ in range(10_000)])
    tables = [table[:, 2] for table in batch.tables(names, SCHEME)]
    found = batch.maximise(coded(counted), Mixture(START_SHARES, START), SCHEME, namesakes=tables)
    check(found, true, 0.05)
    assert found.shares[:2] == pytest.approx([share * 2 / 3 for share in TRUE_SHARES[:2]], abs=0.03)


def test_chances_of_a_field_stay_a_distribution() -> None:
    rng = Random(7)
    found = maximise(
        Counter(drawn(rng, truth(), kind) for kind in "mku" * 300), Mixture((0.3, 0.3, 0.4), START), rounds=3
    )
    assert sum(chances.m for chances in found.levels["birth"].values()) == pytest.approx(1.0)


def test_strangers_are_counted_on_random_pairs() -> None:
    rng, true = Random(7), truth()
    counted = strangers((drawn(rng, true, "u") for _ in range(40_000)), START)
    assert counted["phone"]["exact"].u == pytest.approx(0.02, abs=0.005)
    assert counted["phone"]["exact"].m == START["phone"]["exact"].m


def test_nothing_cannot_teach() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        maximise({}, Mixture((0.3, 0.3, 0.4), START))
