"""The settings as docs/operations.md must tell them."""

from pathlib import Path

from services.cli.onboarding.settings import AccessSettings
from services.cli.settings import CommandSettings
from services.dedup.settings import DedupSettings
from services.identity.settings import IdentitySettings
from services.nafath_mock.settings import NafathMockSettings
from services.registry.settings import RegistrySettings
from shared.settings import HouseSettings

READERS: dict[str, type[HouseSettings]] = {
    "registry": RegistrySettings,
    "dedup": DedupSettings,
    "identity": IdentitySettings,
    "mock": NafathMockSettings,
    "sijill": CommandSettings,
    "callers": AccessSettings,
}
"""Who reads which settings: each service with its worker; the commands that run the house; those that call it."""


def expected() -> dict[str, tuple[str, str]]:
    """Variable -> who reads it, and its default; `required` has none."""
    table = {f"SIJILL_{name.upper()}": ("all", _default(HouseSettings, name)) for name in HouseSettings.model_fields}
    for reader, kind in READERS.items():
        for name in kind.model_fields.keys() - HouseSettings.model_fields.keys():
            variable = f"SIJILL_{name.upper()}"
            readers = [table[variable][0]] if variable in table else []
            table[variable] = (", ".join([*readers, reader]), _default(kind, name))
    return table


def _default(kind: type[HouseSettings], name: str) -> str:
    field = kind.model_fields[name]
    if field.is_required():
        return "required"
    if "SecretStr" in str(field.annotation):
        return "none" if field.default is None else "set"
    return "none" if field.default is None else _plain(field.default)


def _plain(value: object) -> str:
    return (
        str(value).lower() if isinstance(value, bool) else value.as_posix() if isinstance(value, Path) else str(value)
    )
