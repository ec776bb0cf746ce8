"""Arabic text made neutral to spelling and to the keyboard it was typed on.

Folding loses letters on purpose: store the text as typed beside it.
"""

import re
import unicodedata

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

# One target a letter group: forms that clerks use for one another without meaning another name.
_LETTERS = {
    **dict.fromkeys("أإآٱٲٳ", "ا"),
    **dict.fromkeys("ىئیےېۍ", "ي"),
    "ؤ": "و",
    "ۇ": "و",
    **dict.fromkeys("ةەۀہۂھۃ", "ه"),
    "ک": "ك",
    "ڪ": "ك",
    "گ": "ك",
    "پ": "ب",
    "چ": "ج",
    "ڤ": "ف",
    "ء": None,
    "ـ": None,
}
_FOLD = str.maketrans(_LETTERS)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u00ad]")
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
# Letters and digits that NFKC leaves as they are: most names hold nothing else.
_PLAIN = re.compile("[\u0621-\u063a\u0640-\u064a\u0660-\u0669 ]*")
_FOLD_PLAIN = _FOLD | _DIGITS


def ascii_digits(text: str) -> str:
    """`text` with Arabic-Indic and Persian digits as ASCII digits; all else unchanged."""
    return text.translate(_DIGITS)


def fold(text: str) -> str:
    """`text` without what spelling leaves open; equal for two spellings of one Arabic word.

    Folded: forms of alef, ta marbuta and ha, alef maqsura and ya, seats of the hamza (the hamza
    alone is dropped), Persian and Urdu look-alikes, tatweel, diacritics, zero-width and
    bidirectional marks, presentation forms, digits, case and runs of spaces. Idempotent.
    """
    if _PLAIN.fullmatch(text):
        text = text.translate(_FOLD_PLAIN)
    elif not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
        text = _MARKS.sub("", text).translate(_FOLD)
    return " ".join(ascii_digits(text).split()).lower()
