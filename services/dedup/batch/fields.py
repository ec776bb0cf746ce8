"""What a column may hold, by our names, and what people call it. Data."""

from shared.arabic import fold

FIELDS = (
    "record_id", "charity_id", "source_ref", "full_name", "full_name_latin", "given_name", "father_name",
    "grandfather_name", "family_name", "national_id", "birth_date", "gender", "phone", "region", "governorate",
    "district", "household_id_source", "household_role", "address_text",
)  # fmt: skip
JOINED = {"phone": ";", "address_text": " "}
"""Fields of which a row holds all that several columns say, and what stands between."""
FILLED = frozenset({"national_id", "birth_date"})
"""Fields for which a second column stands in where the first is empty: a residence number, the other calendar."""

HEAD_NAME, HEAD_ID, HEAD_PHONE = "head's name", "head's ID", "head's phone"
"""Of the head of a household, who is the person registered where a sheet has one row a family."""

HEADINGS = {
    "record_id": "رقم السجل|المعرف|معرف السجل|rec id|id|unique id|record|record no|uuid",
    "charity_id": "الجمعية|رقم الجمعية|اسم الجمعية|الجهة المانحة|المؤسسة|اسم المؤسسة|رمز الجمعية|charity|charity name"
    "|source|organisation|organization|agency|ngo",
    "source_ref": "رقم المستفيد|رقم المستفيدة|رقم الملف|رقم الحالة|رقم التسجيل|كود المستفيد|رمز المستفيد|رقم العضوية"
    "|رقم الاستمارة|رقم الطلب|كود|م|مسلسل|الرقم|الرقم التسلسلي|ت|تسلسل|رقم القيد|file no|file number|file"
    "|beneficiary no|beneficiary number|beneficiary id|member no|registration no|case no|case id|reference|ref"
    "|serial|serial no|s n|no|source ref",
    "full_name": "الاسم|اسم المستفيد|اسم المستفيدة|الاسم الكامل|الاسم كاملا|الاسم الرباعي|الاسم رباعي|الاسم الثلاثي"
    "|الاسم ثلاثي|الاسم الخماسي|الاسم بالكامل|الاسم بالعربية|الاسم بالعربي|الاسم عربي|الاسم العربي|المستفيد|المستفيدة"
    "|الاسم والنسب|الاسم الشخصي والعائلي|اسم الحالة|اسم اليتيم|اسم اليتيمة|اسم الأرملة|اسم الطالب|اسم الطالبة"
    "|اسم المريض|اسم الفرد|اسم مقدم الطلب|مقدم الطلب|صاحب الطلب|name|full name|beneficiary|beneficiary name"
    "|applicant|applicant name|client name|person name|arabic name|name ar|name arabic|name in arabic"
    "|nom complet|nom et prenom",
    "full_name_latin": "الاسم بالإنجليزية|الاسم بالإنجليزي|الاسم انجليزي|الاسم الإنجليزي|الاسم اللاتيني"
    "|الاسم باللاتينية|الاسم بالفرنسية|الاسم بالأحرف اللاتينية|english name|latin name|name latin|name en"
    "|name english|name in english|passport name",
    "given_name": "الاسم الأول|الاسم الشخصي|اسم الشخص|first name|given|given name|forename|prenom",
    "father_name": "اسم الأب|الأب|الاسم الثاني|اسم الوالد|father|father name|father s name|second name|middle name",
    "grandfather_name": "اسم الجد|الجد|الاسم الثالث|grandfather|grandfather name|grandfather s name|third name",
    "family_name": "اسم العائلة|العائلة|اللقب|الاسم الأخير|الاسم الرابع|اسم القبيلة|القبيلة|الكنية|الاسم العائلي|الشهرة"
    "|النسب|last name|surname|family|fourth name|nom|nom de famille",
    "national_id": "رقم الهوية|الهوية|الهوية الوطنية|رقم الهوية الوطنية|رقم الهوية الإقامة|السجل المدني"
    "|رقم السجل المدني|سجل مدني|رقم الإقامة|الإقامة|رقم هوية المستفيد|هوية المستفيد"
    "|رقم البطاقة|رقم البطاقة الوطنية|البطاقة الوطنية"
    "|الرقم القومي|الرقم الوطني|الرقم المدني|رقم الأحوال|رقم بطاقة الأحوال|رقم بطاقة التعريف الوطنية|رقم الحدود"
    "|رقم الهوية أو الإقامة|id number|id no|nid|national id|national id no|national id number|national no|identity no"
    "|iqama|iqama no|residence no|civil id|cin|cnie|soc sec id|ssn",
    "birth_date": "تاريخ الميلاد|الميلاد|سنة الميلاد|تاريخ ميلاد المستفيد|تاريخ الولادة|تاريخ الازدياد|عام الميلاد"
    "|مواليد|المواليد|date of birth|dob|birth date|birthdate|birth year|year of birth|born|date de naissance",
    "gender": "الجنس|النوع|النوع الاجتماعي|ذكر أنثى|sex|gender m f|sexe",
    "phone": "الجوال|رقم الجوال|جوال|الهاتف|رقم الهاتف|هاتف|تلفون|التلفون|رقم التلفون|الموبايل|موبايل|رقم الموبايل"
    "|المحمول|رقم المحمول|الهاتف المحمول|الهاتف النقال|رقم التواصل|للتواصل|جوال آخر|رقم آخر|رقم جوال آخر|هاتف المنزل"
    "|جوال المستفيد|رقم جوال المستفيد|الواتساب|رقم الواتساب|واتساب|mobile|mobile no|mobile number|phone no"
    "|phone number|telephone|tel|cell|contact|contact no|contact number|other phone|whatsapp|whatsapp no|gsm",
    "region": "المنطقة|المنطقة الإدارية|الجهة|اسم المنطقة|الولاية|state|province",
    "governorate": "المحافظة|المدينة|الإقليم|اسم المحافظة|العمالة|city|town|ville",
    "district": "الحي|اسم الحي|المركز|القرية|الحارة|الحي السكني|الجماعة|الدوار|suburb|neighbourhood|neighborhood"
    "|village|quarter",
    "household_id_source": "رقم الأسرة|رقم العائلة|رقم ملف الأسرة|كود الأسرة|رمز الأسرة|رقم دفتر العائلة"
    "|رقم كرت العائلة|رقم سجل الأسرة|household|household id|household no|household number|household ref"
    "|family no|family number|family id",
    "household_role": "صلة القرابة|القرابة|الصلة|صفة المستفيد|صفته في الأسرة|صلته برب الأسرة|صلة القرابة برب الأسرة"
    "|صلة القرابة لرب الأسرة|العلاقة برب الأسرة|relation|relationship|role|relation to head|relationship to head",
    "address_text": "العنوان|عنوان السكن|السكن|مكان السكن|الشارع|اسم الشارع|وصف السكن|وصف العنوان|العنوان التفصيلي"
    "|العنوان الوطني|address|street address|street|home address|adresse",
    HEAD_NAME: "اسم رب الأسرة|رب الأسرة|اسم ربة الأسرة|اسم رب العائلة|اسم رب البيت|اسم العائل|العائل|اسم المعيل|المعيل"
    "|اسم ولي الأمر|ولي الأمر|head of household|household head|head name|name of head|head of family",
    HEAD_ID: "رقم هوية رب الأسرة|هوية رب الأسرة|سجل مدني رب الأسرة|رقم هوية العائل|هوية العائل|رقم هوية المعيل"
    "|رقم هوية ولي الأمر|هوية ولي الأمر|head id|head national id|household head id",
    HEAD_PHONE: "جوال رب الأسرة|رقم جوال رب الأسرة|هاتف رب الأسرة|جوال العائل|جوال المعيل|جوال ولي الأمر"
    "|رقم جوال ولي الأمر|head phone|household head phone",
}

