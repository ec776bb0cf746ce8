"""A PostgreSQL cluster on disk: its making, password, settings and version."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from shared.postgres_programs import Account, PostgresUnavailable, major_version

ROLE = "sijill"
PASSWORD = "password"  # noqa: S105  (a file's name)
TUNING = {  # for a laptop of two cores; `start(..., shared_buffers="2GB")` overrides
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
}
FIXED = {  # what durability and privacy rest on
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # a DETAIL line quotes the row
    "log_min_error_statement": "panic",
}


def password(directory: Path) -> str:
    """The superuser's password, made the first time and kept in a file that only we can read."""
    file = directory / PASSWORD
    if not file.exists():
        draft = file.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as secret:
            secret.write(secrets.token_urlsafe(32))
        draft.replace(file)
    return file.read_text("utf-8")


def initialise(directory: Path, cluster: Path, bin_dir: Path, runner: Account | None) -> None:
    """Make the cluster as `runner` beside its place and move it there whole: a kill leaves no half of one.

    Text sorts and folds by code point (C.UTF-8) alike on every machine. Raises PostgresUnavailable.
    """
    draft = cluster.with_name("cluster.draft")
    secret = cluster.with_name("cluster.password")
    shutil.rmtree(draft, ignore_errors=True)
    secret.unlink(missing_ok=True)
    draft.mkdir(mode=0o700)
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password(directory))
    if runner:
        os.chown(draft, runner.uid, runner.gid)
        os.chown(secret, runner.uid, runner.gid)
    made = _initdb(bin_dir, draft, secret, runner)
    secret.unlink()
    if made.returncode != 0:
        raise PostgresUnavailable(f"initdb failed: {made.stderr.strip()}")
    draft.rename(cluster)


def _initdb(bin_dir: Path, draft: Path, secret: Path, runner: Account | None) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [bin_dir / "initdb", "--pgdata", draft, "--username", ROLE, "--pwfile", secret]
    command += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--encoding=UTF8", *_locale(bin_dir)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd="/", env={"LC_ALL": "C", "PATH": os.defpath},
        user=runner.uid if runner else None, group=runner.gid if runner else None,
        extra_groups=[] if runner else None,
    )  # fmt: skip


def check_version(cluster: Path, bin_dir: Path) -> None:
    """Raises PostgresUnavailable if the cluster was made by another major version than the programs'."""
    ours, theirs = major_version(bin_dir), int((cluster / "PG_VERSION").read_text("utf-8"))
    if ours != theirs:
        message = f"{cluster} was made by PostgreSQL {theirs}, and {ours} is installed: dump it with the old one"
        raise PostgresUnavailable(message)


def _locale(bin_dir: Path) -> list[str]:
    if major_version(bin_dir) >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]
