"""What a charity is told of an overlap, in Arabic and English. Pure.

Of another charity's help it learns the aid type, the period, the zone and the certainty; the name only where the
policy of the aid type says so; of the person, nothing.
"""

from datetime import date
from typing import Any

from services.registry.aid.judge import Certainty, Finding
from services.registry.aid.overlap import Rule
from services.registry.aid.policy import AidType, Catalogue
from shared.errors import Text

_LRI, _PDI = "\u2066", "\u2069"  # an ISO date inside Arabic text prints reversed unless isolated

_RULES = {
    Rule.SAME_TYPE: Text("والفترتان متداخلتان", "and the periods share days"),
    Rule.CONFLICTING_TYPE: Text("ولا يُجمع بينها وبين المساعدة المطلوبة", "and it may not run beside the aid asked for"),
    Rule.COOL_DOWN: Text(
        "ولم تمض المدة اللازمة بين المساعدتين", "and the days required between two grants have not passed"
    ),
    Rule.LIMIT: Text("وبها يُتجاوز الحد المسموح", "and with it the limit is passed"),
}

CLEARED = Text("لم يُعثر على مساعدة متعارضة.", "No overlapping aid was found.")
PENDING = Text(
    "حُفظ الطلب ولم يُفحص بعد؛ سيُفحص تلقائياً.",
    "The request is stored and not screened yet; it will be, by itself.",
)
INFORMED = Text(
    "لا يُوقف الطلب، لكن توجد مساعدة أخرى؛ انظر overlaps.",
    "The request is not held, but there is other aid; see overlaps.",
)
HELD = Text(
    "الطلب موقوف لقرار إنسان بسبب مساعدة متعارضة؛ انظر overlaps. يحق الاعتراض لدى المنسق.",
    "The request is held for a person to decide, because of overlapping aid; see overlaps."
    " You may object at the coordinator's.",
)


def reason_of(finding: Finding, catalogue: Catalogue) -> Text:
    """One sentence in both languages: who has what, from when to when, how sure, and by which rule."""
    other, aid = finding.earlier, catalogue.aid_type(finding.earlier.aid_type)
    own = finding.earlier.charity_id == finding.flagged.charity_id
    unit = finding.policy.unit
    return Text(_arabic(finding, aid, own, unit, other.starts_on, other.ends_on),
                _english(finding, aid, own, unit, other.starts_on, other.ends_on))  # fmt: skip


def _arabic(finding: Finding, aid: AidType, own: bool, unit: str, start: date, end: date) -> str:
    who = "الأسرة" if unit == "household" else "الشخص"
    source = "جمعيتكم" if own else _named(finding.earlier.charity_ar, finding) or "جمعية أخرى"
    sure = "مؤكدة" if finding.certainty is Certainty.CONFIRMED else "محتملة"
    period = f"من {_LRI}{start}{_PDI} إلى {_LRI}{end}{_PDI}"
    told = f"«{aid.name_ar}» من {source} {period}، {_RULES[Rule(finding.rule)].ar}"
    return f"لدى {who} {told}. المطابقة {sure}."


def _english(finding: Finding, aid: AidType, own: bool, unit: str, start: date, end: date) -> str:
    source = "your own charity" if own else _named(finding.earlier.charity_en or "", finding) or "another charity"
    sure = "confirmed" if finding.certainty is Certainty.CONFIRMED else "suspected"
    told = f'"{aid.name_en}" from {source}, {start} to {end}, {_RULES[Rule(finding.rule)].en}'
    return f"The {unit} has {told}. Identity {sure}."


def _named(name: str, finding: Finding) -> str:
    return name if finding.policy.discloses_charity else ""


def notice(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    """The columns of what the flagged request's charity is told."""
    other = finding.earlier
    own = other.charity_id == finding.flagged.charity_id
    told = finding.policy.discloses_charity and not own
    reason = reason_of(finding, catalogue)
    return {
        "charity_id": finding.flagged.charity_id, "aid_type": other.aid_type, "starts_on": other.starts_on,
        "ends_on": other.ends_on, "zone_code": other.zone_code, "own": own,
        "own_request_id": other.request_id if own else None, "charity_name_ar": other.charity_ar if told else None,
        "charity_name_en": other.charity_en if told else None, "reason_ar": reason.ar, "reason_en": reason.en,
    }  # fmt: skip
