"""One thing that is wrong."""

from dataclasses import dataclass, field

from services.cli.doctor.texts import WRONG


@dataclass(frozen=True, slots=True)
class Ailment:
    """code: one of WRONG. facts: what fills its sentences; never a secret."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)

    def wrong(self, language: str) -> str:
        return WRONG[self.code][0].in_language(language).format(**self.facts)

    def remedy(self, language: str) -> str:
        return WRONG[self.code][1].in_language(language).format(**self.facts)
