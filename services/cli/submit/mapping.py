"""The mapping file: what a charity says about a sheet that its headings do not say."""

import json
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from services.cli.submit.fields import LABELS
from shared.calendar import Calendar

Order = Literal["ymd", "dmy", "mdy"]


class MappingUnreadable(ValueError):
    """The mapping file cannot be used; the message says where it is wrong."""


def _known(field: str) -> str:
    if field not in LABELS:
        raise ValueError(f"there is no field {field!r}; fields are {', '.join(LABELS)}")
    return field


Field = Annotated[str, AfterValidator(_known)]


class DateStyle(BaseModel):
    """How the dates of one column are written. What is left out is told from the values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calendar: Calendar | None = None
    order: Order | None = None


class Mapping(BaseModel):
    """encoding, delimiter: of the file; None to find out.

    columns:   heading -> field; null for a column to be left alone. Headings not named here are recognised.
    dates:     field -> how its dates are written.
    words:     field -> the charity's word -> ours.
    constants: field -> what holds where a row says nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str | None = None
    delimiter: str | None = None
    columns: dict[str, Field | None] = {}
    dates: dict[Field, DateStyle] = {}
    words: dict[Field, dict[str, str]] = {}
    constants: dict[Field, str] = {}

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises MappingUnreadable."""
        try:
            return cls.model_validate(json.loads(path.read_bytes()))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise MappingUnreadable(f"{path.name}: {place}: {first['msg']}") from None
        except (OSError, ValueError) as error:
            raise MappingUnreadable(f"{path.name}: {error}") from None
