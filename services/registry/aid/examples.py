"""Examples for the published API: made-up people, as a charity would write them."""

from typing import Any

_PERIOD = {"start": "2026-12-01", "end": "2026-12-31", "start_hijri": "1448-06-21", "end_hijri": "1448-07-22"}
_ID = "01a20141-26b2-7759-9cab-7db5e89197b9"

SUBMISSION: dict[str, Any] = {
    "applicant": {
        "source_ref": "A-1042",
        "name": "نورة سعد فهد الدوسري",
        "national_id": "1000000008",
        "birth_date": {"value": "1405-07-01", "calendar": "hijri", "precision": "year"},
        "gender": "female",
        "phones": ["0500000001"],
        "address": {"text": "حي السلامة، خلف المسجد", "zone": "SA-02-02"},
        "household": {"ref": "F-310", "role": "head", "size": 6},
    },
    "aid_type": "FOOD_BASKET",
    "period": {"start": "2026-12-01", "end": "2026-12-31"},
    "amount": {"value": "350.00", "currency": "SAR"},
    "note": "توصيل إلى المنزل",
}

OVERLAP: dict[str, Any] = {
    "aid_type": "FOOD_BASKET",
    "period": _PERIOD,
    "zone": "SA-02-02",
    "certainty": "confirmed",
    "rule": "same_type",
    "own_request": "01a20135-6d2f-7b1a-8c4e-2f60a1b2c3d4",
    "charity": {"ar": "جمعية البر بجدة (تجريبية)", "en": "Jeddah Relief (sample)"},
    "reason": {
        "ar": "للأسرة سلة غذائية في الأيام نفسها.",
        "en": "The household has a food basket on the same days.",
    },
}

HELD: dict[str, Any] = {
    "id": _ID,
    "source_ref": "A-1042",
    "status": "held",
    "screening": "final",
    "person": "joined",
    "aid_type": "FOOD_BASKET",
    "period": _PERIOD,
    "amount": {"value": "350.00", "currency": "SAR"},
    "note": "توصيل إلى المنزل",
    "zone": "SA-02-02",
    "overlaps": [OVERLAP],
    "reason": {
        "ar": "توجد مساعدة متعارضة؛ ينتظر الطلب قرار مختص.",
        "en": "Aid overlaps; the request waits for a person's decision.",
    },
    "version": 2,
    "created_at": "2026-11-22T08:16:16.690551Z",
    "updated_at": "2026-11-22T08:16:16.702025Z",
}

CHECKED: dict[str, Any] = {name: HELD[name] for name in ("status", "person", "overlaps", "reason")}

LINE: dict[str, Any] = {"line": 1, "outcome": "stored", "request": _ID, "status": "pending"}
