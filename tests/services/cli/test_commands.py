"""The short commands: migrate, config, erase."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.up import keys
from shared import postgres, revisions


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.delenv("SIJILL_DATABASE_URL", raising=False)


def run(command: str, data_dir: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [command, "--data-dir", str(data_dir), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


async def found_in(data_dir: Path) -> list[str | None]:
    server = await asyncio.to_thread(postgres.start, data_dir / "postgres")
    connection = await asyncpg.connect(server.url("sijill"))
    try:
        return [await revisions.current(service, connection) for service in revisions.SERVICES]
    finally:
        await connection.close()
        server.stop()


def test_migrate_brings_every_schema_to_its_newest_revision_and_erase_leaves_nothing(tmp_path: Path) -> None:
    data_dir = tmp_path / "house"
    status, said = run("migrate", data_dir)
    assert (status, run("migrate", data_dir)[0]) == (0, 0), said
    assert postgres.running(data_dir / "postgres") is None

    heads = [revisions.head(service) for service in revisions.SERVICES]
    assert asyncio.run(found_in(data_dir)) == heads

    assert run("erase", data_dir, "--yes")[0] == 0
    assert not data_dir.exists()


def test_migrate_says_so_when_the_database_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_DATABASE_URL", "postgresql://owner:hunter2@127.0.0.1:1/none")
    status, said = run("migrate", tmp_path)

    assert status == 1
    assert "does not answer" in said
    assert "hunter2" not in said


def test_config_shows_what_each_service_gets_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_SCREENING_BUDGET", "1.25")
    made = keys.load_or_make(tmp_path)
    status, said = run("config", tmp_path)

    assert status == 0
    assert "SIJILL_SCREENING_BUDGET" in said
    assert "1.25" in said
    assert "sijill_dedup:********@" in said
    for secret in (
        *made.roles.values(),
        *made.clients.values(),
        made.national_id_key,
        made.identity_sealing_key,
    ):
        assert secret not in said
    assert not (tmp_path / "postgres").exists()


def test_config_names_a_variable_that_is_set_wrong_and_hides_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIJILL_DEDUP_PORT", "hunter2")
    status, said = run("config", tmp_path)

    assert status == 1
    assert "SIJILL_DEDUP_PORT" in said
    assert "hunter2" not in said
