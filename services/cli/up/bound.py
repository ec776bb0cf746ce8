"""Become another program that ends when its parent does:  python bound.py PARENT COMMAND ARGUMENT…

Linux alone can promise it. The promise is made here and not between fork and exec of the supervisor,
where other threads may hold locks.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the promise was made
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606  (the supervisor's own command, no shell)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
