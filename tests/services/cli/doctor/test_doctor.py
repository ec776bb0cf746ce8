"""The doctor, on machines that are really ill."""

import json
import socket
from collections import namedtuple
from pathlib import Path
from string import Formatter

import asyncpg
import pytest
from typer.testing import CliRunner

from services.cli.doctor import command, machine
from services.cli.doctor.texts import WRONG
from services.cli.main import app
from services.cli.up import keys
from services.cli.up.house import House
from shared import postgres

PORTS = ("REGISTRY", "DEDUP", "IDENTITY", "NAFATH_MOCK")


@pytest.fixture(autouse=True)
def any_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other houses on this machine are not what is tested."""
    for name in PORTS:
        monkeypatch.setenv(f"SIJILL_{name}_PORT", "0")
    monkeypatch.delenv("SIJILL_DATABASE_URL", raising=False)


async def codes(data_dir: Path) -> list[str]:
    return [ailment.code for ailment in await command.examine(data_dir)]


async def test_a_machine_without_a_house_is_well(tmp_path: Path) -> None:
    assert await codes(tmp_path / "new") == []
    assert not (tmp_path / "new").exists()


async def test_it_names_the_port_and_who_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("SIJILL_DEDUP_PORT", port)
        (ailment,) = await command.examine(tmp_path)

    assert (ailment.code, ailment.facts["port"], ailment.facts["service"]) == ("port_taken", port, "dedup")
    assert "process" in ailment.facts["holder"]


@pytest.mark.parametrize(("free", "code"), [(10**8, "disk_full"), (10**9, "disk_low")])
async def test_it_sees_a_disk_that_fills_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, code: str
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage(10**12, 10**12 - free, free))

    assert await codes(tmp_path) == [code]


async def test_it_sees_secrets_that_are_torn_or_open_to_others(tmp_path: Path) -> None:
    keys.load_or_make(tmp_path)
    (tmp_path / keys.FILE).chmod(0o644)
    assert await codes(tmp_path) == ["secrets_exposed"]

    (tmp_path / keys.FILE).chmod(0o600)
    (tmp_path / keys.FILE).write_text("{torn")
    assert await codes(tmp_path) == ["secrets_unreadable"]


async def test_a_database_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIJILL_DATABASE_URL", "postgresql://owner:hunter2@127.0.0.1:1/none")
    (ailment,) = await command.examine(tmp_path)

    assert ailment.code == "database_unreachable"
    assert "127.0.0.1:1" in ailment.wrong("en")
    assert "hunter2" not in repr(ailment)


async def test_a_setting_that_is_no_number_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_DEDUP_PORT", "eight")

    (ailment,) = await command.examine(tmp_path)

    assert (ailment.code, ailment.facts) == ("setting_wrong", {"variable": "SIJILL_DEDUP_PORT"})


async def test_it_sees_what_goes_wrong_in_a_running_house(tmp_path: Path) -> None:
    data_dir = tmp_path / "house"
    async with House(data_dir, only={"identity", "dedup"}, free_ports=True) as house:
        assert await codes(data_dir) == []

        database = await asyncpg.connect(house.admin_url)
        await database.execute("UPDATE identity.alembic_version SET version_num = '0000'")
        await house.kill("dedup")
        await house.kill("dedup-worker")
        found = await command.examine(data_dir)
        assert [each.code for each in found] == [
            "migrations_behind", "service_not_ready", "service_silent", "program_down",
        ]  # fmt: skip
        assert found[1].facts["checks"] == "migrations"
        await database.close()

        postgres.running(data_dir / "postgres").stop()  # type: ignore[union-attr]
        assert "embedded_down" in await codes(data_dir)
    postgres.erase(data_dir / "postgres")


def test_it_speaks_arabic_and_json_and_fails_when_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ["doctor", "--data-dir", str(tmp_path)]
    well = CliRunner().invoke(app, [*where, "--lang", "ar"])
    assert well.exit_code == 0
    assert "لا خلل" in well.output

    keys.load_or_make(tmp_path)
    (tmp_path / keys.FILE).chmod(0o644)
    ill = CliRunner().invoke(app, [*where, "--json"], env={"LANG": "ar_SA.UTF-8"})
    assert ill.exit_code == 1
    answer = json.loads(ill.output)
    assert answer["healthy"] is False
    assert answer["ailments"][0]["remedy"].startswith("نفّذ")


@pytest.mark.parametrize("code", WRONG)
def test_every_sentence_needs_the_same_facts_in_both_languages(code: str) -> None:
    for text in WRONG[code]:
        needed = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in (text.ar, text.en)]
        assert needed[0] == needed[1]
