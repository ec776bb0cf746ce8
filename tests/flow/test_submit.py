"""`sijill charity add`, `client add` and `submit` against a real house, as an operator and a charity use them."""

import asyncio
import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from services.cli.up.house import House

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "jeddah-women.csv"
LICENCE = "99002"
REFUSED_ROWS = 2


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a running house."""
    place = tmp_path_factory.mktemp("submit") / "house"
    ready, told, failed = Event(), Event(), []

    async def stand() -> None:
        async with House(place, free_ports=True):
            ready.set()
            await asyncio.to_thread(told.wait)

    def run() -> None:
        try:
            asyncio.run(stand())
        except RuntimeError as error:
            failed.append(error)
        finally:
            ready.set()

    thread = Thread(target=run)
    thread.start()
    try:
        assert ready.wait(180)
        assert failed == []
        yield place
    finally:
        told.set()
        thread.join(60)


def sijill(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.cli.main", *arguments, "--data-dir", str(house)]
    return subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=200, check=False
    )


@pytest.fixture(scope="module")
def charity(house: Path) -> str:
    """The licence number of a charity with a client on this machine."""
    name = "جمعية نماء الأسر المنتجة"
    added = sijill(house, "charity", "add", LICENCE, "--name-ar", name, "--name-en", "Namaa", "--zone", "SA-02-02")
    assert added.returncode == 0, added.stdout + added.stderr
    made = sijill(house, "client", "add", "--charity", LICENCE)
    assert made.returncode == 0, made.stdout + made.stderr
    return LICENCE


def answered(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_file_that_is_sent_twice_is_stored_once(house: Path, charity: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    once = sijill(house, "submit", str(FILE), "--charity", charity, "--out", str(first))
    again = sijill(house, "submit", str(first), "--charity", charity, "--out", str(second))

    assert (once.returncode, again.returncode) == (REFUSED_ROWS, REFUSED_ROWS), once.stdout + once.stderr
    assert "57 were here before" in again.stdout
    assert second.read_bytes() == first.read_bytes()


def test_rows_with_a_mistake_say_where_and_the_others_go_in(house: Path, charity: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    sijill(house, "submit", str(FILE), "--charity", charity, "--out", str(out))
    rows = answered(out)
    errors = {row["File No"]: row["sijill_error"] for row in rows if row["sijill_error"]}

    assert Counter(row["sijill_status"] == "not_stored" for row in rows) == {False: 57, True: 3}
    assert set(errors) == {"W00338", "W00333", "W00386"}
    assert errors["W00338"].startswith('"Date of Birth"')
    assert errors["W00333"].startswith('"Zone Code"')
    assert errors["W00386"].startswith('"Amount"')
    assert all(row["sijill_request"] for row in rows if row["File No"] not in errors)


def test_the_same_answers_can_be_had_in_arabic(house: Path, charity: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    sijill(house, "submit", str(FILE), "--charity", charity, "--lang", "ar", "--out", str(out))

    assert {row["سجل_الحالة"] for row in answered(out)} <= {"سليم", "موقوف للمراجعة", "لم يُحفظ"}


def test_a_file_is_not_sent_as_another_charity(house: Path, charity: str, tmp_path: Path) -> None:
    added = sijill(house, "charity", "add", "99777", "--name-ar", "جمعية أخرى")
    kept = next((house / "clients").glob("*.json"))
    sent = sijill(house, "submit", str(FILE), "--charity", "99777", "--secret-file", str(kept), "--out",
                  str(tmp_path / "out.csv"))  # fmt: skip

    assert (added.returncode, sent.returncode) == (0, 1)
    assert "do not act for charity 99777; nothing was sent" in sent.stdout
    assert not (tmp_path / "out.csv").exists()


def test_a_licence_number_is_registered_once(house: Path, charity: str) -> None:
    again = sijill(house, "charity", "add", charity, "--name-ar", "جمعية ثالثة")

    assert again.returncode == 1
    assert "licence number" in again.stdout


def test_a_token_is_printed_and_nothing_beside_it(house: Path, charity: str) -> None:
    printed = sijill(house, "token", charity)

    assert printed.returncode == 0
    assert printed.stdout.count(".") == 2
    assert len(printed.stdout.split()) == 1


def test_without_a_house_it_is_said_what_to_do(tmp_path: Path) -> None:
    nowhere = sijill(tmp_path, "submit", str(FILE), "--charity", "99002", "--out", str(tmp_path / "out.csv"))

    assert nowhere.returncode == 1
    assert "sijill up" in nowhere.stdout