ADDED = (
    "هجري|هجرية|بالهجري|الهجري|هـ|ه|ميلادي|ميلادية|بالميلادي|الميلادي|م|واتساب|واتس اب|واتس|الواتساب|إن وجد|إن وجدت"
    "|اختياري|إجباري|إلزامي|مطلوب|كما في الهوية|كما بالهوية|حسب الهوية|حسب الهوية الوطنية|كما في البطاقة|من الهوية"
    "|باللغة العربية|بدون مسافات|10 أرقام|أرقام فقط|يوم شهر سنة|سنة شهر يوم|نص|رقم|الأساسي|أساسي|الرئيسي|الشخصي"
    "|hijri|ah|gregorian|ad|whatsapp|if any|optional|required|mandatory|as in id|as on id|dd mm yyyy|yyyy mm dd"
    "|mm dd yyyy|primary|text"
)
"""What forms add to a heading without changing what the column holds."""

GENDERS = {
    "male": "ذكر|ذكور|رجل|ولد|male|m|man|boy|homme|1",
    "female": "أنثى|إناث|امرأة|بنت|female|f|woman|girl|femme|2",
}
GENDER_OF = {fold(word): gender for gender, words in GENDERS.items() for word in words.split("|")}

EMPTY = frozenset({"", "-", "--", "—", "/", ".", "?", "لا يوجد", "لايوجد", "بدون", "غير متوفر", "غير معروف",
                   "n/a", "na", "none", "nil", "null", "nan", "unknown"})  # fmt: skip
"""What clerks write for nothing, folded."""
NAMELESS = (*EMPTY, "بدون اسم", "بلا اسم", "مجهول", "مجهولة", "مجهول الاسم", "مجهولة الاسم", "لا اسم له", "no name",
            "unnamed", "not available", "not known", "not applicable", "xxx", "test")  # fmt: skip
"""What they write in place of a name, in small letters: two such records do not bear one name."""
