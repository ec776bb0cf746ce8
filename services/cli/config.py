"""`sijill config`: what each service would run with, secrets masked."""

from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.cli.settings import CommandSettings
from services.cli.up import plan
from services.cli.up.database import DATABASE
from services.cli.up.keys import FILE, Keys, load
from services.cli.up.record import running_house
from shared import postgres
from shared.settings import HouseSettings, masked

EMBEDDED = f"postgresql://sijill@127.0.0.1/{DATABASE}"  # its port is chosen when it starts


def show(data_dir: Path, console: Console) -> int:
    """What `sijill up` gives each service: the environment, else the house's own, else the default.

    Gives the exit status: 1 for a variable that is set wrong.
    """
    try:
        console.print(_table("sijill", CommandSettings()))
        for service in plan.installed():
            console.print(_table(service, settings_of(service, data_dir)))
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            variable = f"SIJILL_{'_'.join(map(str, each['loc']))}".upper()
            console.print(f"{variable}: {each['msg']}", style="red", soft_wrap=True, markup=False)
        return 1
    return 0


def settings_of(service: str, data_dir: Path) -> HouseSettings:
    """The settings of `service` in the house of `data_dir`, running or not; nothing is made or started.

    Raises pydantic's ValidationError for a variable that the user has set wrong.
    """
    keys = load(data_dir) if (data_dir / FILE).exists() else Keys()
    own = CommandSettings()
    record = running_house(data_dir)
    usual = {name: f"http://{own.host}:{port}" for name, port in own.ports().items()}
    server = postgres.running(data_dir / "postgres")
    admin_url = server.url(DATABASE) if server else EMBEDDED
    if own.database_url:
        admin_url = own.database_url.get_secret_value()
    told = plan.environment(service, data_dir, record.urls if record else usual, admin_url, keys)
    kind = _kind(service)
    fields = {name: f"SIJILL_{name.upper()}" for name in kind.model_fields}
    values: dict[str, Any] = {name: told[variable] for name, variable in fields.items() if variable in told}
    return kind(**values)


def _kind(service: str) -> type[HouseSettings]:
    """The settings class of `service`: the one that its settings.py makes."""
    module = import_module(f"services.{plan.package(service)}.settings")
    return next(
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, HouseSettings) and kind.__module__ == module.__name__
    )


def _table(name: str, settings: HouseSettings) -> Table:
    table = Table(title=name, title_justify="left", show_header=False)
    for variable, value in masked(settings).items():
        table.add_row(variable, value)
    return table
