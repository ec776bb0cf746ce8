"""Splink's model of Arabic registrations, as an expert would set it for the columns of `prepare`.

Family name, forebears, phone and place depend on one another within a household; taken as independent they would join
brothers. So they are levels of one comparison, which weighs their combinations as they occur.
"""

from itertools import product
from typing import Any

from splink import SettingsCreator, block_on
from splink.comparison_level_library import CustomLevel, ElseLevel, NullLevel
from splink.comparison_library import CustomComparison, ExactMatch
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator

_FAMILY = {
    "family": "family_l = family_r",
    "family nearly": "(family_key_l = family_key_r"
    " or (family_start_l = family_start_r and damerau_levenshtein(family_l, family_r) <= 1))",
}
_FOREBEARS = {
    "two forebears": "forebear_1_l = forebear_1_r and forebear_2_l = forebear_2_r",
    "a forebear": "(forebear_1_l = forebear_1_r or forebear_2_l = forebear_2_r"
    " or forebear_1_l = forebear_2_r or forebear_2_l = forebear_1_r)",
    "forebears open": "(forebear_1_l is null or forebear_1_r is null)",
    "forebears differ": "true",
}
_HOME = {
    "home": "(phone_l = phone_r or household_l = household_r or address_l = address_r)",
    "district": "district_l = district_r",
    "elsewhere": "true",
}

BLOCKING = (
    ("national_id",),
    ("phone", "given_key"),
    ("phone", "birth_year"),
    ("household", "given_key"),
    ("birth", "given_key"),
    ("birth", "family_key"),
    ("given_key", "family_key", "birth_year"),
    ("given_key", "family_key", "district"),
    ("given_key", "family_key", "forebear_1"),
    ("given_key", "forebear_1", "birth_year"),
    ("all_names", "governorate"),
)
SURE = (
    ("national_id", "given_key"),
    ("given_key", "family_key", "birth"),
    ("given_key", "family_key", "phone"),
    ("given_key", "family_key", "forebear_1", "birth_year"),
)
"""Pairs that agree on one of these are of one person, nearly without exception; of all such pairs RECALL agree."""
RECALL = 0.8
TRAINING = (("national_id", "birth"), ("national_id", "given_key"), ("given_key", "birth"))
"""Where one person is likely, so that twins and the ID of a guardian on his children are not learned as one person."""


def settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            _given(), _lineage_and_home(), _birth(), _national_id(), ExactMatch("gender"), ExactMatch("role"),
        ],
        blocking_rules_to_generate_predictions=[*rules(BLOCKING)],
        retain_matching_columns=False,
    )  # fmt: skip


def rules(columns: tuple[tuple[str, ...], ...]) -> list[BlockingRuleCreator]:
    return [block_on(*each) for each in columns]


def _level(sql: str, label: str) -> CustomLevel:
    return CustomLevel(sql, label)


def _given() -> CustomComparison:
    return CustomComparison(
        output_column_name="given",
        comparison_levels=[
            NullLevel("given"),
            _level("given_l = given_r", "same").configure(tf_adjustment_column="given"),
            _level("given_key_l = given_key_r and latin_l <> latin_r", "same in the other script"),
            _level("given_key_l = given_key_r and damerau_levenshtein(given_l, given_r) <= 2", "same sounds"),
            _level("damerau_levenshtein(given_l, given_r) <= 1", "a letter off"),
            _level("jaro_winkler_similarity(given_l, given_r) >= 0.88", "like"),
            ElseLevel(),
        ],
    )


def _lineage_and_home() -> CustomComparison:
    """The combinations, the closest first; same family and nothing else is the plain level that frequencies need."""
    levels: list[ComparisonLevelCreator | dict[str, Any]] = []
    for family, forebears, home in product(_FAMILY, _FOREBEARS, _HOME):
        parts = [_FAMILY[family], _FOREBEARS[forebears], _HOME[home]]
        level = _level(" and ".join(part for part in parts if part != "true"), f"{family}, {forebears}, {home}")
        levels.append(level.configure(tf_adjustment_column="family") if family == "family" else level)
    levels += [
        _level(f"{_HOME['home']} and {_FOREBEARS['a forebear']}", "a forebear, home"),
        _level(_FOREBEARS["a forebear"], "a forebear"),
        _level(_HOME["home"], "home"),
        _level(_HOME["district"], "district"),
        ElseLevel(),
    ]
    return CustomComparison(output_column_name="lineage_and_home", comparison_levels=levels)


def _birth() -> CustomComparison:
    year = "abs(birth_year_l - birth_year_r)"
    either = "(birth_l is null or birth_r is null)"
    return CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            NullLevel("birth_year"),
            _level("birth_l = birth_r", "same day"),
            _level("abs(date_diff('day', birth_l, birth_r)) <= 1", "a day off"),
            _level("birth_year_l = birth_year_r and month(birth_l) = day(birth_r) and day(birth_l) = month(birth_r)",
                   "day and month turned"),
            _level(f"month(birth_l) = month(birth_r) and day(birth_l) = day(birth_r) and {year} in (1, 10)",
                   "a year or ten off"),
            _level(f"{either} and birth_year_l = birth_year_r", "same year, day unknown"),
            _level(f"{either} and {year} = 1", "a year off, day unknown"),
            _level(f"{either}", "another year, day unknown"),
            _level("birth_year_l = birth_year_r", "same year"),
            ElseLevel(),
        ],
    )  # fmt: skip


def _national_id() -> CustomComparison:
    return CustomComparison(
        output_column_name="national_id",
        comparison_levels=[
            NullLevel("national_id"),
            _level("national_id_l = national_id_r", "same").configure(tf_adjustment_column="national_id"),
            _level(
                "left(national_id_l, 3) = left(national_id_r, 3)"
                " and damerau_levenshtein(national_id_l, national_id_r) <= 2",
                "a slip",
            ),
            ElseLevel(),
        ],
    )
