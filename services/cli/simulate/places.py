"""Where the simulated people live: real districts of three regions, a few of them crowded."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.cli.simulate.draws import Weighted

ZONES = Path(__file__).parents[2] / "registry" / "zones" / "data" / "zones.csv"
GOVERNORATES = {
    "SA-02-02": 0.45,  # Jeddah
    "SA-09-01": 0.07,  # Jazan
    "SA-09-02": 0.08,  # Sabya
    "SA-09-03": 0.07,  # Abu Arish
    "SA-09-04": 0.05,  # Samtah
    "SA-04-01": 0.13,  # Dammam
    "SA-04-06": 0.06,  # Al Khobar
    "SA-04-05": 0.09,  # Al Qatif
}
"""Governorate -> share of the households. The shares are ours, made so that all three regions show up."""


@dataclass(frozen=True, slots=True)
class District:
    """A district or settlement (level 3) with its governorate (level 2)."""

    code: str
    name_ar: str
    governorate: str
    governorate_ar: str


@cache
def districts() -> Weighted[District]:
    """All districts of the chosen governorates.

    Within a governorate the k-th district is drawn in proportion to 1/k (Zipf): some quarters are
    crowded with beneficiaries, most have a handful.
    """
    with ZONES.open(encoding="utf-8", newline="") as lines:
        zones = {row["code"]: row for row in csv.DictReader(lines)}
    weights: dict[District, float] = {}
    for governorate, share in GOVERNORATES.items():
        inside = [zone for zone in zones.values() if zone["parent_code"] == governorate]
        harmonic = sum(1 / rank for rank in range(1, len(inside) + 1))
        name = zones[governorate]["name_ar"]
        for rank, zone in enumerate(inside, start=1):
            district = District(zone["code"], zone["name_ar"], governorate, name)
            weights[district] = share / rank / harmonic
    return Weighted(weights)


@cache
def neighbours() -> dict[str, list[District]]:
    """Governorate -> its districts: where somebody who moves may move to."""
    found: dict[str, list[District]] = {code: [] for code in GOVERNORATES}
    for district in districts().values:
        found[district.governorate].append(district)
    return found
