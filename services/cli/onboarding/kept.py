"""Clients that this machine made and keeps the secrets of: a file each, for its owner's eyes only."""

import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = "clients"


class KeptClient(BaseModel):
    """A client with its secret. charity_id, licence_number: of the charity that it acts for, if it does."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    client_id: str
    client_secret: str = Field(repr=False)
    roles: tuple[str, ...]
    charity_id: str | None = None
    licence_number: str | None = None

    def names(self) -> tuple[str | None, ...]:
        """What a person may call it by. A charity's client goes by its charity, as there are many of that role."""
        roles = () if self.charity_id else self.roles
        return (self.client_id, self.charity_id, self.licence_number, *roles)

    def keep(self, data_dir: Path) -> Path:
        """Write the file; gives its path."""
        folder = data_dir / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{self.client_id}.json"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.model_dump_json(indent=1, exclude_none=True))
        return path

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """None if the file is not one of these."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError:
            return None


def find(data_dir: Path, named: str) -> KeptClient | None:
    """The newest client kept here for the charity of this id or licence number, or of this role or client id."""
    files = sorted((data_dir / FOLDER).glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    clients = [client for file in files if (client := KeptClient.read(file))]
    return next((each for each in clients if named in each.names()), None)
