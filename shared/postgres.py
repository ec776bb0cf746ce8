"""The embedded PostgreSQL: set up, started, adopted and stopped without a wrapper or a daemon.

    server = start(Path(".sijill/postgres"))
    server.admin_url        # postgresql://sijill:…@127.0.0.1:41873/postgres
    server.stop()

The directory holds the password (mode 0600), the locks and the log; the cluster lies in it too, unless we
are root and the account that PostgreSQL must run as cannot reach it (the file `location` then says where;
see `shared.postgres_programs`). PostgreSQL runs in the foreground as a child of ours, in a session of its
own: it outlives us when we are killed, and the next `start` adopts it. Only the password opens it, and only
from this machine.

It is alive as long as it, or any process it forked, holds the lock on the file `running`, which it inherits.
The kernel lets go of that lock when the last of them ends, however it ends: no process number is trusted.
"""

import contextlib
import fcntl
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from shared.postgres_cluster import FIXED, PASSWORD, ROLE, TUNING, check_version, initialise, password
from shared.postgres_programs import PostgresUnavailable, account, place, programs

__all__ = ["PostgresUnavailable", "Server", "erase", "running", "start"]

log = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds for a start, crash recovery included
PORT_ATTEMPTS = 5
ASK_FOR_TLS = bytes.fromhex("00000008 04d2162f")  # the protocol's SSLRequest, answered with N or S
LARGEST_LOG = 10 * 2**20  # bytes
CHILDREN: "dict[int, subprocess.Popen[bytes]]" = {}  # kept to reap them: they may outlive the Server value


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL, a child of ours or adopted."""

    pid: int
    port: int
    directory: Path
    password: str = field(repr=False)

    @property
    def admin_url(self) -> str:
        return self.url("postgres")

    def url(self, database: str) -> str:
        """The address of `database` for the superuser."""
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def alive(self) -> bool:
        """Whether any of its processes lives; it may be on its way up or down."""
        return _held(self.directory)

    def stop(self, patience: float = 30.0) -> None:
        """Disconnect everybody, write a checkpoint and end; after `patience` seconds without the checkpoint.

        Committed rows are safe either way. Raises PostgresUnavailable if it does not end.
        """
        for kind, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0)):
            if self.alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, kind)
            deadline = time.monotonic() + seconds
            while self.alive and time.monotonic() < deadline:
                time.sleep(0.01)
            if not self.alive:
                return
        raise PostgresUnavailable(f"PostgreSQL (process {self.pid}) does not stop")


def start(directory: Path, port: int | None = None, **settings: str) -> Server:
    """The server of `directory`: adopted if it runs already, else started, after `initdb` the first time.

    port: where a new one listens, by default a free port. settings: PostgreSQL's own names and values, over
    TUNING. Both are ignored when the server is adopted.
    Two commands that call this at one moment get the same server. Raises PostgresUnavailable.
    """
    directory = directory.resolve()
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    with _alone(directory):
        cluster = _cluster(directory)
        if adopted := _adopt(directory, cluster):
            return adopted
        bin_dir = programs(account(cluster))
        if not (cluster / "PG_VERSION").exists():
            initialise(directory, cluster, bin_dir, account(cluster))
        check_version(cluster, bin_dir)
        return _launch(directory, cluster, bin_dir, {**TUNING, **settings, **FIXED}, port)


def running(directory: Path) -> Server | None:
    """The server of `directory` if it runs; nothing is started."""
    directory = directory.resolve()
    if not (directory / PASSWORD).exists():
        return None
    with _alone(directory):
        return _adopt(directory, _cluster(directory))


def erase(directory: Path) -> None:
    """Stop the server of `directory` and remove its data for good, wherever they lie."""
    directory = directory.resolve()
    if server := running(directory):
        server.stop()
    if directory.exists():
        cluster = _cluster(directory)
        if cluster.parent != directory and cluster.parent.exists():
            shutil.rmtree(cluster.parent)
        shutil.rmtree(directory)


def _cluster(directory: Path) -> Path:
    return place(directory, account(directory / "cluster")) / "cluster"


def _held(directory: Path) -> bool:
    """Whether the lock of the server's processes is taken. Reaps those of ours that ended."""
    for child in CHILDREN.values():
        child.poll()
    with (directory / "running").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Keep other commands from starting the server of `directory` meanwhile; waits for its turn."""
    deadline = time.monotonic() + PATIENCE
    try:
        lock = (directory / "lock").open("a")
    except PermissionError as error:
        raise PostgresUnavailable(f"{directory} belongs to another user: run as that user") from error
    with lock:
        while not _taken(lock):
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"another command has held {lock.name} for a minute")
            time.sleep(0.01)
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _status(cluster: Path) -> tuple[int, int] | None:
    """Process number and port that postmaster.pid gives, once it says ready; a dead server leaves it so."""
    try:
        lines = (cluster / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return int(lines[0]), int(lines[3])


def _adopt(directory: Path, cluster: Path) -> Server | None:
    """The server that already runs, once it is ready; None as soon as there is none."""
    deadline = time.monotonic() + PATIENCE
    while _held(directory):
        if (status := _status(cluster)) and _answers(status[1]):
            log.info("embedded PostgreSQL adopted", extra={"pid": status[0], "port": status[1]})
            return Server(*status, directory, password(directory))
        if time.monotonic() > deadline:
            raise PostgresUnavailable(f"the PostgreSQL of {directory} neither gets ready nor ends")
        time.sleep(0.01)
    return None


def _answers(port: int) -> bool:
    """Whether a server there forks and talks: one that was just killed may still listen for a moment."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0) as probe:
            probe.sendall(ASK_FOR_TLS)
            return probe.recv(1) in (b"N", b"S")
    except OSError:
        return False


