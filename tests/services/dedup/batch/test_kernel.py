"""The compiled loops find what the engine and well-kept libraries find, for any words."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from services.dedup.batch.kernel.blocks import join
from services.dedup.batch.kernel.letters import jaro_winkler, may_be_within, within
from services.dedup.batch.kernel.lines import LINE, SCRATCH, line_up
from services.dedup.batch.kernel.units import NAME_LEVELS, unit_level
from services.dedup.batch.spelling import spelling
from services.dedup.engine import lineage
from services.dedup.engine.cluster import cluster
from services.dedup.engine.units import unit_level as plain_level

unhurried = settings(deadline=None, max_examples=200)
"""The first call of a kernel compiles it."""
FEW = st.text("ab", max_size=9)
ARABIC = st.text("بتثنيحخدذرزسشعغفقكلمهوا", min_size=1, max_size=9)
LATIN = st.text("abdehiklmnorsuwyz", min_size=1, max_size=10)
UNITS = st.one_of(ARABIC, LATIN, st.sampled_from(["محمد", "محمود", "mohammed", "mahmoud", "حسن", "hassan", ""]))


def letters_of(word: str) -> np.ndarray:
    return np.frombuffer(word.encode(), dtype=np.uint8)


@unhurried
@given(FEW, FEW, st.sampled_from([0, 1, 2]))
def test_slips_of_the_pen_are_counted_as_rapidfuzz_counts_them(a: str, b: str, most: int) -> None:
    expected = DamerauLevenshtein.distance(a, b) <= most
    assert within(letters_of(a), len(a), letters_of(b), len(b), most) == expected


@unhurried
@given(LATIN, LATIN, st.sampled_from([0, 1, 2]))
def test_no_near_word_is_turned_away_by_its_letters(a: str, b: str, most: int) -> None:
    ours, theirs = (sum({1 << ord(letter) % 32 for letter in word}) for word in (a, b))
    if DamerauLevenshtein.distance(a, b) <= most:
        assert may_be_within(ours, theirs, most)


@unhurried
@given(LATIN, LATIN)
def test_similarity_is_rapidfuzzs(a: str, b: str) -> None:
    found = jaro_winkler(letters_of(a), len(a), letters_of(b), len(b))
    assert abs(found - JaroWinkler.similarity(a, b)) < 1e-12


@unhurried
@given(st.lists(UNITS, min_size=2, max_size=8, unique=True))
def test_units_agree_at_the_engines_level(units: list[str]) -> None:
    table, letters = spelling(units)
    for a, one in enumerate(units):
        for b, other in enumerate(units):
            assert NAME_LEVELS[unit_level(table, letters, a, b)] == plain_level(one, other)


@unhurried
@given(st.lists(UNITS.filter(bool), min_size=1, max_size=6, unique=True), st.data())
def test_two_lines_of_forebears_line_up_as_in_the_engine(units: list[str], data: st.DataObject) -> None:
    table, letters = spelling(units)
    lines = st.lists(st.integers(0, len(units) - 1), min_size=1, max_size=LINE)
    a, b = data.draw(lines), data.draw(lines)
    levels, shown = np.zeros(11, dtype=np.uint8), np.zeros((2, LINE), dtype=np.int32)
    line_up(table, letters, _row(a), len(a), _row(b), len(b), levels, shown, np.zeros(SCRATCH, dtype=np.int64))
    ours, theirs = ([units[code] for code in line] for line in (a, b))
    expected = lineage.line_up(
        lambda i, j: plain_level(ours[i], theirs[j]), (len(a), len(b)), ours == theirs, theirs < ours
    )
    found = [
        lineage.Place(NAME_LEVELS[levels[f]], *(line.index(code) if code >= 0 else -1 for line, code in sides))
        for f in range(1, LINE)
        for sides in [((a, shown[0, f]), (b, shown[1, f]))]
    ]
    assert [place.level for place in found] == [place.level for place in expected]
    for f, place in enumerate(expected, start=1):
        assert shown[0, f] == (a[place.i] if place.i >= 0 else -1)
        assert shown[1, f] == (b[place.j] if place.j >= 0 else -1)


def _row(line: Sequence[int]) -> np.ndarray:
    return np.array([*line, *[-1] * (LINE - len(line))], dtype=np.int32)


@unhurried
@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 5)), max_size=30),
    st.dictionaries(st.tuples(st.integers(0, 11), st.integers(0, 11)), st.integers(-14, 12), max_size=12),
)
def test_clusters_are_the_engines(links: list[tuple[int, int, int]], said: dict[tuple[int, int], int]) -> None:
    ordered = sorted({(-bits, min(a, b), max(a, b)) for a, b, bits in links if a != b})
    odds = {(min(pair), max(pair)): float(bits) for pair, bits in said.items() if pair[0] != pair[1]}
    expected = cluster([(a, b, float(-bits)) for bits, a, b in ordered], odds, -10.0)
    left, right = (np.array([link[side] for link in ordered], dtype=np.int64) for side in (1, 2))
    root, after, members = np.arange(12), np.arange(12), np.ones(12, dtype=np.int64)
    pairs = np.array(sorted(a * 12 + b for a, b in odds), dtype=np.int64)
    refused = np.zeros(len(ordered), dtype=bool)
    of_pairs = np.array([odds[divmod(int(code), 12)] for code in pairs])
    join(left, right, pairs, of_pairs, -10.0, root, after, members, refused)
    for a in range(12):
        for b in range(12):
            assert (root[a] == root[b]) == (expected.get(a, a) == expected.get(b, b))
