"""Records of a file, normalised column by column: what the batch blocks on and compares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeVar
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from services.dedup.batch.coded import Codes, Flags, Ints
from services.dedup.batch.mapped import Mapped
from services.dedup.batch.names import Names
from services.dedup.batch.text import Words
from services.dedup.engine.phonetic import key
from services.dedup.engine.record import Birth, Record

T = TypeVar("T", bound=np.generic)
_LONGEST_NEAR = 13
"""Of longer identifiers only the whole is compared: the engine keeps no more of the near ones."""


@dataclass(frozen=True)
class Births:
    """Distinct births, and their parts as columns."""

    values: Sequence[Birth]

    @cached_property
    def columns(self) -> Mapping[str, Codes]:
        """ordinal, first, last, known (0 or 1), and year, month and day of the stored date."""
        dates = [date.fromordinal(birth.day) for birth in self.values]
        parts = {
            "ordinal": [birth.day for birth in self.values],
            "first": [birth.first for birth in self.values],
            "last": [birth.last for birth in self.values],
            "known": [birth.known for birth in self.values],
            "year": [day.year for day in dates],
            "month": [day.month for day in dates],
            "day": [day.day for day in dates],
        }
        return {name: np.array(values, dtype=np.int32) for name, values in parts.items()}


@dataclass(frozen=True)
class Records:
    """n records as columns of codes; NOTHING where nothing was typed.

    ids:      Arrow strings as typed, or the row's number.
    arabic, latin: rows of `names`; main: the one of them that blocking uses, Arabic if there is one.
    births:   codes of `birth_values`. id: codes of `id_values`, Arrow strings.
    phones:   n x the most phones any record has, codes of `phone_values`, Arrow strings in the order of length and
              then of text, as the engine takes the least one shared.
    zones:    n x 4, codes of `zone_values`: country, region, governorate, district; NOTHING from the first unknown on.
    address:  codes of distinct sets of words, which `address_words` holds.
    household: codes of a charity's own reference.
    source:   which input each record is from. mapped: columns that are no field, as they are compared.
    row:      of each record its row in the files, None where they are in the order of the rows.
    """

    ids: pa.Array
    names: Names
    arabic: Codes
    latin: Codes
    births: Codes
    birth_values: Births
    id: Codes
    id_values: pa.Array
    phones: Codes
    phone_values: pa.Array
    zones: Codes
    zone_values: Sequence[str]
    address: Codes
    address_words: Words
    gender: Codes
    genders: Sequence[str]
    role: Codes
    roles: Sequence[str]
    household: Codes
    charity: Codes
    source: Codes
    mapped: tuple[Mapped, ...] = ()
    row: Ints | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def by_id(self) -> "Records":
        """The same records in the order of their ids: what is found then does not depend on how a file was sorted."""
        order = pc.sort_indices(self.ids).to_numpy().astype(np.int64)
        columns = ("arabic", "latin", "births", "id", "phones", "zones", "address", "gender", "role", "household",
                   "charity", "source")  # fmt: skip
        mapped = tuple(replace(each, codes=each.codes[order]) for each in self.mapped)
        return replace(self, ids=self.ids.take(pa.array(order)), mapped=mapped, row=order,
                       **{name: getattr(self, name)[order] for name in columns})  # fmt: skip

    def rows(self, column: npt.NDArray[T]) -> npt.NDArray[T]:
        """What stands for each record, in the order of the files' rows."""
        if self.row is None:
            return column
        found = np.empty_like(column)
        found[self.row] = column
        return found

    @cached_property
    def main(self) -> Codes:
        return np.where(self.arabic >= 0, self.arabic, self.latin)

    @cached_property
    def depth(self) -> npt.NDArray[np.int64]:
        """How many levels of each record's zone are known."""
        return np.asarray((self.zones >= 0).sum(axis=1), dtype=np.int64)

    def plain(self, place: int) -> Record:
        """One record as the engine has it; its identifiers are made up from the place."""
        arabic, latin = (self.names.full(row) if row >= 0 else () for row in (self.arabic[place], self.latin[place]))
        id_token = self.id_values[self.id[place]].as_py() if self.id[place] >= 0 else None
        birth, household = self.births[place], self.household[place]
        return Record(
            record_id=UUID(int=place + 1),
            charity_id=UUID(int=int(self.charity[place]) + 1),
            arabic=arabic,
            latin=latin,
            keys=tuple(key(unit) for unit in arabic or latin),
            id_token=id_token,
            id_near=near_ids(id_token) if id_token else (),
            birth=self.birth_values.values[birth] if birth >= 0 else None,
            gender=_at(self.genders, self.gender[place]),
            phones=tuple(self.phone_values[code].as_py() for code in self.phones[place] if code >= 0),
            zone_path=tuple(self.zone_values[code] for code in self.zones[place] if code >= 0),
            address=self.address_words.of(self.address[place]) if self.address[place] >= 0 else (),
            household=str(household) if household >= 0 else None,
            role=_at(self.roles, self.role[place]),
        )


def near_ids(text: str) -> tuple[str, ...]:
    """One for each character left out; two identifiers that share one differ by a slip of the hand."""
    if len(text) > _LONGEST_NEAR:
        return ()
    return tuple(sorted({text[:place] + text[place + 1 :] for place in range(len(text))}))


def _at(values: Sequence[str], code: int) -> str | None:
    return values[code] if code >= 0 else None


def counts(codes: Codes, values: int) -> Ints:
    """How many records hold each value."""
    held: Flags = codes >= 0
    return np.bincount(codes[held], minlength=values)
