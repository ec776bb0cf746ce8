"""Who in a household may need which aid, for how long and how much."""

from random import Random
from typing import NamedTuple

from services.cli.simulate.draws import pick
from services.cli.simulate.people import TODAY, YEAR, Household, Person


class Kind(NamedTuple):
    """One aid type: ages it is for (years), days a grant covers, usual amounts (SAR; none: in kind)."""

    ages: tuple[int, int]
    days: int
    amounts: tuple[int, ...]
    children_only: bool = False


ADULT, ANYONE, PUPIL = (18, 99), (0, 99), (6, 20)
KINDS = {
    "CASH_MONTHLY": Kind(ADULT, 31, (600, 800, 1000, 1500)),
    "CASH_EMERGENCY": Kind(ADULT, 10, (500, 1000, 1500, 2000)),
    "FOOD_BASKET": Kind(ADULT, 31, (250, 300, 350, 500)),
    "CLOTHING": Kind(ADULT, 30, (200, 400, 600)),
    "RENT": Kind(ADULT, 182, (6000, 9000, 12000)),
    "UTILITIES": Kind(ADULT, 31, (150, 300, 450)),
    "HOME_RENOVATION": Kind(ADULT, 90, (15000, 30000)),
    "HOME_FURNISHING": Kind(ADULT, 30, (2000, 4000)),
    "MEDICAL_TREATMENT": Kind(ANYONE, 60, (3000, 8000, 20000)),
    "DIALYSIS": Kind(ADULT, 90, (9000, 12000)),
    "MEDICINE": Kind(ANYONE, 31, (150, 400, 900)),
    "MEDICAL_DEVICES": Kind(ANYONE, 14, (400, 1500, 5000)),
    "EDUCATION_FEES": Kind(PUPIL, 120, (2000, 5000), children_only=True),
    "SCHOOL_SUPPLIES": Kind(PUPIL, 14, (150, 250), children_only=True),
    "ORPHAN_SPONSORSHIP": Kind((0, 18), 182, (1800, 2400), children_only=True),
    "ELDERLY_CARE": Kind((60, 99), 90, ()),
    "DEBT_RELIEF": Kind(ADULT, 30, (10000, 25000, 40000)),
    "PRODUCTIVE_FAMILY": Kind(ADULT, 180, (5000, 10000)),
    "VOCATIONAL_TRAINING": Kind((16, 45), 60, ()),
    "WATER": Kind(ADULT, 31, ()),
    "ZAKAT_MAL": Kind(ADULT, 10, (1000, 2000)),
    "SEASONAL_RAMADAN": Kind(ADULT, 30, (250, 350)),
    "SEASONAL_EID": Kind(ADULT, 7, (300, 600)),
    "SEASONAL_WINTER": Kind(ADULT, 30, (250, 500)),
}


def candidates(aid_type: str, home: Household) -> list[Person]:
    """The members for whom a charity would ask for `aid_type`; an orphan's mother heads his household."""
    kind = KINDS[aid_type]
    if aid_type == "ORPHAN_SPONSORSHIP" and home.head.gender == "male":
        return []
    youngest, oldest = kind.ages
    return [
        member
        for member in home.members
        if youngest <= (TODAY - member.birth.toordinal()) / YEAR <= oldest
        and (kind.ages == ANYONE or (member.role == "child") is kind.children_only)
    ]


def amount(aid_type: str, rng: Random) -> dict[str, str] | None:
    """The amount asked for; one in five requests names none."""
    amounts = KINDS[aid_type].amounts
    if not amounts or rng.random() < 0.2:
        return None
    return {"value": f"{pick(rng, amounts)}.00", "currency": "SAR"}
