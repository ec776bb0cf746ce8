"""Splink's model of one of Febrl's sets, in which records of one person stand in one file."""

from typing import Literal

from splink import SettingsCreator
from splink.comparison_level_library import (
    ColumnsReversedLevel,
    DamerauLevenshteinLevel,
    ElseLevel,
    ExactMatchLevel,
    JaroWinklerLevel,
    NullLevel,
)
from splink.comparison_library import (
    CustomComparison,
    DamerauLevenshteinAtThresholds,
    ExactMatch,
    JaroWinklerAtThresholds,
)
from splink.internals.comparison_creator import ComparisonCreator

from tests.bench.linkage.registrations import rules

BLOCKING = (
    ("soc_sec_id",),
    ("given_name", "surname"),
    ("date_of_birth",),
    ("surname", "postcode"),
    ("given_name", "postcode"),
    ("address_1", "street_number"),
    ("address_1", "postcode"),
    ("address_1", "suburb"),
    ("given_name", "suburb"),
    ("street_number", "postcode"),
    ("street_number", "suburb"),
)
SURE = (("soc_sec_id",), ("given_name", "surname", "date_of_birth"))
RECALL = 0.9
TRAINING = (("date_of_birth",), ("soc_sec_id",), ("address_1", "street_number"))


def settings(link_type: Literal["dedupe_only", "link_only"] = "dedupe_only") -> SettingsCreator:
    return SettingsCreator(
        link_type=link_type,
        comparisons=[
            _name("given_name", "surname"), _name("surname", "given_name"),
            DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            DamerauLevenshteinAtThresholds("street_number", 1),
            JaroWinklerAtThresholds("address_1", [0.9]),
            JaroWinklerAtThresholds("address_2", [0.9]),
            DamerauLevenshteinAtThresholds("postcode", 1),
            JaroWinklerAtThresholds("suburb", [0.9]),
            ExactMatch("state"),
        ],
        blocking_rules_to_generate_predictions=[*rules(BLOCKING)],
        retain_matching_columns=False,
    )  # fmt: skip


def _name(column: str, other: str) -> ComparisonCreator:
    """Names of one part, which clerks type into one another's column."""
    return CustomComparison(
        output_column_name=column,
        comparison_levels=[
            NullLevel(column),
            ExactMatchLevel(column).configure(tf_adjustment_column=column),
            ColumnsReversedLevel(column, other),
            DamerauLevenshteinLevel(column, 1),
            JaroWinklerLevel(column, 0.88),
            JaroWinklerLevel(column, 0.7),
            ElseLevel(),
        ],
    )
