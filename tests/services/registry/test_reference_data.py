"""The reference data we ship: complete, consistent, and credited."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

REGISTRY = Path(__file__).parents[3] / "services" / "registry"
ZONE_DATA = REGISTRY / "zones" / "data"
AID_DATA = REGISTRY / "aid" / "data"
SENSITIVE_GROUPS = {"health"}
CREDITED_AS = {
    "ISO 3166-1": "ISO 3166-1",
    "NaturalEarth": "Natural Earth",
    "Natural Earth": "Natural Earth",
    "GeoNames": "GeoNames",
    "dr5hn": "dr5hn/countries-states-cities-database",
    "names cross-checked": "names cross-checked",
    "list-only": "names cross-checked",
    "saudi-municipal-coding": "saudi-municipal-coding",
    "HCP RGPH-2024": "RGPH 2024",
    "HCP RGPH-2014": "RGPH 2014",
}
LICENCES = {
    "fact",
    "CC0-1.0",
    "CC-BY-4.0",
    "ODbL-1.0",
    "PublicDomain(NE)+ODbL-1.0(EMS file)",
    "Natural Earth public domain; EMS file ODbL-1.0",
    "HCP CGU (CC-BY-4.0 terms)",
    "HCP CGU (CC-BY-4.0 terms) / MIT package",
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def zones() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows_of(ZONE_DATA / "zones.csv")}


@pytest.fixture(scope="module")
def features() -> list[dict[str, Any]]:
    text = (ZONE_DATA / "zones.geojson").read_text(encoding="utf-8")
    loaded: list[dict[str, Any]] = json.loads(text)["features"]
    return loaded


@pytest.fixture(scope="module")
def policies() -> dict[str, dict[str, str]]:
    return {row["aid_type"]: row for row in rows_of(AID_DATA / "policies.csv")}


def test_zone_codes_are_unique(zones: dict[str, dict[str, str]]) -> None:
    assert len(zones) == len(rows_of(ZONE_DATA / "zones.csv")) == 8313


def test_every_parent_exists_exactly_one_level_up(zones: dict[str, dict[str, str]]) -> None:
    orphans = [
        code
        for code, zone in zones.items()
        if zone["level"] != "0" and int(zones[zone["parent_code"]]["level"]) != int(zone["level"]) - 1
    ]
    assert orphans == []
    assert {code for code, zone in zones.items() if not zone["parent_code"]} == {"SA", "MA"}


def test_every_zone_has_an_arabic_and_an_english_name(zones: dict[str, dict[str, str]]) -> None:
    assert [c for c, zone in zones.items() if not (zone["name_ar"].strip() and zone["name_en"].strip())] == []


def test_every_zone_and_feature_names_its_source_and_a_licence_that_lets_us_ship_it(
    zones: dict[str, dict[str, str]], features: list[dict[str, Any]]
) -> None:
    origins = [*zones.values(), *(feature["properties"] for feature in features)]

    assert {origin["licence"] for origin in origins} <= LICENCES
    assert [origin["code"] for origin in origins if not origin["source"].strip("- ")] == []


def test_a_row_without_a_licence_holds_no_more_than_plain_facts(zones: dict[str, dict[str, str]]) -> None:
    facts = [zone for zone in zones.values() if zone["licence"] == "fact"]

    assert {zone["level"] for zone in facts} == {"0", "2"}
    assert [zone["code"] for zone in facts if zone["level"] == "2" and zone["lat"]] == []


def test_the_attribution_names_every_source(zones: dict[str, dict[str, str]], features: list[dict[str, Any]]) -> None:
    credits = (ZONE_DATA / "ATTRIBUTION.md").read_text(encoding="utf-8")
    sources = {z["source"] for z in zones.values()} | {f["properties"]["source"] for f in features}

    for source in sources:
        owner = next((credit for start, credit in CREDITED_AS.items() if source.startswith(start)), None)
        assert owner is not None, f"nobody to credit for {source!r}"
        assert owner in credits


def test_every_feature_belongs_to_a_zone_and_to_one_only(
    zones: dict[str, dict[str, str]], features: list[dict[str, Any]]
) -> None:
    codes = [feature["id"] for feature in features]

    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(zones)


def test_geom_quality_tells_the_truth(zones: dict[str, dict[str, str]], features: list[dict[str, Any]]) -> None:
    drawn = {f["id"] for f in features if f["geometry"]["type"].endswith("Polygon")}

    assert drawn == {code for code, zone in zones.items() if zone["geom_quality"] == "polygon"}
    assert [c for c, z in zones.items() if z["geom_quality"] == "centroid_only" and not z["lat"]] == []
    assert [c for c, z in zones.items() if z["geom_quality"] == "none" and z["lat"]] == []


def test_every_aid_type_is_bilingual_and_has_exactly_one_policy(policies: dict[str, dict[str, str]]) -> None:
    types = rows_of(AID_DATA / "aid_types.csv")

    assert len(types) == len(policies) == len(rows_of(AID_DATA / "policies.csv")) == 25
    assert {row["code"] for row in types} == set(policies)
    assert all(row["name_ar"] and row["name_en"] and row["group"] for row in types)


def test_conflicts_are_known_and_go_both_ways(policies: dict[str, dict[str, str]]) -> None:
    conflicts = {
        (code, other) for code, policy in policies.items() for other in policy["conflicts_with"].split("|") if other
    }
    assert conflicts, "no conflict at all would make this test empty"
    assert {(other, code) for code, other in conflicts} == conflicts
    for code, other in conflicts:
        for agreed in ("unit", "concurrency", "cool_down_days"):
            assert policies[code][agreed] == policies[other][agreed]


def test_limits_are_given_for_limited_types_and_for_no_other(policies: dict[str, dict[str, str]]) -> None:
    for code, policy in policies.items():
        limits = (policy["max_grants"], policy["max_amount"], policy["window_days"])
        if policy["concurrency"] == "limited":
            assert policy["window_days"], code
            assert policy["max_grants"] or policy["max_amount"], code
        else:
            assert limits == ("", "", ""), code


def test_words_and_numbers_in_policies_are_of_the_allowed_kind(policies: dict[str, dict[str, str]]) -> None:
    for policy in policies.values():
        assert policy["unit"] in {"person", "household"}
        assert policy["concurrency"] in {"forbidden", "limited", "allowed"}
        assert policy["discloses_charity"] in {"true", "false"}
        assert policy["effect"] in {"hold", "inform"}
        assert int(policy["cool_down_days"]) >= 0


def test_health_aid_never_discloses_the_charity(policies: dict[str, dict[str, str]]) -> None:
    groups = {row["code"]: row["group"] for row in rows_of(AID_DATA / "aid_types.csv")}
    health = [code for code, group in groups.items() if group in SENSITIVE_GROUPS]

    assert health
    assert {policies[code]["discloses_charity"] for code in health} == {"false"}
