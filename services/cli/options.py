"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

HERE = Path(".sijill")

DataDir = Annotated[Path, typer.Option(envvar="SIJILL_DATA_DIR", help="Where the house keeps its data.")]
RegistryUrl = Annotated[
    str | None, typer.Option(help="By default SIJILL_REGISTRY_URL, else the house that runs on the data directory.")
]
Issuer = Annotated[
    str | None, typer.Option(help="The identity service. By default SIJILL_ISSUER, else the running house's.")
]
ClientId = Annotated[str | None, typer.Option(help="By default SIJILL_CLIENT_ID, else a client kept on this machine.")]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False,
        help="The client's secret, alone or as `sijill client add` wrote it. By default SIJILL_CLIENT_SECRET.",
    ),
]  # fmt: skip


def _known(region: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS

    if region.upper() not in SUPPORTED_REGIONS:
        raise typer.BadParameter("two letters of a country are meant, like SA, MA or EG")
    return region.upper()


Region = Annotated[
    str, typer.Option(callback=_known, help="Country of phones that are written without one, in two letters.")
]


class Language(StrEnum):
    EN = "en"
    AR = "ar"