def _launch(directory: Path, cluster: Path, bin_dir: Path, settings: dict[str, str], wanted: int | None) -> Server:
    """Start the server and wait until it is ready; unless a port is wanted, try another if that one is lost."""
    for attempt in range(1, PORT_ATTEMPTS + 1):
        # A number left by a dead server may be another process's by now, which PostgreSQL would respect.
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        began = time.monotonic()
        port = wanted or _free_port()
        child = _spawn(directory, cluster, bin_dir, {**settings, "port": str(port)})
        while child.poll() is None and time.monotonic() < began + PATIENCE:
            if _status(cluster) == (child.pid, port):
                log.info("embedded PostgreSQL started", extra={"pid": child.pid, "port": port})
                CHILDREN[child.pid] = child
                return Server(child.pid, port, directory, password(directory))
            time.sleep(0.005)
        child.terminate()
        child.wait()
        reason = _last_lines(directory)
        if attempt == PORT_ATTEMPTS or not re.search(r"could not bind", reason):
            break
    raise PostgresUnavailable(f"PostgreSQL does not start; {directory / 'server.log'} ends with:\n{reason}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _spawn(directory: Path, cluster: Path, bin_dir: Path, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    """The server's first process, holding the lock `running`."""
    runner = account(cluster)
    command = [str(bin_dir / "postgres"), "-D", str(cluster.resolve())]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    file = directory / "server.log"
    if file.exists() and file.stat().st_size > LARGEST_LOG:
        file.replace(file.with_suffix(".log.1"))
    with file.open("ab") as output, (directory / "running").open("a") as lock:
        if not _taken(lock):
            raise PostgresUnavailable(f"another PostgreSQL has just started in {directory}")
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True,
            env={"LC_ALL": "C", "PATH": os.defpath}, pass_fds=[lock.fileno()],
            user=runner.uid if runner else None, group=runner.gid if runner else None,
            extra_groups=[] if runner else None,
        )  # fmt: skip


def _last_lines(directory: Path) -> str:
    return "\n".join((directory / "server.log").read_text("utf-8", "replace").splitlines()[-8:])
