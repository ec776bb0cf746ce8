"""Made-up people: whoever has a synthetic number has one, the same at every sign-on.

Synthetic is a number whose second digit is 9, as all of the house's are; any other is refused, so that
nobody types a real one here. Names, dates and gender follow from the number; none is anybody's.
"""

import hashlib
import re
from datetime import date, timedelta
from typing import Any

from shared.calendar import hijri
from shared.ids import IdKind, InvalidNationalId, NationalId, parse_national_id

_SYNTHETIC = re.compile(r"[1-6]9[0-9]{8}")
_CLAIM = {IdKind.NATIONAL_ID: "nin", IdKind.IQAMA: "iqamaNumber", IdKind.BORDER_NUMBER: "borderNumber"}
_MEN = (("عبدالله", "Abdullah"), ("خالد", "Khalid"), ("صالح", "Saleh"), ("يوسف", "Yousef"), ("حسن", "Hassan"))
_WOMEN = (("نورة", "Noura"), ("فاطمة", "Fatimah"), ("مريم", "Maryam"), ("هند", "Hind"), ("سلمى", "Salma"))
_FAMILIES = (
    ("المثالي", "Almithali"), ("التجريبي", "Altajribi"),
    ("الافتراضي", "Aliftiradi"), ("النموذجي", "Alnamudhaji"),
)  # fmt: skip
_YOUNGEST = date(2006, 1, 1)
_DAYS_APART = 18_000


class NotSynthetic(InvalidNationalId):
    """A number that could be a real person's, or none at all."""


def parse_synthetic(text: str) -> tuple[NationalId, IdKind]:
    """Raises NotSynthetic, without the number in its message."""
    if not _SYNTHETIC.fullmatch(text):
        raise NotSynthetic("the mock takes synthetic numbers only: ten digits, the second of them 9")
    try:
        return parse_national_id(text)
    except InvalidNationalId as error:
        raise NotSynthetic(str(error)) from error


def attributes(number: NationalId, kind: IdKind) -> dict[str, Any]:
    """The claims about the person with that number, named as production documents name them."""
    seed = hashlib.sha256(number.encode()).digest()
    woman = seed[0] % 2 == 1
    first = (_WOMEN if woman else _MEN)[seed[1] % 5]
    father, grandfather, family = _MEN[seed[2] % 5], _MEN[seed[3] % 5], _FAMILIES[seed[4] % 4]
    born = _YOUNGEST - timedelta(days=int.from_bytes(seed[5:8], "big") % _DAYS_APART)
    citizen = kind is IdKind.NATIONAL_ID
    return {
        _CLAIM[kind]: number,
        "firstName": first[0], "fatherName": father[0],
        "grandFatherName": grandfather[0], "familyName": family[0],
        "englishFirstName": first[1], "englishSecondName": father[1],
        "englishThirdName": grandfather[1], "englishLastName": family[1],
        "dateOfBirthG": born.strftime("%d-%m-%Y"), "dateOfBirthH": hijri(born),
        "gender": "F" if woman else "M",
        "nationalityCode": "113" if citizen else "000",
    }  # fmt: skip
