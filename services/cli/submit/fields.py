"""What a column may hold, by the API's own field names, and what people call it. Data."""

from shared.errors import Text

KEY = "key"
NAME_PARTS = ("name.given", "name.father", "name.grandfather", "name.family")
REPEATED = frozenset({"applicant.phones", "applicant.address.text", "applicant.name", "applicant.name_latin"})
"""Fields that several columns may fill together; a name is Arabic or Latin by its letters, not by its column."""
DATES = ("applicant.birth_date", "period.start", "period.end")
NEEDED = ("applicant.source_ref", "applicant.name", "aid_type", "period.start", "period.end")

LABELS: dict[str, Text] = {
    KEY: Text("رقم الطلب", "the request's number"),
    "applicant.source_ref": Text("رقم المستفيد", "the person's number in your files"),
    "applicant.name": Text("الاسم", "the name"),
    "applicant.name_latin": Text("الاسم اللاتيني", "the name in Latin letters"),
    "name.given": Text("الاسم الأول", "the first name"),
    "name.father": Text("اسم الأب", "the father's name"),
    "name.grandfather": Text("اسم الجد", "the grandfather's name"),
    "name.family": Text("اسم العائلة", "the family name"),
    "applicant.national_id": Text("رقم الهوية", "the national ID or residence number"),
    "applicant.birth_date": Text("تاريخ الميلاد", "the birth date"),
    "applicant.gender": Text("الجنس", "the gender"),
    "applicant.phones": Text("الجوال", "the phone"),
    "applicant.address.text": Text("العنوان", "the address"),
    "applicant.address.zone": Text("رمز النطاق", "the zone's code"),
    "applicant.household.ref": Text("رقم الأسرة", "the household's number"),
    "applicant.household.role": Text("صلة القرابة", "the role in the household"),
    "applicant.household.size": Text("عدد الأفراد", "the size of the household"),
    "aid_type": Text("نوع المساعدة", "the aid type"),
    "period.start": Text("بداية الفترة", "the period's first day"),
    "period.end": Text("نهاية الفترة", "the period's last day"),
    "amount.value": Text("المبلغ", "the amount"),
    "amount.currency": Text("العملة", "the currency"),
    "note": Text("الملاحظات", "the note"),
}

