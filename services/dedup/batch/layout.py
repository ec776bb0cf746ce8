"""Which columns of a file are read as what: fields of a person, or comparisons that its mapping asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.dedup.batch.fields import FILLED, HEAD_ID, HEAD_NAME, HEAD_PHONE, JOINED
from services.dedup.batch.headings import recognised
from services.dedup.batch.mapped import Spec
from shared.arabic import fold

Told = str | Spec | None
"""What a mapping says of a column: its field, a comparison, or that it is to be left alone."""
_NO_EVIDENCE = frozenset({"record_id", "charity_id", "source_ref", "household_role"})
_OF_NAMES = frozenset({"full_name", "full_name_latin", "given_name", "family_name"})
_SEVERAL = FILLED | JOINED.keys()


@dataclass(frozen=True)
class Layout:
    """fields: field -> its headings, one unless the field takes several. compared: comparison -> heading.

    unread: headings of which nothing is known, or that say again what another one says.
    """

    fields: Mapping[str, tuple[str, ...]]
    compared: Mapping[str, str]
    unread: tuple[str, ...]

    @property
    def has_evidence(self) -> bool:
        """Whether a column says anything by which persons are told apart."""
        return bool(set(self.fields) - _NO_EVIDENCE or self.compared)


def layout(headings: Sequence[str], told: Mapping[str, Told]) -> Layout:
    """told: folded heading -> what the mapping says of it; it goes before what headings say of themselves.

    A head of household's name, ID and phone are the person's in a sheet that names no other person; beside a
    person's own name the head's ID tells households apart.
    """
    named = {heading: told[fold(heading)] for heading in headings if fold(heading) in told}
    compared: dict[str, str] = {}
    for heading, spec in named.items():
        if isinstance(spec, Spec):
            compared.setdefault(spec.name, heading)
    fields: dict[str, tuple[str, ...]] = {}
    for heading, field in (*named.items(), *_by_themselves(headings, named).items()):
        if isinstance(field, str) and (field not in fields or field in _SEVERAL):
            fields[field] = (*fields.get(field, ()), heading)
    read = {heading for several in fields.values() for heading in several} | set(compared.values())
    left = tuple(heading for heading in headings if heading not in read and named.get(heading, "") is not None)
    return Layout(fields, compared, left)


def _by_themselves(headings: Sequence[str], named: Mapping[str, Told]) -> dict[str, str]:
    """Heading -> field, for those of which the mapping says nothing."""
    known = {heading: recognised(heading) for heading in headings if heading not in named}
    found = {heading: field for heading, field in known.items() if field is not None}
    theirs = {*found.values(), *(field for field in named.values() if isinstance(field, str))}
    heads = {HEAD_NAME: "full_name", HEAD_ID: "national_id", HEAD_PHONE: "phone"}
    if theirs & _OF_NAMES:
        heads = {HEAD_ID: "household_id_source", HEAD_PHONE: "phone"}
    heads = {head: field for head, field in heads.items() if field not in theirs}
    return {heading: heads.get(field, field) for heading, field in found.items()
            if field in heads or field not in (HEAD_NAME, HEAD_ID, HEAD_PHONE)}  # fmt: skip
