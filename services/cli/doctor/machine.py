"""The machine: disk, directory, secrets, ports, programs."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from services.cli.doctor.ailment import Ailment
from services.cli.settings import CommandSettings
from services.cli.up import keys, plan, ports
from services.cli.up.record import Record
from shared.postgres_programs import PostgresUnavailable, account, programs

FULL = 256 * 10**6  # bytes
LOW = 2 * 10**9  # bytes


def check(data_dir: Path, settings: CommandSettings, house: Record | None) -> Iterator[Ailment]:
    yield from disk(data_dir)
    yield from directory(data_dir)
    yield from secrets(data_dir)
    if house is None:
        yield from wanted_ports(settings)
    if settings.database_url is None:
        yield from postgres_programs(data_dir)


def disk(data_dir: Path) -> Iterator[Ailment]:
    place = _nearest(data_dir)
    left = shutil.disk_usage(place).free
    if left < LOW:
        facts = {"place": str(place), "free": str(left // 10**6)}
        yield Ailment("disk_full" if left < FULL else "disk_low", facts)


def directory(data_dir: Path) -> Iterator[Ailment]:
    place = _nearest(data_dir)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        yield Ailment("directory_unwritable", {"place": str(place)})


def secrets(data_dir: Path) -> Iterator[Ailment]:
    file = data_dir / keys.FILE
    if not file.exists():
        return
    try:
        keys.load(data_dir)
    except keys.KeysUnreadable:
        yield Ailment("secrets_unreadable", {"place": str(file)})
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Ailment("secrets_exposed", {"place": str(file)})


def wanted_ports(settings: CommandSettings) -> Iterator[Ailment]:
    wanted = settings.ports()
    for service in plan.installed():
        port = wanted[service]
        if port and not ports.is_free(settings.host, port):
            variable = f"SIJILL_{plan.package(service).upper()}_PORT"
            by = ports.holder(port) or "?"
            yield Ailment("port_taken", {"port": str(port), "service": service, "holder": by, "variable": variable})


def postgres_programs(data_dir: Path) -> Iterator[Ailment]:
    try:
        programs(account(data_dir / "postgres" / "cluster"))
    except PostgresUnavailable:
        yield Ailment("postgres_missing")


def _nearest(path: Path) -> Path:
    """`path`, or what exists of it."""
    return next(step for step in (path.absolute(), *path.absolute().parents) if step.exists())