HEADINGS: dict[str, str] = {
    KEY: "رقم الطلب|رقم طلب المساعدة|رقم المعاملة|request no|request number|request id|application no|case no",
    "applicant.source_ref": (
        "رقم المستفيد|رقم الملف|رقم المستفيدة|رقم الحالة|كود المستفيد|رمز المستفيد|رقم العضوية|رقم التسجيل"
        "|file no|file number|file|beneficiary no|beneficiary number|beneficiary id|member no|registration no"
        "|source ref|reference|ref"
    ),
    "applicant.name": (
        "الاسم|اسم المستفيد|اسم المستفيدة|الاسم الكامل|الاسم الرباعي|الاسم الثلاثي|الاسم بالعربية|الاسم عربي"
        "|الاسم بالعربي|الاسم العربي|المستفيد|اسم مقدم الطلب|name|full name|beneficiary|beneficiary name"
        "|applicant|applicant name|arabic name|name arabic|name ar|name in arabic"
    ),
    "applicant.name_latin": (
        "الاسم بالإنجليزية|الاسم بالانجليزي|الاسم اللاتيني|الاسم انجليزي|english name|latin name|name latin"
        "|name english|name en|name in english"
    ),
    "name.given": "الاسم الأول|اسم الشخص|first name|given name",
    "name.father": "اسم الأب|الاسم الثاني|father name|father's name|second name|middle name",
    "name.grandfather": "اسم الجد|الاسم الثالث|grandfather name|grandfather's name|third name",
    "name.family": "اسم العائلة|العائلة|اللقب|الاسم الأخير|اسم القبيلة|family name|last name|surname",
    "applicant.national_id": (
        "رقم الهوية|الهوية|رقم الهوية الوطنية|الهوية الوطنية|السجل المدني|رقم السجل المدني|سجل مدني|رقم الإقامة"
        "|الإقامة|رقم الهوية / الإقامة|هوية المستفيد|رقم البطاقة|national id|national id no|id no|id number"
        "|identity no|iqama|iqama no|residence no|nid"
    ),
    "applicant.birth_date": (
        "تاريخ الميلاد|تاريخ ميلاد المستفيد|الميلاد|سنة الميلاد|date of birth|birth date|birthdate|dob|birth year"
        "|year of birth|born"
    ),
    "applicant.gender": "الجنس|النوع الاجتماعي|ذكر / أنثى|gender|sex",
    "applicant.phones": (
        "الجوال|رقم الجوال|جوال|الهاتف|رقم الهاتف|هاتف|تلفون|جوال 1|جوال 2|جوال آخر|رقم آخر|رقم التواصل|هاتف المنزل"
        "|mobile|mobile no|phone|phone no|phone number|telephone|tel|phone 1|phone 2|mobile 2|other phone|contact"
    ),
    "applicant.address.text": (
        "العنوان|الحي|المدينة|الشارع|عنوان السكن|السكن|المنطقة السكنية|اسم الحي|القرية"
        "|address|district|city|street|neighbourhood|neighborhood|village"
    ),
    "applicant.address.zone": (
        "رمز الحي|رمز النطاق|النطاق|كود الحي|رمز المنطقة|رمز النطاق الجغرافي|zone|zone code|district code|area code"
    ),
    "applicant.household.ref": (
        "رقم الأسرة|رقم العائلة|رقم ملف الأسرة|كود الأسرة|family no|family number|family id|household no"
        "|household number|household|household id|household ref"
    ),
    "applicant.household.role": (
        "صلة القرابة|القرابة|الصلة|صفة المستفيد|صفته في الأسرة|relation|relationship|household role|role"
        "|relation to head"
    ),
    "applicant.household.size": (
        "عدد الأفراد|عدد أفراد الأسرة|أفراد الأسرة|حجم الأسرة|عدد افراد العائلة|family size|household size|members"
        "|no of members|family members"
    ),
    "aid_type": (
        "نوع المساعدة|المساعدة|نوع الدعم|نوع الإعانة|الإعانة|نوع الخدمة|الخدمة|نوع الطلب|aid type|type of aid|aid"
        "|assistance|assistance type|support|support type|service"
    ),
    "period.start": (
        "من|من تاريخ|تاريخ البداية|بداية الفترة|تاريخ البدء|يبدأ|يبدأ في|تاريخ بداية المساعدة"
        "|from|from date|start|start date|period start|starts|starts on|begin"
    ),
    "period.end": (
        "إلى|إلى تاريخ|حتى|حتى تاريخ|تاريخ النهاية|نهاية الفترة|تاريخ الانتهاء|ينتهي|ينتهي في|تاريخ نهاية المساعدة"
        "|to|to date|until|end|end date|period end|ends|ends on"
    ),
    "amount.value": "المبلغ|القيمة|قيمة المساعدة|مبلغ المساعدة|المبلغ بالريال|amount|value|amount sar|sum",
    "amount.currency": "العملة|عملة|currency",
    "note": "ملاحظات|ملاحظة|الملاحظات|note|notes|remarks|remark|comment|comments",
}

WORDS: dict[str, dict[str, str]] = {
    "applicant.gender": {
        "male": "ذكر|ذكور|رجل|ولد|male|m|man|boy",
        "female": "أنثى|انثى|إناث|امرأة|بنت|female|f|woman|girl",
    },
    "applicant.household.role": {
        "head": "رب الأسرة|ربة الأسرة|رب أسرة|ربة أسرة|رب البيت|ربة البيت|عائل|عائلة الأسرة|المعيل|المعيلة|نفسه"
        "|نفسها|head|self|head of household|head of family|breadwinner",
        "spouse": "زوجة|زوج|الزوجة|الزوج|حرم|wife|husband|spouse",
        "child": "ابن|ابنة|بنت|الابن|الابنة|ولد|طفل|طفلة|child|son|daughter",
        "parent": "والد|والدة|الوالد|الوالدة|أب|أم|الأب|الأم|parent|father|mother",
        "sibling": "أخ|أخت|الأخ|الأخت|شقيق|شقيقة|sibling|brother|sister",
        "other": "أخرى|آخر|غير ذلك|جد|جدة|حفيد|حفيدة|عم|عمة|خال|خالة|قريب|قريبة|مكفول|زوجة ابن"
        "|other|relative|grandparent|grandfather|grandmother|grandchild|grandson|granddaughter|uncle|aunt|dependant",
    },
    "amount.currency": {
        "SAR": "ريال|ريال سعودي|ر س|sar|sr|riyal|saudi riyal",
        "MAD": "درهم مغربي|mad|dirham",
        "USD": "دولار|usd|dollar",
    },
}

EMPTY = frozenset({
    "-", "--", "—", "/", ".", "لا يوجد", "لايوجد", "بدون", "غير متوفر", "غير معروف",
    "n/a", "na", "none", "nil", "null", "unknown",
})  # fmt: skip
"""What clerks write for nothing, folded."""
