"""What the linkage bench counts of a process."""

import sys
from pathlib import Path

import pytest

from tests.bench.linkage.process import Failed, run

MEBIBYTE = 1 << 20
HOLDING = "import time; held = bytearray({size}); time.sleep(0.4)"


def test_the_memory_of_a_process_and_of_its_child_is_added(tmp_path: Path) -> None:
    size = 64 * MEBIBYTE
    alone = HOLDING.format(size=size)
    with_child = f"import subprocess, sys; held = bytearray({size}); subprocess.run([sys.executable, '-c', {alone!r}])"

    one = run([sys.executable, "-c", alone], tmp_path / "log")
    two = run([sys.executable, "-c", with_child], tmp_path / "log")

    assert size < one.peak_bytes < 2 * size < two.peak_bytes
    assert one.seconds >= 0.4


def test_what_a_failing_process_said_last_is_told(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no such luck"):
        run([sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path / "log")
