"""Settings that every service reads, once, from variables named SIJILL_…; nothing else reads the environment.

What has no default must be set, or the process does not start. Secrets are `SecretStr`: `sijill config`
prints them masked.
"""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class HouseSettings(BaseSettings):
    """What all processes of the house have in common. Durations are in seconds."""

    model_config = SettingsConfigDict(env_prefix="SIJILL_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    data_dir: Path = Path(".sijill")
    log_level: str = "INFO"
    issuer: str = "http://127.0.0.1:8603"
    otlp_endpoint: str | None = None
    database_pool_size: int = 8
    max_body_bytes: int = 1_000_000


def masked(settings: HouseSettings) -> dict[str, str]:
    """The effective values by variable name, secrets and passwords in URLs hidden."""
    prefix = settings.model_config.get("env_prefix", "")
    return {f"{prefix}{name}".upper(): _shown(value) for name, value in sorted(settings)}


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return _without_password(value.get_secret_value()) if "://" in value.get_secret_value() else "********"
    return str(value)


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    credentials, at, place = rest.rpartition("@")
    user = credentials.partition(":")[0]
    return f"{scheme}://{user}:********@{place}" if at else url
