"""What a model file must hold before anything is weighed with it; every message says where and how to mend it."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from services.dedup.model.start import COMMON, RARE, START

LAYOUT = 1
"""Of the file, not of what was learned: it rises when an older program could not read a newer file."""
_TEXTS = ("version", "learned_on", "data")
_CHANCES = ("prior", "kin", "lower", "upper", "lower_error", "upper_error")
_TABLES = ("common", "rare", "levels", "frequencies")
_PARTS = frozenset({*_TEXTS, *_CHANCES, *_TABLES, "population", "layout"})
_OFF = 0.05
"""The chances of a field may miss 1 by so much: they are rounded, and some levels say more than one thing."""
_LEARN = "learn the model again with `sijill train`"


class ModelUnusable(ValueError):
    """The file is no model that this program can weigh with; the message says what to mend."""


def checked(stored: Any) -> dict[str, Any]:
    """`stored`, the JSON of a model file, as it is. Raises ModelUnusable."""
    if not isinstance(stored, dict):
        raise ModelUnusable("this is no model: it should be one JSON object")
    _check_layout(stored.get("layout"))
    if missing := sorted(_PARTS - set(stored)):
        raise ModelUnusable(f"the model lacks {', '.join(missing)}; {_LEARN}")
    if unknown := sorted(set(stored) - _PARTS):
        raise ModelUnusable(f"the model holds what this program does not know: {', '.join(unknown)}")
    for name in (*_TABLES, *_TEXTS):
        if not isinstance(stored[name], Mapping if name in _TABLES else str):
            raise ModelUnusable(f"the model's {name} should be {'an object' if name in _TABLES else 'a text'}")
    _check_numbers(stored)
    _check_levels(stored["levels"])
    _check_shares(stored["frequencies"])
    return stored


def _check_layout(layout: object) -> None:
    if layout is None:
        raise ModelUnusable(f"the model does not say its layout; {_LEARN}")
    if layout != LAYOUT:
        raise ModelUnusable(
            f"the model is of layout {layout}, this program reads {LAYOUT}: "
            "use the version of Sijill that wrote it, or learn it again with `sijill train`"
        )


def _check_numbers(stored: Mapping[str, Any]) -> None:
    for name in _CHANCES:
        _check_chance(stored[name], name)
    for name in ("prior", "kin", "upper"):
        if not 0 < stored[name] < 1:
            raise ModelUnusable(f"the model's {name} is {stored[name]}; it must lie between 0 and 1; {_LEARN}")
    if stored["lower"] >= stored["upper"]:
        raise ModelUnusable(f"the model's lower {stored['lower']} must be below its upper {stored['upper']}")
    if not isinstance(stored["population"], int) or stored["population"] < 1:
        raise ModelUnusable(f"the model's population is {stored['population']}; it must be a count of records")
    for table, expected in (("common", COMMON), ("rare", RARE)):
        if lacking := sorted(set(expected) - set(stored[table])):
            raise ModelUnusable(f"the model's {table} lacks {', '.join(lacking)}; {_LEARN}")
    for kind, share in stored["rare"].items():
        _check_chance(share, f"rare {kind}")
        if not share:
            raise ModelUnusable(f"the model's rare {kind} is 0: agreement on it would prove everything; {_LEARN}")
    for kind, records in stored["common"].items():
        if not _is_number(records) or records < 0:
            raise ModelUnusable(f"the model's common {kind} is {records}; it must be a number of records")


def _check_levels(levels: Mapping[str, Any]) -> None:
    for field, expected in START.items():
        if not isinstance(levels.get(field), Mapping):
            raise ModelUnusable(f"the model lacks the field {field}; {_LEARN}")
        if lacking := [level for level in expected if level not in levels[field]]:
            raise ModelUnusable(f"the model lacks levels of {field}: {', '.join(lacking)}; {_LEARN}")
    for field, of_field in levels.items():
        known = START.get(field)  # other fields are columns that a mapping file had compared
        if known is not None and (unknown := [level for level in of_field if level not in known]):
            raise ModelUnusable(f"the model has levels of {field} that nothing shows: {', '.join(unknown)}")
        _check_field(field, of_field)


def _check_field(field: str, of_field: Mapping[str, Any]) -> None:
    if not isinstance(of_field, Mapping) or not of_field:
        raise ModelUnusable(f"the model's field {field} has no levels")
    for level, chances in of_field.items():
        if not isinstance(chances, Mapping) or set(chances) != {"m", "k", "u"}:
            raise ModelUnusable(f"{field} {level} should have the chances m, k and u, and nothing else")
        for kind, chance in chances.items():
            _check_chance(chance, f"{kind} of {field} {level}")
    for other_script in (False, True):
        group = [chances for level, chances in of_field.items() if level.startswith("script") == other_script]
        for kind in ("m", "k", "u") if group else ():
            total = sum(chances[kind] for chances in group)
            if abs(total - 1) > _OFF:
                raise ModelUnusable(f"the chances {kind} of {field} add up to {total:.3f}, not to 1; {_LEARN}")


def _check_shares(frequencies: Mapping[str, Any]) -> None:
    for kind, shares in frequencies.items():
        if not isinstance(shares, Mapping):
            raise ModelUnusable(f"the model's frequencies of {kind} should be an object")
        for share in shares.values():
            _check_chance(share, f"a share among the frequencies of {kind}")


def _check_chance(value: object, name: str) -> None:
    if not _is_number(value) or not 0 <= value <= 1:  # type: ignore[operator]
        raise ModelUnusable(f"{name} is {value}: no chance, which lies from 0 to 1; {_LEARN}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
