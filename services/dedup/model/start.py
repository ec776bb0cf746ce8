"""Where learning starts: rough chances that tell one person, one family and strangers apart.

Judgement, not measurement. `learn` replaces what the data can tell.
"""

from services.dedup.model.chances import Chances

_SCRIPTS = {
    "script": (0.90, 0.55, 0.03),
    "script_close": (0.07, 0.05, 0.02),
    "script_differ": (0.03, 0.40, 0.95),
}
_NAME = {
    "exact": (0.89, 0.65, 0.02), "close": (0.07, 0.03, 0.004), "lookalike": (0.005, 0.02, 0.004),
    "differ": (0.035, 0.30, 0.972),
    **_SCRIPTS,
}  # fmt: skip
_START: dict[str, dict[str, tuple[float, float, float]]] = {
    "given": {
        "exact": (0.90, 0.015, 0.02), "close": (0.075, 0.015, 0.006), "lookalike": (0.003, 0.02, 0.006),
        "swapped": (0.008, 0.004, 0.00002), "turned": (0.004, 0.004, 0.00002),
        "differ": (0.006, 0.242, 0.268), "other": (0.004, 0.70, 0.70),
        "script": (0.90, 0.02, 0.03), "script_close": (0.08, 0.05, 0.02), "script_differ": (0.02, 0.93, 0.95),
    },
    "father": {**_NAME, "skipped": (0.02, 0.08, 0.01)},
    "forebear": _NAME,
    "family": {
        **_NAME, "differ": (0.03, 0.15, 0.30), "unrelated": (0.005, 0.15, 0.672),
        "script": (0.90, 0.55, 0.03), "script_close": (0.07, 0.05, 0.02), "script_differ": (0.025, 0.20, 0.30),
        "script_unrelated": (0.005, 0.20, 0.65),
    },
    "birth": {
        "exact": (0.62, 0.02, 0.00004), "days_off": (0.05, 0.001, 0.00015),
        "swapped": (0.015, 0.00005, 0.00001),
        "part_off": (0.04, 0.003, 0.0012), "year": (0.22, 0.02, 0.008), "same_year": (0.015, 0.01, 0.012),
        "year_off": (0.025, 0.05, 0.03), "differ": (0.02, 0.90, 0.95),
    },
    "id": {"exact": (0.92, 0.04, 0.000001), "near": (0.06, 0.002, 0.00001), "differ": (0.02, 0.96, 0.999999)},
    "phone": {"exact": (0.65, 0.60, 0.0001), "differ": (0.35, 0.40, 0.9999)},
    "place": {
        "address": (0.35, 0.40, 0.0005), "district": (0.30, 0.30, 0.01), "governorate": (0.25, 0.20, 0.09),
        "region": (0.05, 0.05, 0.10), "differ": (0.05, 0.05, 0.80),
    },
    "gender": {"same": (0.985, 0.5, 0.5), "differ": (0.015, 0.5, 0.5)},
    "role": {"same": (0.80, 0.30, 0.40), "differ": (0.20, 0.70, 0.60)},
    "household": {"same": (0.90, 0.85, 0.00001), "differ": (0.10, 0.15, 0.99999)},
}  # fmt: skip

START = {field: {level: Chances(*chances) for level, chances in levels.items()} for field, levels in _START.items()}
RARE = {"given": 0.0002, "forebear": 0.0002, "family": 0.0003, "phone": 0.000002, "id": 0.0000005}
COMMON = {"phone": 60.0, "id": 30.0}
KIN_AT_MOST = {
    ("given", "exact"): 0.10, ("given", "script"): 0.15, ("birth", "exact"): 0.08, ("id", "exact"): 0.20,
}  # fmt: skip
"""The most that two persons of one family share what tells persons apart, whatever the data seem to say.

Where a file has no families, their class would else be taken by records of one person with one thing wrong.
"""
NO_MORE_THAN_ONE_PERSON = (("phone", "exact"), ("household", "same"))
"""What two of one family share no more often than one person's two records do.

Families are found by sharing just these, so that a sample of them shares them nearly always.
"""
PERSON_AT_MOST = {
    ("given", "other"): 0.03, ("given", "differ"): 0.05, ("given", "script_differ"): 0.10,
    ("father", "differ"): 0.10, ("father", "script_differ"): 0.15,
    ("family", "differ"): 0.08, ("family", "unrelated"): 0.10, ("family", "script_differ"): 0.12,
    ("family", "script_unrelated"): 0.12,
    ("birth", "differ"): 0.06, ("birth", "same_year"): 0.05, ("gender", "differ"): 0.05, ("id", "differ"): 0.15,
}  # fmt: skip
"""The most that two records of one person differ in what tells persons apart, whatever the data seem to say.

In a large file pairs of strangers born on one day whose fathers bear one name outnumber persons: their class would else
be taken by them.
"""
