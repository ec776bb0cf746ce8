"""How a clerk registers a person: what he hears, what he leaves out, what he gets wrong.

The kinds of errors are those of registers of Arabic names as clerks keep them; the rates are ours.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hijridate import Gregorian

from services.cli.simulate.charities import Charity
from services.cli.simulate.draws import Weighted, pick
from services.cli.simulate.people import Household, Person, with_check_digit
from services.cli.simulate.places import neighbours
from services.cli.simulate.spelling import SpellingNoise, misspelt
from services.cli.simulate.vocabulary import vocabulary

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DUMMY_ID = "1234567897"
NICKNAMES = {"محمد": "حمودي", "عبد الرحمن": "دحيم", "عبد الله": "عبود", "فاطمة": "فطوم", "إبراهيم": "برهوم"}
NAME_FORMS = Weighted({"four": 45.0, "three": 25.0, "no_grandfather": 16.0, "no_family": 4.0, "two": 10.0})
PHONE_FORMS = Weighted({"{0}": 76.0, "+966{1}": 8.0, "966{1}": 6.0, "{1}": 4.0, "{2} {3} {4}": 4.0, "00966{1}": 2.0})


@dataclass(frozen=True)
class Noise:
    """How often clerks err: the probability of each, for one registration.

    full_name:    the name is written with given, father, grandfather and family, not in a shorter form
    guardians_id: a child carries the ID of the head of his household
    """

    spelling: SpellingNoise
    full_name: float = 0.35
    swapped_names: float = 0.01
    kunya: float = 0.004
    nickname: float = 0.004
    husbands_name: float = 0.03
    particle: float = 0.12
    id_missing: float = 0.30
    id_slip: float = 0.03
    guardians_id: float = 0.08
    anothers_id: float = 0.004
    dummy_id: float = 0.001
    birth_missing: float = 0.10
    birth_by_year: float = 0.08
    birth_month_only: float = 0.01
    birth_off_by_day: float = 0.03
    day_and_month_swapped: float = 0.01
    year_wrong: float = 0.012
    gender_missing: float = 0.10
    phone_missing: float = 0.12
    phone_of_household: float = 0.45
    phone_changed: float = 0.10
    phone_of_charity: float = 0.02
    address_missing: float = 0.15
    zone_missing: float = 0.15
    moved: float = 0.06
    size_missing: float = 0.15


USUAL = Noise(
    SpellingNoise(
        bare_alef=0.35, other_alef=0.02, ta_marbuta=0.22, alef_maqsura=0.14, hamza_seat=0.12, abd_joined=0.40,
        article=0.04, tatweel=0.005, diacritics=0.01, double_space=0.03, invisible=0.01, dots=0.012,
        keyboard=0.008, letter_lost=0.012,
    )
)  # fmt: skip
HEAVY = replace(
    USUAL,
    spelling=SpellingNoise(
        bare_alef=0.40, other_alef=0.05, ta_marbuta=0.30, alef_maqsura=0.20, hamza_seat=0.20, abd_joined=0.45,
        article=0.10, tatweel=0.01, diacritics=0.02, double_space=0.05, invisible=0.02, dots=0.05,
        keyboard=0.04, letter_lost=0.05,
    ),
    full_name=0.20, swapped_names=0.03, kunya=0.015, nickname=0.015, husbands_name=0.06,
    id_missing=0.65, id_slip=0.05, birth_missing=0.22, birth_by_year=0.20, birth_off_by_day=0.06,
    day_and_month_swapped=0.03, year_wrong=0.04, phone_missing=0.30, phone_changed=0.25, address_missing=0.30,
    zone_missing=0.30, moved=0.15,
)  # fmt: skip


class Clerk:
    """Registers people for any charity, in that charity's way, with the errors of `noise`."""

    def __init__(self, noise: Noise, rng: Random) -> None:
        self._noise = noise
        self._rng = rng
        self._latin = vocabulary().latin

    def register(self, person: Person, home: Household, charity: Charity, ref: str) -> dict[str, Any]:
        """The `applicant` of the API as this charity would send it; `ref` is its own reference."""
        rng, noise, habits = self._rng, self._noise, charity.habits
        parts = self._parts(person, home)
        script = rng.random()
        latin = script < habits.latin_only + habits.both_scripts
        return {
            "source_ref": ref,
            "name": None if script < habits.latin_only else self._arabic(parts, person, charity),
            "name_latin": self._in_latin(parts) if latin else None,
            "national_id": self._id(person, home, charity),
            "birth_date": self._birth(person, charity),
            "gender": None if rng.random() < noise.gender_missing else person.gender,
            "phones": self._phones(person, home, charity),
            "address": self._address(home),
            "household": self._household(person, home, charity),
        }

    def _parts(self, person: Person, home: Household) -> list[str]:
        """The units of the name that are written, in order."""
        rng, noise = self._rng, self._noise
        line, given = person.lineage, person.given
        if rng.random() < noise.nickname:
            given = NICKNAMES.get(given, given)
        if person.role == "spouse" and rng.random() < noise.husbands_name:
            return [given, home.head.given, home.head.lineage.family]
        if rng.random() < noise.kunya and home.members[-1].role == "child":
            return [f"{'أم' if person.gender == 'female' else 'أبو'} {home.members[-1].given}", line.family]
        form = "four" if rng.random() < noise.full_name else NAME_FORMS.draw(rng)
        parts = {
            "four": [given, line.father, line.grandfather, line.family],
            "three": [given, line.father, line.family],
            "no_grandfather": [given, line.grandfather, line.family],
            "no_family": [given, line.father, line.grandfather],
            "two": [given, line.family],
        }[form]
        if rng.random() < noise.swapped_names:
            return [parts[-1], *parts[:-1]]
        return parts

    def _arabic(self, parts: list[str], person: Person, charity: Charity) -> str:
        rng, noise = self._rng, self._noise
        written = parts
        if len(parts) > 2 and (charity.habits.particles or rng.random() < noise.particle):
            first = "بنت" if person.gender == "female" else "بن"
            written = [parts[0], first, *" بن ".join(parts[1:-1]).split(" "), parts[-1]]
        return misspelt(" ".join(written), noise.spelling, rng)

    def _in_latin(self, parts: list[str]) -> str:
        """Each unit in one of its attested spellings; a kunya by its name's."""
        rng, spelt = self._rng, []
        for part in parts:
            bare = part.removeprefix("أبو ").removeprefix("أم ")
            kunya = "" if bare == part else ("Abu " if part.startswith("أبو") else "Um ")
            known = self._latin.get(bare)
            if known is not None:
                spelt.append(kunya + known.draw(rng))
        text = " ".join(spelt)
        return text.upper() if rng.random() < 0.12 else text

    def _id(self, person: Person, home: Household, charity: Charity) -> str | None:
        """The ID as it ends up in the register; a wrong check digit never gets past it."""
        rng, noise = self._rng, self._noise
        if rng.random() < noise.id_missing:
            return None
        number = person.national_id
        if person.role == "child" and rng.random() < noise.guardians_id:
            number = home.head.national_id
        elif rng.random() < noise.anothers_id:
            number = pick(rng, home.members).national_id
        elif rng.random() < noise.dummy_id:
            number = DUMMY_ID
        elif rng.random() < noise.id_slip:
            return self._after_a_slip(number)
        return number.translate(ARABIC_DIGITS) if charity.habits.arabic_digits else number

    def _after_a_slip(self, number: str) -> str | None:
        """What a clerk does once the number is refused: looks again, leaves it out, or it passes by luck."""
        then = self._rng.random()
        if then < 0.60:
            return number
        if then < 0.92:
            return None
        place = 2 + int(self._rng.random() * 6)
        return with_check_digit(number[:place] + number[place + 1] + number[place] + number[place + 2 : 9])

    def _birth(self, person: Person, charity: Charity) -> dict[str, str] | None:
        rng, noise, habits = self._rng, self._noise, charity.habits
        if rng.random() < noise.birth_missing:
            return None
        day = self._misheard(person.birth)
        hijri = habits.calendar == "hijri" and rng.random() < 0.9
        by_year = person.by_year or rng.random() < noise.birth_by_year
        by_month = not by_year and rng.random() < noise.birth_month_only
        if hijri:
            year, month, dom = Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
        else:
            year, month, dom = day.year, day.month, day.day
        if by_year:
            month, dom = (7, 1) if hijri else (1, 1)
        elif by_month:
            dom = 1
        elif rng.random() < noise.day_and_month_swapped and dom <= 12:
            month, dom = dom, month
        known = "year" if by_year else "month" if by_month else "day"
        return {
            "value": f"{year:04d}-{month:02d}-{dom:02d}",
            "calendar": "hijri" if hijri else "gregorian",
            "precision": known if habits.honest_dates else "day",
        }

    def _misheard(self, day: date) -> date:
        """`day`, now and then a day off by conversion between calendars, or a year or ten."""
        rng, noise = self._rng, self._noise
        if rng.random() < noise.birth_off_by_day:
            day += timedelta(days=1 if rng.random() < 0.5 else -1)
        if rng.random() < noise.year_wrong:
            shift = pick(rng, (-1, 1, -10, 10))
            year = day.year + shift if 1930 <= day.year + shift <= 2025 else day.year - abs(shift)
            day = day.replace(year=year, day=min(day.day, 28))
        return day

    def _phones(self, person: Person, home: Household, charity: Charity) -> list[str]:
        rng, noise = self._rng, self._noise
        if rng.random() < noise.phone_missing:
            return []
        number = person.phone
        if person.role == "child" or rng.random() < noise.phone_of_household:
            number = home.phone
        if rng.random() < noise.phone_changed:
            number = f"051{int(rng.random() * 10_000_000):07d}"
        if rng.random() < noise.phone_of_charity:
            number = charity.phone
        text = PHONE_FORMS.draw(rng).format(number, number[1:], number[:3], number[3:6], number[6:])
        return [text.translate(ARABIC_DIGITS) if charity.habits.arabic_digits else text]

    def _address(self, home: Household) -> dict[str, str | None]:
        rng, noise, place = self._rng, self._noise, home.district
        if rng.random() < noise.moved:
            place = pick(rng, neighbours()[place.governorate])
        style = rng.random()
        text: str | None = f"حي {place.name_ar}"
        if style < noise.address_missing:
            text = None
        elif style > 0.7:
            text = f"{place.governorate_ar} - {place.name_ar} - شارع {home.street}"
        return {"text": text, "zone": None if rng.random() < noise.zone_missing else place.code}

    def _household(self, person: Person, home: Household, charity: Charity) -> dict[str, Any]:
        size = None if self._rng.random() < self._noise.size_missing else len(home.members)
        if not charity.habits.household_refs:
            return {"ref": None, "role": person.role if size else None, "size": size}
        number = home.key * 37 + int(charity.licence) % 100 * 1009  # each charity numbers its own files
        return {"ref": f"F-{number}", "role": person.role, "size": size}
