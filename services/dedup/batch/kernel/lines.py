"""How two lines of forebears agree, as `engine.lineage.line_up` and `engine.units.align` find it."""

from services.dedup.batch.coded import Bytes, Codes, Ints
from services.dedup.batch.kernel.compiled import compiled
from services.dedup.batch.kernel.units import (
    CLOSE,
    DIFFER,
    EXACT,
    MISSING,
    RANK,
    SCRIPT,
    SCRIPT_CLOSE,
    SCRIPT_DIFFER,
    SCRIPT_UNRELATED,
    SKIPPED,
    UNRELATED,
    unit_level,
)

LINE = 4
"""Units of a name after the given one."""
FATHER, FOREBEAR, FAMILY = range(3)
SCRATCH = (4, LINE + 1, LINE + 1)
"""Shape of the room that `line_up` works in: levels of all units with all, gains, the best so far, places."""
_LEVELS, _GAIN, _BEST, _PLACES = range(4)
_PATH, _RIGHT, _I, _J = range(4)


@compiled
def line_up(
    units: Ints, letters: Bytes, a: Codes, m: int, b: Codes, n: int, levels: Bytes, shown: Codes, room: Ints
) -> None:
    """Levels of father, forebear and family of a[:m] and b[:n] into levels[1:4].

    shown: 2 x 4, the units of either side that show them go into [:, 1:4]; -1 where none does.
    """
    levels[1:4] = MISSING
    shown[:, 1:4] = -1
    if m == 0 or n == 0:
        return
    for i in range(m):
        for j in range(n):
            room[_LEVELS, i, j] = unit_level(units, letters, a[i], b[j])
    order = _order(units, a, m, b, n)
    if order == 0:
        for i in range(m):
            room[_PLACES, _PATH, i] = i if room[_LEVELS, i, i] != MISSING else -1
    else:
        _align(room, m, n, order > 0)
    room[_PLACES, _I, :3] = -1
    _agreed(m, n, levels, room)
    _unpaired(m, n, levels, room)
    _as_one(levels, room)
    for field in range(3):
        if room[_PLACES, _I, field] >= 0:
            shown[0, field + 1] = a[room[_PLACES, _I, field]]
            shown[1, field + 1] = b[room[_PLACES, _J, field]]


@compiled
def _order(units: Ints, a: Codes, m: int, b: Codes, n: int) -> int:
    """0 where the lines are equal, 1 where b comes first as a tuple of text, else -1."""
    for i in range(min(m, n)):
        if a[i] != b[i]:
            return 1 if units[b[i], RANK] < units[a[i], RANK] else -1
    return 0 if m == n else 1 if n < m else -1


@compiled
def _align(room: Ints, m: int, n: int, turned: bool) -> None:
    """For each unit of the first line the unit of the second that it agrees with, or -1, into the path."""
    levels, gain, best, path = room[_LEVELS], room[_GAIN], room[_BEST], room[_PLACES, _PATH]
    path[:m] = -1
    rows, columns = (n, m) if turned else (m, n)
    best[rows, : columns + 1] = 0
    for i in range(rows - 1, -1, -1):
        best[i, columns] = 0
        for j in range(columns - 1, -1, -1):
            level = levels[j, i] if turned else levels[i, j]
            gain[i, j] = 4 if level in (EXACT, SCRIPT) else 3 if level in (CLOSE, SCRIPT_CLOSE) else 0
            best[i, j] = max(best[i + 1, j + 1] + gain[i, j], best[i + 1, j], best[i, j + 1])
    i = j = 0
    while i < rows and j < columns:
        if gain[i, j] and best[i, j] == best[i + 1, j + 1] + gain[i, j]:
            path[j if turned else i] = i if turned else j
            i, j = i + 1, j + 1
        elif best[i, j] == best[i + 1, j]:
            i += 1
        else:
            j += 1


@compiled
def _agreed(m: int, n: int, levels: Bytes, room: Ints) -> None:
    for i in range(m):
        j = room[_PLACES, _PATH, i]
        if j < 0:
            continue
        field = FAMILY if i == m - 1 and j == n - 1 else FATHER if i == 0 and j == 0 else FOREBEAR
        if field != FOREBEAR or levels[1 + FOREBEAR] == MISSING:
            _put(field, i, j, levels, room)
        if field == FOREBEAR and levels[1 + FATHER] == MISSING and min(i, j) == 0:
            levels[1 + FATHER] = SKIPPED


@compiled
def _unpaired(m: int, n: int, levels: Bytes, room: Ints) -> None:
    """Where two units stand in one place and neither found its like elsewhere."""
    path, right = room[_PLACES, _PATH], room[_PLACES, _RIGHT]
    right[:n] = 1
    more_left = more_right = False
    for i in range(m):
        if path[i] >= 0:
            right[path[i]] = 0
        elif i < m - 1:
            more_left = True
    for j in range(n - 1):
        more_right |= right[j] == 1
    if path[m - 1] < 0 and right[n - 1]:
        _put(FAMILY, m - 1, n - 1, levels, room)
    if min(m, n) < 2:
        return
    if levels[1 + FATHER] in (MISSING, SKIPPED) and more_left and more_right:
        _put(FATHER, 0, 0, levels, room)
    if min(m, n) > 2 and path[1] < 0 and right[1] and levels[1 + FOREBEAR] == MISSING:
        _put(FOREBEAR, 1, 1, levels, room)


@compiled
def _as_one(levels: Bytes, room: Ints) -> None:
    """A line of which nothing agrees is one fact."""
    told = scripts = 0
    for level in levels[1:4]:
        if level == SCRIPT_DIFFER:
            scripts += 1
        elif level not in (MISSING, DIFFER):
            return
        told += level != MISSING
    if told > 1:
        levels[1 + FATHER] = levels[1 + FOREBEAR] = MISSING
        levels[1 + FAMILY] = SCRIPT_UNRELATED if scripts == told else UNRELATED
        room[_PLACES, _I, :3] = -1


@compiled
def _put(field: int, i: int, j: int, levels: Bytes, room: Ints) -> None:
    level = room[_LEVELS, i, j]
    levels[1 + field] = level
    room[_PLACES, _I, field] = i if level != MISSING else -1
    room[_PLACES, _J, field] = j
