"""What can go wrong with an aid request."""

from shared import errors
from shared.errors import Text


class AidRequestNotFound(errors.NotFound):
    code = "aid_request_not_found"
    text = Text("لا يوجد طلب بهذا المعرّف.", "There is no aid request of this id.")


class NoCharity(errors.Forbidden):
    code = "no_charity"
    text = Text("هذا الحساب لا يعمل لجمعية.", "This account acts for no charity.")


class IdempotencyKeyMissing(errors.Malformed):
    code = "idempotency_key_missing"
    text = Text(
        "أرسل ترويسة Idempotency-Key (حتى 200 رمز) لتأمن تكرار الطلب.",
        "Send a header Idempotency-Key (up to 200 characters), so that a retry stores nothing twice.",
    )


class IdempotencyKeyReused(errors.Invalid):
    code = "idempotency_key_reused"
    text = Text(
        "استُعمل هذا المفتاح مع طلب مختلف؛ استعمل مفتاحاً جديداً.",
        "This key came with another body before; use a new key.",
    )


class TooManyLines(errors.TooLarge):
    code = "too_many_lines"
    text = Text(
        "في الدفعة أكثر من 10000 سطر؛ قسّمها ولم يُحفظ منها شيء.",
        "The batch has more than 10000 lines; split it. Nothing of it was stored.",
    )


class VersionMissing(errors.PreconditionMissing):
    code = "if_match_missing"
    text = Text(
        "أرسل ترويسة If-Match بقيمة ETag التي قرأتها.",
        "Send If-Match with the ETag of the copy that you read.",
    )


class VersionUnreadable(errors.Malformed):
    code = "if_match_malformed"
    text = Text(
        "قيمة If-Match ليست ETag؛ أرسلها بين علامتي التنصيص كما قرأتها.",
        "If-Match holds no ETag; send the one that you read, quotes included.",
    )


class VersionStale(errors.Stale):
    code = "version_stale"
    text = Text("تغيّر الطلب بعد أن قرأته؛ اقرأه من جديد.", "The request changed after you read it; read it again.")


class NotInThisState(errors.Conflict):
    code = "not_in_this_state"
    text = Text("حالة الطلب لا تسمح بهذا الفعل.", "The request's status does not allow this.")


class OtherApplicant(errors.Invalid):
    code = "other_applicant"
    text = Text("رقم المستفيد لا يطابق صاحب الطلب.", "The source_ref is not that of the request's applicant.")


class BadCursor(errors.Invalid):
    code = "invalid_cursor"
    text = Text("مؤشر الصفحة غير صالح؛ ابدأ من أول القائمة.", "The cursor is not valid; start at the first page.")


class ScreeningUnavailable(errors.Unavailable):
    code = "screening_unavailable"
    text = Text(
        "تعذر الفحص الآن ولم يُحفظ شيء؛ أعد المحاولة بعد قليل.",
        "The check could not be made now, and nothing was stored; try again shortly.",
    )


NO_ZONE = Text("رمز نطاق غير معروف؛ انظر GET /v1/zones.", "Unknown zone code; GET /v1/zones lists them.")
NO_AID_TYPE = Text("نوع مساعدة غير معروف؛ انظر GET /v1/aid-types.", "Unknown aid type; GET /v1/aid-types lists them.")
"""At one place of an input, as `unknown_zone` and `unknown_aid_type`."""
