"""What the batch does column by column is what the engine does record by record."""

from collections import defaultdict
from datetime import date
from itertools import combinations
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest

from services.dedup.batch.block import block
from services.dedup.batch.compare import LEVELS, Comparer
from services.dedup.batch.counts import count
from services.dedup.batch.estimate import maximise, patterns
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.records import Records
from services.dedup.batch.scheme import scheme
from services.dedup.batch.weigh import Weigher
from services.dedup.engine import estimate
from services.dedup.engine.block import blocking_keys
from services.dedup.engine.compare import FIELDS, compare
from services.dedup.engine.frequencies import Frequencies, StaticFrequencies, counted_values
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Typed
from services.dedup.engine.weigh import weigh
from services.dedup.model import load_model
from services.dedup.model.start import START


@pytest.fixture(scope="module")
def pairs(records: Records) -> tuple[np.ndarray, np.ndarray]:
    """Some that share a key, and some that share nothing."""
    rng = np.random.default_rng(7)
    left, right = np.divmod(block(records, largest_wide=0).pairs.part(0), len(records))
    chosen = rng.choice(len(left), 1_500)
    return tuple(np.concatenate([side[chosen], rng.integers(0, len(records), 1_500)]) for side in (left, right))


@pytest.mark.parametrize("of_the_file", [True, False])
def test_the_bits_are_the_engines(records: Records, pairs: tuple[np.ndarray, np.ndarray], of_the_file: bool) -> None:
    model = load_model().for_population(len(records))
    frequencies: Frequencies = count(records) if of_the_file else StaticFrequencies(model.frequencies)
    weigher = Weigher(records, Comparer(records), model, frequencies)
    found = weigher.score(*pairs)
    assert weigher.bits(*pairs) == pytest.approx(found.bits, abs=1e-9)
    for place, (a, b) in enumerate(zip(*(side.tolist() for side in pairs), strict=True)):
        plain = weigh(model, compare(records.plain(a), records.plain(b)), frequencies)
        assert found.bits[place] == pytest.approx(plain.bits, abs=1e-9)
        assert found.evidence[place].sum() == pytest.approx(plain.bits, abs=1e-9)


def test_no_pair_is_given_up_that_could_reach_the_least_bits(
    records: Records, pairs: tuple[np.ndarray, np.ndarray]
) -> None:
    weigher = Weigher(records, Comparer(records), load_model().for_population(len(records)), count(records))
    bits = weigher.bits(*pairs)
    for least in (-10.0, 0.0, 10.0, 20.0):
        found = weigher.bits(*pairs, least)
        given_up = np.isneginf(found)
        assert given_up.any()
        assert (bits[given_up] < least).all()
        assert (found[~given_up] == bits[~given_up]).all()


def test_the_score_is_the_same_from_either_side(records: Records, pairs: tuple[np.ndarray, np.ndarray]) -> None:
    weigher = Weigher(records, Comparer(records), load_model(), count(records))
    assert weigher.score(*pairs).bits == pytest.approx(weigher.score(*reversed(pairs)).bits)


def test_pairs_meet_under_the_engines_own_keys(records: Records) -> None:
    blocks = defaultdict(set)
    for place in range(len(records)):
        for key in blocking_keys(records.plain(place)):
            blocks[key.hash].add(place)
    by_hand = {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}
    left, right = np.divmod(block(records, largest=len(records), largest_wide=0).pairs.part(0), len(records))
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == by_hand


def test_a_record_is_normalised_as_online() -> None:
    typed = {"full_name": "د. محمد بن عبد الله آل سعيد الغامدي", "full_name_latin": "Mohd Abdullah Al-Ghamdi",
             "birth_date": "١٤٠٥/٠٦/٢٣", "phone": "٠٥٠١٢٣٤٥٦٧", "address_text": "حي السلامة، شارع صاري"}  # fmt: skip
    columns = {field: pa.chunked_array([[text]], pa.string()) for field, text in typed.items()}
    batch = normalise_columns(columns, np.zeros(1, dtype=np.int32)).plain(0)
    online = normalise(Typed(
        UUID(int=1), UUID(int=1), typed["full_name"], typed["full_name_latin"], birth=date(1985, 3, 14),
        phones=(typed["phone"],), address_text=typed["address_text"],
    ))  # fmt: skip
    for part in ("arabic", "latin", "keys", "birth", "phones", "address"):
        assert getattr(batch, part) == getattr(online, part), part


def test_values_are_counted_as_the_engine_counts_them(records: Records) -> None:
    times: dict[tuple[str, str], int] = defaultdict(int)
    for place in range(len(records)):
        if records.plain(place).arabic or records.plain(place).latin:
            for value in counted_values(records.plain(place)):
                times[value] += 1
    found = count(records)
    for kind, value in (("given", "محمد"), ("given", "mhmd"), ("family", "غامدي"), ("family", "kmd")):
        assert found.share(kind, value) == pytest.approx(times[kind, value] / len(records), rel=0.02)


def test_learning_finds_what_the_plain_sums_find(records: Records, pairs: tuple[np.ndarray, np.ndarray]) -> None:
    levels = Weigher(records, Comparer(records), load_model(), count(records)).levels(*pairs)
    found = patterns(levels)
    named = {
        tuple(LEVELS[field][code] for field, code in zip(FIELDS, row, strict=True)): times
        for row, times in zip(found.levels.tolist(), found.times.tolist(), strict=True)
    }
    start = estimate.Mixture((0.3, 0.5, 0.2), START)
    fast, plain = maximise(found, start, scheme(), rounds=6), estimate.maximise(named, start, rounds=6)
    assert fast.shares == pytest.approx(plain.shares)
    for field, of_field in plain.levels.items():
        for level, chances in of_field.items():
            there = fast.levels[field][level]
            assert (there.m, there.k, there.u) == pytest.approx((chances.m, chances.k, chances.u), abs=1e-9)
