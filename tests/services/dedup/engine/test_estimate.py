"""Learning without labels finds what made the pairs."""

from collections import Counter
from random import Random

import pytest

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
    true["phone"] = {"exact": Chances(0.50, 0.75, 0.02), "differ": Chances(0.50, 0.25, 0.98)}
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


def test_known_chances_are_recovered() -> None:
    rng, true = Random(7), truth()
    kinds = rng.choices("mku", TRUE_SHARES, k=30_000)
    found = maximise(Counter(drawn(rng, true, kind) for kind in kinds), Mixture((0.3, 0.3, 0.4), START))
    assert found.shares == pytest.approx(TRUE_SHARES, abs=0.03)
    for field in ("given", "phone", "id"):
        for level in USED[field]:
            expected, learned = true[field][level], found.levels[field][level]
            assert learned.m == pytest.approx(expected.m, abs=0.03), (field, level)
            assert learned.k == pytest.approx(expected.k, abs=0.03), (field, level)


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
