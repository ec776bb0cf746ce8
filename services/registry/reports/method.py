"""How duplicates are found, in words, with the thresholds of the model in force. See docs/reports.md."""

import asyncio

from pydantic import ValidationError

from services.registry.people.dedup import Dedup, DedupUnavailable
from services.registry.reports.views import Method, Thresholds
from shared import log

_AR = (
    "تُقارن كل تسجيلة بغيرها حقلاً حقلاً (الاسم والميلاد والهوية والجوال والسكن والأسرة)، وتُوزن الأدلة بالبت (فلغي وسنتر)."
    " من الحد الأعلى فما فوق يُربط الطلبان بشخص واحد، وبين الحدين يقرر مختص، وما دونهما شخصان."
    " الازدواجية: نوع مساعدة واحد أو متعارض للشخص أو الأسرة في أيام مشتركة أو قبل انقضاء مدة الانتظار أو فوق الحد."
    " مؤكدة إذا ثبتت الهوية أو ملف الأسرة، ومشتبهة إذا كانت مرجحة فقط؛ ولا تُرفض بآلة."
)
_EN = (
    "Registrations are compared field by field (name, birth, ID, phone, place, household) and the evidence is weighed"
    " in bits (Fellegi and Sunter). At the upper threshold or above two registrations are one person, between the"
    " thresholds a person decides, below them they are two. A duplicate is the same or a conflicting aid type for the"
    " same person or household with days in common, within the cool-down, or past the limit of the type's policy."
    " It is confirmed where an ID or a household file proves the identity, suspected where that is only probable;"
    " no machine rejects it."
)
_PATIENCE = 3.0
"""Seconds that a report waits for the thresholds."""


async def method(dedup: Dedup) -> Method:
    """The method; a matching service that does not answer leaves the thresholds out, and the report says so."""
    return Method(text_ar=_AR, text_en=_EN, thresholds=await _thresholds(dedup))


async def _thresholds(dedup: Dedup) -> Thresholds | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            return Thresholds.model_validate(await dedup.model())
    except (TimeoutError, DedupUnavailable, ValidationError) as error:
        log.logger().warning("report without thresholds", error_type=type(error).__name__)
        return None
