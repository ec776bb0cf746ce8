"""What a column may hold, by our names, and what people call it. Data."""

import re
from collections.abc import Mapping, Sequence

from shared.arabic import fold

FIELDS = (
    "record_id", "charity_id", "source_ref", "full_name", "full_name_latin", "given_name", "father_name",
    "grandfather_name", "family_name", "national_id", "birth_date", "gender", "phone", "region", "governorate",
    "district", "household_id_source", "household_role", "address_text",
)  # fmt: skip

HEADINGS = {
    "record_id": "رقم السجل|المعرف|rec id|id|unique id|record",
    "charity_id": "الجمعية|رقم الجمعية|اسم الجمعية|charity|source|organisation|organization",
    "source_ref": "رقم المستفيد|رقم الملف|رقم الحالة|رقم التسجيل|file no|file number|beneficiary no|reference|ref",
    "full_name": "الاسم|اسم المستفيد|اسم المستفيدة|الاسم الكامل|الاسم الرباعي|الاسم الثلاثي|الاسم بالعربية|المستفيد"
    "|name|full name|beneficiary name|arabic name|name ar|name arabic",
    "full_name_latin": "الاسم بالإنجليزية|الاسم بالانجليزي|الاسم اللاتيني|english name|latin name|name latin|name en"
    "|name english",
    "given_name": "الاسم الأول|first name|given|forename",
    "father_name": "اسم الأب|الاسم الثاني|father|second name|middle name",
    "grandfather_name": "اسم الجد|الاسم الثالث|grandfather|third name",
    "family_name": "اسم العائلة|العائلة|اللقب|الاسم الأخير|اسم القبيلة|last name|surname|family",
    "national_id": "رقم الهوية|الهوية|الهوية الوطنية|رقم الهوية الوطنية|السجل المدني|رقم الإقامة|id number|id no|nid"
    "|national id no|iqama|cin|soc sec id|ssn",
    "birth_date": "تاريخ الميلاد|الميلاد|سنة الميلاد|date of birth|dob|birthdate|birth year|born",
    "gender": "الجنس|النوع|النوع الاجتماعي|sex",
    "phone": "الجوال|رقم الجوال|جوال|الهاتف|رقم الهاتف|هاتف|رقم التواصل|mobile|mobile no|phone number|telephone|tel",
    "region": "المنطقة|المنطقة الإدارية|الجهة|state|province",
    "governorate": "المحافظة|المدينة|الإقليم|city|town",
    "district": "الحي|المركز|القرية|suburb|neighbourhood|neighborhood|village",
    "household_id_source": "رقم الأسرة|رقم العائلة|رقم ملف الأسرة|household|household id"
    "|household no|family no|family id",
    "household_role": "صلة القرابة|القرابة|الصلة|relation|relationship|role",
    "address_text": "العنوان|عنوان السكن|السكن|address|street address",
}

GENDERS = {
    "male": "ذكر|ذكور|رجل|male|m|man|boy|homme|1",
    "female": "أنثى|إناث|امرأة|female|f|woman|girl|femme|2",
}

EMPTY = frozenset({"", "-", "--", "—", "/", ".", "?", "لا يوجد", "لايوجد", "بدون", "غير متوفر", "غير معروف",
                   "n/a", "na", "none", "nil", "null", "nan", "unknown"})  # fmt: skip
"""What clerks write for nothing, folded."""

_PUNCTUATION = re.compile(r"[()\[\]{}:._*#/\\\-–,،;؛\"«»']+")


def _plain(heading: str) -> str:
    return fold(_PUNCTUATION.sub(" ", heading))


_KNOWN = {_plain(name): field for field, names in HEADINGS.items() for name in names.split("|")}
_KNOWN |= {_plain(field): field for field in FIELDS}
GENDER_OF = {fold(word): gender for gender, words in GENDERS.items() for word in words.split("|")}


def recognised(heading: str) -> str | None:
    """The field that a heading names, by our own name or in Arabic or English."""
    return _KNOWN.get(_plain(heading))


def layout(headings: Sequence[str], told: Mapping[str, str | None]) -> dict[str, str]:
    """Field -> heading. told: heading -> field, None for a column to be left alone; the first of two holds."""
    found: dict[str, str] = {}
    for heading in headings:
        field = told[heading] if heading in told else recognised(heading)
        if field is not None:
            found.setdefault(field, heading)
    return found
