"""The forms of aid requests: shape, ranges, dates; what is unknown is refused."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.registry.aid.examples import SUBMISSION
from shared.arabic import ascii_digits
from shared.calendar import FIRST_DAY, LAST_DAY, Calendar, DatedBirth, ImpossibleDate, Precision, parse_day
from shared.clock import today
from shared.errors import Text
from shared.ids import IdKind, InvalidNationalId, NationalId, holds_national_id, parse_national_id
from shared.lines import FilledLine, Line
from shared.money import Currency

_OLDEST = date(1880, 1, 1)


def flaw(code: str, ar: str, en: str) -> PydanticCustomError:
    """An error of ours as pydantic raises it; `shared.flaws` shows the text in the caller's language."""
    return PydanticCustomError(code, "{text}", {"text": Text(ar, en)})


def _known_id(text: str) -> str:
    try:
        parse_national_id(text)
    except InvalidNationalId as error:
        raise flaw(
            "invalid_national_id",
            "رقم الهوية غير صحيح؛ راجع الأرقام العشرة ورقم التحقق.",
            f"Not a valid ID: {error}. Check it against the card, or leave it out.",
        ) from None
    return text


Name = Annotated[FilledLine, Field(min_length=2, max_length=300)]
Ref = Annotated[FilledLine, Field(min_length=1, max_length=80)]
AidTypeCode = Annotated[Line, Field(min_length=1, max_length=40, examples=["FOOD_BASKET"])]
ZoneCode = Annotated[Line, Field(min_length=2, max_length=40, examples=["SA-02-02"])]
Note = Annotated[Line, Field(max_length=1000)]
Day = Annotated[Line, Field(max_length=10)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _holds_no_national_id(cls, value: Any, field: ValidationInfo) -> Any:
        """Only the field `national_id` is sealed: a number that a clerk types elsewhere would lie there in clear."""
        texts = value if isinstance(value, tuple) else (value,)
        if field.field_name != "national_id" and any(isinstance(t, str) and holds_national_id(t) for t in texts):
            raise flaw(
                "national_id_in_text",
                "يبدو أن في النص رقم هوية؛ اكتبه في الحقل national_id وحده. إن كان رقماً لكم فأدخل بين أرقامه حرفاً.",
                "This looks like a national ID; write it in the field national_id only. If it is a number of your own,"
                " put a letter between its digits.",
            )
        return value


class BirthDate(Form):
    """`value` is YYYY-MM-DD, or YYYY-MM or YYYY where `precision` says that no more is known."""

    value: Day = Field(examples=["1405-07-01"])
    calendar: Calendar = Calendar.GREGORIAN
    precision: Precision = Precision.DAY

    @model_validator(mode="after")
    def is_a_day(self) -> Self:
        self.dated()
        return self

    def dated(self) -> DatedBirth:
        try:
            day = parse_day(self._whole(), self.calendar)
        except ImpossibleDate as error:
            raise flaw("impossible_date", "لا يوجد يوم كهذا في هذا التقويم.", f"Not a date: {error}.") from None
        if not _OLDEST <= day <= today():
            raise flaw("birth_date_out_of_range", "تاريخ الميلاد في المستقبل أو قديم جداً.",
                       "The birth date lies in the future, or too far back.")  # fmt: skip
        return DatedBirth(day, self.value, self.calendar, self.precision)

    def _whole(self) -> str:
        """With the day that registries fill in: 1 Rajab for a Hijri year, 1 January for a Gregorian one."""
        text = ascii_digits(self.value).strip()
        if self.precision is Precision.YEAR and len(text) == 4:
            return f"{text}-07-01" if self.calendar is Calendar.HIJRI else f"{text}-01-01"
        return f"{text}-01" if self.precision is not Precision.DAY and len(text) == 7 else text


class Address(Form):
    text: Annotated[Line, Field(max_length=500)] | None = None
    zone: ZoneCode | None = None


class Household(Form):
    ref: Ref | None = Field(default=None, description="The charity's own number of the family's file.")
    role: Literal["head", "spouse", "child", "parent", "sibling", "other"] | None = None
    size: Annotated[int, Field(ge=1, le=60)] | None = None


class Applicant(Form):
    """The person as the charity knows him. What is left out of a later request stays as it was."""

    source_ref: Ref = Field(description="The charity's own number of this person.", examples=["A-1042"])
    name: Name | None = Field(default=None, description="As typed, in Arabic.")
    name_latin: Name | None = None
    national_id: Annotated[str, Field(max_length=30), AfterValidator(_known_id)] | None = Field(
        default=None, examples=["1000000008"], description="National ID or residence number. Stored sealed."
    )
    birth_date: BirthDate | None = None
    gender: Literal["female", "male"] | None = None
    phones: tuple[Annotated[Line, Field(min_length=3, max_length=30)], ...] = Field(default=(), max_length=5)
    address: Address = Address()
    household: Household = Household()

    @model_validator(mode="after")
    def has_a_name(self) -> Self:
        if self.name is None and self.name_latin is None:
            raise flaw(
                "missing_name",
                "اكتب الاسم بالعربية أو باللاتينية.",
                "Give the name in Arabic or Latin letters.",
            )
        return self

    def identifier(self) -> tuple[NationalId, IdKind] | None:
        return parse_national_id(self.national_id) if self.national_id is not None else None


class Period(Form):
    """The days that the aid covers, the last one included, in either calendar."""

    start: Day = Field(examples=["2026-12-01"])
    end: Day = Field(examples=["2026-12-31"])
    calendar: Calendar = Calendar.GREGORIAN

    @model_validator(mode="after")
    def has_days(self) -> Self:
        start, end = self.days()
        if end < start:
            raise flaw("end_before_start", "نهاية الفترة قبل بدايتها.", "The period ends before it starts.")
        if start < FIRST_DAY or end > LAST_DAY:
            raise flaw("period_out_of_range", "الفترة خارج المدى المقبول: من 1343 إلى 1500 هـ.",
                       "The period lies outside what is taken: 1924-08-01 to 2077-11-16.")  # fmt: skip
        if (end - start).days > 3660:
            raise flaw("period_too_long", "الفترة أطول من عشر سنوات.", "The period is longer than ten years.")
        return self

    def days(self) -> tuple[date, date]:
        """First and last day, Gregorian."""
        try:
            return parse_day(self.start, self.calendar), parse_day(self.end, self.calendar)
        except ImpossibleDate as error:
            raise flaw("impossible_date", "لا يوجد يوم كهذا في هذا التقويم.", f"Not a date: {error}.") from None


class Money(Form):
    value: Decimal = Field(gt=0, le=Decimal("99999999.99"), decimal_places=2, examples=["350.00"])
    currency: Currency


class AidRequestForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [SUBMISSION]})

    applicant: Applicant
    aid_type: AidTypeCode
    period: Period
    amount: Money | None = None
    note: Note | None = None


class BatchLine(AidRequestForm):
    """One line of a batch. `key` makes the line its own on a resend; its line number does where it is missing."""

    key: Ref | None = None


class AmendForm(Form):
    """What is given replaces what was; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "تغيّر موعد التوصيل"}]})

    aid_type: AidTypeCode | None = None
    period: Period | None = None
    amount: Money | None = None
    note: Note | None = None
    applicant: Applicant | None = Field(default=None, description="Must bear the request's own source_ref.")


class CancelForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "سُجّل الطلب مرتين"}]})

    reason: Annotated[FilledLine, Field(min_length=3, max_length=500)]


class DeliveryForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"delivered_on": "2026-12-03"}]})

    delivered_on: date
    amount: Money | None = None
