"""What the doctor says: for each ailment what is wrong and what to do, in Arabic and English."""

from shared.errors import Text

WRONG: dict[str, tuple[Text, Text]] = {
    "postgres_missing": (
        Text("لا يوجد PostgreSQL على هذا الجهاز.", "There is no PostgreSQL on this machine."),
        Text(
            "ثبّت الإضافة localdb، أو اضبط SIJILL_DATABASE_URL على خادم قائم.",
            "Install the extra `localdb`, or set SIJILL_DATABASE_URL to a server that runs.",
        ),
    ),
    "database_unreachable": (
        Text(
            "قاعدة البيانات في {place} لا تجيب ({reason}).",
            "The database at {place} does not answer ({reason}).",
        ),
        Text(
            "تحقق من العنوان وكلمة المرور في SIJILL_DATABASE_URL ومن أن الخادم يعمل.",
            "Check the address and password in SIJILL_DATABASE_URL, and that the server runs.",
        ),
    ),
    "embedded_down": (
        Text("النظام يعمل لكن PostgreSQL المدمج متوقف.", "The house runs, but its embedded PostgreSQL is down."),
        Text(
            "أوقف النظام ثم شغّله: sijill up. السبب في {log}.",
            "Stop the house and start it again: `sijill up`. The cause is in {log}.",
        ),
    ),
    "migrations_behind": (
        Text(
            "جداول {service} عند النسخة {found}، والبرنامج يحتاج {needed}.",
            "The tables of {service} are at revision {found}; this version needs {needed}.",
        ),
        Text("شغّل sijill migrate.", "Run `sijill migrate`."),
    ),
    "port_taken": (
        Text(
            "المنفذ {port} الذي يريده {service} مشغول: {holder}.",
            "Port {port}, wanted by {service}, is taken by {holder}.",
        ),
        Text(
            "أوقف ذلك البرنامج، أو اضبط {variable} على منفذ آخر؛ وإلا اختار sijill up منفذاً غيره.",
            "Stop that program or set {variable} to another port; otherwise `sijill up` chooses one itself.",
        ),
    ),
    "disk_full": (
        Text(
            "القرص الذي فيه {place} ممتلئ: بقي {free} ميغابايت.",
            "The disk of {place} is full: {free} MB are left.",
        ),
        Text(
            "أفرغ مساحة قبل تشغيل النظام؛ لن يقبل PostgreSQL الكتابة بدونها.",
            "Make room before you start the house: PostgreSQL cannot write without it.",
        ),
    ),
    "disk_low": (
        Text(
            "مساحة القرص الذي فيه {place} قليلة: بقي {free} ميغابايت.",
            "The disk of {place} is low: {free} MB are left.",
        ),
        Text("أفرغ مساحة قريباً.", "Make room soon."),
    ),
    "secrets_unreadable": (
        Text("تعذّرت قراءة ملف الأسرار {place}.", "The file of secrets {place} cannot be read."),
        Text(
            "شغّل الأمر بحساب مالك الملف، أو استرجعه من نسخة احتياطية؛ بدونه لا تُفتح أرقام الهوية المختومة.",
            "Run as its owner, or restore it from a backup: without it, sealed national IDs stay sealed.",
        ),
    ),
    "secrets_exposed": (
        Text("ملف الأسرار {place} يقرؤه غير مالكه.", "The file of secrets {place} can be read by others."),
        Text("نفّذ: chmod 600 {place}", "Run: chmod 600 {place}"),
    ),
    "directory_unwritable": (
        Text("لا يمكن الكتابة في {place}.", "{place} cannot be written to."),
        Text(
            "أعط هذا الحساب حق الكتابة فيه، أو اضبط SIJILL_DATA_DIR على مجلد آخر.",
            "Let this account write there, or set SIJILL_DATA_DIR to another directory.",
        ),
    ),
    "service_silent": (
        Text("{service} لا يجيب على {url}.", "{service} does not answer at {url}."),
        Text("السبب في {log}.", "The cause is in {log}."),
    ),
    "service_not_ready": (
        Text("{service} يعمل لكنه غير جاهز: {checks}.", "{service} runs but is not ready: {checks}."),
        Text("أصلح ما سبق ذكره؛ والتفاصيل في {log}.", "Mend what is named above or here; details are in {log}."),
    ),
    "program_down": (
        Text("{service} متوقف.", "{service} is down."),
        Text(
            "السبب في {log}؛ ثم أعد تشغيل النظام: sijill up.",
            "The cause is in {log}; then start the house again: `sijill up`.",
        ),
    ),
    "setting_wrong": (
        Text("إعداد خاطئ: {variable}.", "A setting is wrong: {variable}."),
        Text(
            "صحّح قيمته أو احذفه؛ sijill config يعرض القيم.",
            "Correct or unset it; `sijill config` shows the values.",
        ),
    ),
}
ALL_WELL = Text("لا خلل. {state}", "Nothing is wrong. {state}")
RUNS = Text("النظام يعمل.", "The house is running.")
STANDS_STILL = Text("النظام متوقف؛ شغّله بالأمر sijill up.", "The house is not running; start it with `sijill up`.")
