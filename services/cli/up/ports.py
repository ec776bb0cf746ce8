"""Which ports are free, and who has those that are not."""

import errno
import os
import socket
from pathlib import Path

LISTENING = "0A"  # in /proc/net/tcp


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def free(host: str) -> int:
    """A port that nobody has, of the system's choice."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def holder(port: int) -> str | None:
    """Program and process number of whoever listens on `port`, as far as this system and user may know."""
    inodes = _listeners(port)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(handle) in inodes for handle in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text('utf-8').strip()} (process {process.name})"
        except OSError:  # ended meanwhile, or another user's
            continue
    return None


def _listeners(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        lines = table.read_text("ascii").splitlines()[1:] if table.exists() else []
        for columns in map(str.split, lines):
            if columns[3] == LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{columns[9]}]")
    return found
