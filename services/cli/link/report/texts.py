"""The report's words, in Arabic and in English. Data, and how they stand in the page."""

from html import escape
from typing import NamedTuple


class Text(NamedTuple):
    ar: str
    en: str


def both(text: Text) -> str:
    """Both languages; the page shows the one that is chosen."""
    return f'<span lang="ar" dir="rtl">{escape(text.ar)}</span><span lang="en" dir="ltr">{escape(text.en)}</span>'


def plain(value: str) -> str:
    """A number, id or date: kept from left to right, whatever stands about it."""
    return f'<bdi dir="ltr">{escape(value)}</bdi>'


def filled(text: Text, *values: str) -> str:
    """The text with its {} filled, each value isolated as by `plain`."""
    shown = [plain(value) for value in values]
    return (
        f'<span lang="ar" dir="rtl">{escape(text.ar).format(*shown)}</span>'
        f'<span lang="en" dir="ltr">{escape(text.en).format(*shown)}</span>'
    )


FIELDS = {
    "given": Text("الاسم الأول", "given name"),
    "father": Text("اسم الأب", "father's name"),
    "forebear": Text("اسم الجد", "forebear's name"),
    "family": Text("اسم العائلة", "family name"),
    "birth": Text("تاريخ الميلاد", "birth date"),
    "id": Text("رقم الهوية", "ID number"),
    "phone": Text("رقم الجوال", "phone"),
    "place": Text("مكان السكن", "place of living"),
    "gender": Text("الجنس", "gender"),
    "role": Text("الصفة في الأسرة", "role in the household"),
    "household": Text("ملف الأسرة", "household file"),
    "family_tie": Text("قرابة محتملة", "family tie"),
}

LEVELS = {
    "exact": Text("متطابق", "the same"),
    "script": Text("متطابق عبر الكتابتين", "the same across scripts"),
    "close": Text("بينهما زلة كتابة", "a slip apart"),
    "script_close": Text("متقارب عبر الكتابتين", "close across scripts"),
    "lookalike": Text("اسمان معروفان متشابهان", "two known names, alike"),
    "differ": Text("مختلف", "different"),
    "other": Text("اسمان معروفان مختلفان", "two known names"),
    "script_differ": Text("مختلف عبر الكتابتين", "different across scripts"),
    "skipped": Text("ساقط من أحدهما", "left out on one side"),
    "unrelated": Text("لا يتفق منه شيء", "nothing of it agrees"),
    "script_unrelated": Text("لا يتفق منه شيء عبر الكتابتين", "nothing of it agrees across scripts"),
    "turned": Text("كلمتان تبادلتا الموضع", "two words that changed places"),
    "swapped": Text("مقلوب الترتيب", "turned about"),
    "days_off": Text("بينهما يوم أو يومان", "a day or two apart"),
    "part_off": Text("جزء واحد مختلف", "one part off"),
    "year": Text("السنة نفسها وحدها معلومة", "year agrees, no more is known"),
    "same_year": Text("السنة نفسها ويوم آخر", "same year, another day"),
    "year_off": Text("بينهما سنة", "a year apart"),
    "near": Text("بينهما زلة رقم", "a slip of a digit"),
    "address": Text("العنوان نفسه", "the same address"),
    "district": Text("الحي نفسه", "the same district"),
    "governorate": Text("المحافظة نفسها", "the same governorate"),
    "region": Text("المنطقة نفسها", "the same region"),
    "same": Text("متفق", "the same"),
    "missing": Text("غير مذكور", "not given"),
    "likely": Text("الراجح أنهما قريبان إن كانا شخصين", "kin, if two persons"),
    "unlikely": Text("الراجح أنهما غريبان إن كانا شخصين", "strangers, if two persons"),
}

_FACTS = {
    **FIELDS,
    "year": Text("سنة الميلاد", "birth year"),
    "even": Text("سنتا ميلاد متجاورتان", "birth year, by twos"),
    "odd": Text("سنتا ميلاد متجاورتان (إزاحة)", "birth year, by twos, shifted"),
    "day": Text("يوم الميلاد", "birth day"),
    "district": Text("الحي", "district"),
    "address": Text("العنوان", "address"),
    "unit": Text("جزء من الاسم", "part of the name"),
    "all_names": Text("كل أجزاء الاسم بأي ترتيب", "all parts of the name in any order"),
    "three_units": Text("ثلاثة أجزاء من الاسم", "three parts of the name"),
    "two_forebears": Text("اسمان من الآباء", "two forebears' names"),
}
_PHRASES = ("all_names", "three_units", "two_forebears")


def field(name: str) -> str:
    return both(FIELDS.get(name, Text(name, name)))


def level(name: str) -> str:
    return both(LEVELS.get(name, Text(name, name)))


def rule(name: str) -> str:
    """A blocking rule by the facts that its name joins, such as given_family_district."""
    facts: list[str] = []
    for phrase in _PHRASES:
        if name.startswith(phrase):
            facts, name = [phrase], name.removeprefix(phrase)
    facts.extend(word for word in name.split("_") if word and word != "and")
    known = [_FACTS.get(fact, Text(fact, fact)) for fact in facts]
    return both(Text(" + ".join(fact.ar for fact in known), " + ".join(fact.en for fact in known)))
