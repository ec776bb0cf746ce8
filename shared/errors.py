"""What can go wrong, as kinds that know nothing of HTTP; `shared.web` gives each kind its status.

Every error carries a stable code and one plain sentence in Arabic and in English.
A message names what is wrong and how to mend it, and never repeats what a person typed:
it may be logged.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages of the house."""

    ar: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.ar


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with an input: where (RFC 6901 pointer), which kind, and how to mend it."""

    pointer: str
    code: str
    message: Text


class SijillError(Exception):
    """Anything the house says no to. Subclass a kind below, not this."""

    code: ClassVar[str] = "error"
    text: ClassVar[Text] = Text("حدث خطأ.", "Something went wrong.")

    def __init__(self, *, text: Text | None = None, flaws: tuple[Flaw, ...] = ()) -> None:
        self.message = text or self.text
        self.flaws = flaws
        super().__init__(self.message.en)


class Malformed(SijillError):
    """The input cannot be read at all."""


class Invalid(SijillError):
    """The input was read, and breaks a rule."""


class Unauthenticated(SijillError):
    """Nobody is known to be calling."""


class Forbidden(SijillError):
    """The caller is known and may not do this."""


class NotFound(SijillError):
    """There is no such thing, or the caller may not know of it: the two look alike."""


class Conflict(SijillError):
    """The thing is not in a state that allows this."""


class Stale(SijillError):
    """The caller's copy is not the newest one."""


class PreconditionMissing(SijillError):
    """The caller must say which copy he means."""


class TooLarge(SijillError):
    """More bytes than are taken."""


class UnsupportedMedia(SijillError):
    """A media type that is not read here."""


class TooMany(SijillError):
    """More calls than are taken; try again later."""


class Unavailable(SijillError):
    """Something needed did not answer. Never an empty answer."""
