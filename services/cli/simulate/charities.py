"""Twelve charities that do not exist: where they work, what they give, and how their clerks type."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Habits:
    """How the clerks of one charity fill in the form. Shares are between 0 and 1.

    latin_only:     share of people registered in Latin letters alone
    both_scripts:   share registered in both
    particles:      whether "bin" and "bint" are written between the names
    honest_dates:   whether a birth known by year only is marked so, instead of passing for a full date
    household_refs: whether a reference for the household is kept
    """

    calendar: Literal["hijri", "gregorian"]
    latin_only: float
    both_scripts: float
    arabic_digits: bool
    particles: bool
    honest_dates: bool
    household_refs: bool


@dataclass(frozen=True, slots=True)
class Charity:
    """`zones`: governorate codes covered; `gives`: aid types; `licence`: invented, begins with 99."""

    key: str
    name_ar: str
    name_en: str
    licence: str
    zones: tuple[str, ...]
    gives: tuple[str, ...]
    habits: Habits
    phone: str


PAPER = Habits("hijri", 0.0, 0.02, True, False, False, True)
PAPER_FULL_NAMES = Habits("hijri", 0.0, 0.0, True, True, True, True)
MODERN = Habits("gregorian", 0.03, 0.5, False, False, True, True)
MODERN_LOOSE = Habits("gregorian", 0.02, 0.1, False, False, False, False)
PASSPORTS = Habits("gregorian", 0.4, 0.35, False, False, False, False)
MIXED = Habits("hijri", 0.04, 0.15, False, True, False, True)

JEDDAH = ("SA-02-02",)
JAZAN = ("SA-09-01", "SA-09-02", "SA-09-03", "SA-09-04")
EAST = ("SA-04-01", "SA-04-05", "SA-04-06")

HOME = ("CASH_MONTHLY", "FOOD_BASKET", "RENT", "UTILITIES", "CLOTHING", "HOME_FURNISHING", "SEASONAL_WINTER")
FOOD = ("FOOD_BASKET", "SEASONAL_RAMADAN", "WATER", "SEASONAL_EID")
SKILLS = ("VOCATIONAL_TRAINING", "PRODUCTIVE_FAMILY", "EDUCATION_FEES", "SCHOOL_SUPPLIES")
HEALTH = ("MEDICAL_TREATMENT", "MEDICINE", "MEDICAL_DEVICES", "DIALYSIS", "ELDERLY_CARE")
ORPHANS = ("ORPHAN_SPONSORSHIP", "SCHOOL_SUPPLIES", "EDUCATION_FEES", "CLOTHING", "FOOD_BASKET")

CHARITIES = (
    Charity(
        "jeddah-bir", "جمعية بر الشاطئ", "Shore Charity", "99001",
        JEDDAH, (*HOME, *SKILLS, "CASH_EMERGENCY", "ZAKAT_MAL", "WATER"), PAPER, "0510000001",
    ),
    Charity(
        "jeddah-women", "جمعية نماء الأسر المنتجة", "Namaa Productive Families", "99002",
        JEDDAH, (*SKILLS, "CASH_MONTHLY", "RENT", "FOOD_BASKET"), MODERN, "0510000002",
    ),
    Charity(
        "jeddah-food", "جمعية مائدة الخير", "Table of Good Food Bank", "99003",
        JEDDAH, (*FOOD, "CLOTHING", "SEASONAL_WINTER"), MODERN_LOOSE, "0510000003",
    ),
    Charity(
        "jeddah-health", "جمعية عافية الساحل", "Coast Health Society", "99004",
        JEDDAH, HEALTH, PASSPORTS, "0510000004",
    ),
    Charity(
        "jeddah-orphans", "جمعية كنف للأيتام بجدة", "Kanaf Orphans' Care", "99005",
        JEDDAH, (*ORPHANS, "RENT"), PAPER_FULL_NAMES, "0510000005",
    ),
    Charity(
        "jazan-bir", "جمعية بر السهل بجازان", "Plain of Jazan Charity", "99006",
        JAZAN, (*HOME, "CASH_EMERGENCY", "HOME_RENOVATION"), PAPER, "0510000006",
    ),
    Charity(
        "jazan-empower", "جمعية تمكين السهل", "Jazan Empowerment", "99007",
        JAZAN, (*SKILLS, "CASH_MONTHLY"), MODERN, "0510000007",
    ),
    Charity(
        "jazan-food", "جمعية زاد الجنوب", "Southern Provision", "99008",
        JAZAN, (*FOOD, "SEASONAL_WINTER", "CLOTHING"), MIXED, "0510000008",
    ),
    Charity(
        "east-bir", "جمعية بر الخليج", "Gulf Shore Charity", "99009",
        EAST, (*HOME, "CASH_EMERGENCY", "DEBT_RELIEF"), MIXED, "0510000009",
    ),
    Charity(
        "east-homes", "جمعية سكن الشرق", "Eastern Homes", "99010",
        EAST, ("RENT", "UTILITIES", "HOME_RENOVATION", "HOME_FURNISHING"), MODERN, "0510000010",
    ),
    Charity(
        "east-families", "جمعية أسر الواحة", "Oasis Families", "99011",
        EAST, (*SKILLS, "FOOD_BASKET", "CASH_MONTHLY"), PASSPORTS, "0510000011",
    ),
    Charity(
        "east-food", "جمعية إطعام الساحل الشرقي", "Eastern Coast Food", "99012",
        EAST, (*FOOD, "MEDICINE", "CLOTHING"), MODERN_LOOSE, "0510000012",
    ),
)  # fmt: skip
BY_KEY = {charity.key: charity for charity in CHARITIES}
