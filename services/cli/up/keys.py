"""The secrets of one house: made at its first start, kept in one file that only its owner can read."""

import os
import secrets
from base64 import b64encode
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

FILE = "secrets.json"
ROLES = ("registry", "screening", "oversight", "dedup", "identity")
"""A PostgreSQL role `sijill_<name>` each."""


class KeysUnreadable(RuntimeError):
    """The file of secrets cannot be read; without it what is sealed in the database stays sealed."""


def _password() -> str:
    return secrets.token_urlsafe(32)


def _key() -> str:
    return b64encode(os.urandom(32)).decode()


class Keys(BaseModel):
    """roles: passwords by name in ROLES. clients: secrets of the deployment's own clients, by client id."""

    model_config = ConfigDict(frozen=True)

    roles: dict[str, str] = Field(repr=False, default_factory=lambda: {role: _password() for role in ROLES})
    clients: dict[str, str] = Field(
        repr=False, default_factory=lambda: {client: _password() for client in ("registry", "operator")}
    )
    national_id_key: str = Field(repr=False, default_factory=_key)
    identity_sealing_key: str = Field(repr=False, default_factory=_key)


def load(data_dir: Path) -> Keys:
    """The keys of the house in `data_dir`. Raises KeysUnreadable."""
    try:
        return Keys.model_validate_json((data_dir / FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise KeysUnreadable(f"cannot read {data_dir / FILE} ({type(error).__name__})") from None


def load_or_make(data_dir: Path) -> Keys:
    """As `load`; the first time, new ones. The file is put in place whole."""
    if not (data_dir / FILE).exists():
        draft = data_dir / f"{FILE}.draft"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(Keys().model_dump_json(indent=1))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(data_dir / FILE)
    return load(data_dir)
