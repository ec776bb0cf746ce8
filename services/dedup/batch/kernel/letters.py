"""Distances of words held as rows of letter codes."""

import numpy as np

from services.dedup.batch.coded import Bytes
from services.dedup.batch.kernel.compiled import compiled, inlined


@inlined
def may_be_within(ours: int, theirs: int, most: int) -> bool:
    """Whether words of these sets of letters can be `most` slips apart: a slip costs either side one letter at most."""
    alone, others = ours & ~theirs, theirs & ~ours
    for _ in range(most):
        alone &= alone - 1
        others &= others - 1
    return alone == 0 and others == 0


@compiled
def within(a: Bytes, m: int, b: Bytes, n: int, most: int) -> bool:
    """Whether the Damerau-Levenshtein distance of a[:m] and b[:n] is at most `most`, which is 0, 1 or 2."""
    if abs(m - n) > most:
        return False
    start = 0
    while start < m and start < n and a[start] == b[start]:
        start += 1
    while m > start and n > start and a[m - 1] == b[n - 1]:
        m, n = m - 1, n - 1
    m, n = m - start, n - start
    if max(m, n) <= most:
        return True
    if most < 2:
        return most == 1 and m == 2 and n == 2 and a[start] == b[start + 1] and a[start + 1] == b[start]
    return _distance(a[start : start + m], b[start : start + n]) <= most


@compiled
def _distance(a: Bytes, b: Bytes) -> int:
    """Damerau-Levenshtein distance without restriction (Lowrance & Wagner 1975)."""
    m, n = len(a), len(b)
    far = m + n
    cost = np.zeros((m + 2, n + 2), dtype=np.int64)
    cost[0, :] = far
    cost[:, 0] = far
    cost[1, 1:] = np.arange(n + 1)
    cost[1:, 1] = np.arange(m + 1)
    last_row = np.zeros(256, dtype=np.int64)
    for i in range(1, m + 1):
        last_column = 0
        for j in range(1, n + 1):
            row, column = last_row[b[j - 1]], last_column
            same = a[i - 1] == b[j - 1]
            if same:
                last_column = j
            cost[i + 1, j + 1] = min(
                cost[i, j] + (0 if same else 1),
                cost[i + 1, j] + 1,
                cost[i, j + 1] + 1,
                cost[row, column] + (i - row - 1) + 1 + (j - column - 1),
            )
        last_row[a[i - 1]] = i
    return int(cost[m + 1, n + 1])


@compiled
def jaro_winkler(a: Bytes, m: int, b: Bytes, n: int) -> float:
    """Similarity in [0, 1] (Winkler 1990): a common beginning of up to four letters counts above 0.7."""
    if m == 0 or n == 0:
        return 1.0 if m == n else 0.0
    reach = max(0, max(m, n) // 2 - 1)
    ours, theirs = np.zeros(m, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    common = 0
    for i in range(m):
        for j in range(max(0, i - reach), min(n, i + reach + 1)):
            if not theirs[j] and a[i] == b[j]:
                ours[i] = theirs[j] = True
                common += 1
                break
    if common == 0:
        return 0.0
    moved, j = 0, 0
    for i in range(m):
        if ours[i]:
            while not theirs[j]:
                j += 1
            moved += a[i] != b[j]
            j += 1
    jaro = (common / m + common / n + (common - moved // 2) / common) / 3.0
    if jaro <= 0.7:
        return jaro
    beginning = 0
    while beginning < min(4, m, n) and a[beginning] == b[beginning]:
        beginning += 1
    return jaro + beginning * 0.1 * (1.0 - jaro)
