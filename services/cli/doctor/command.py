"""`sijill doctor`."""

import asyncio
import json
import os
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console

from services.cli.doctor import database, machine, programs, texts
from services.cli.doctor.ailment import Ailment
from services.cli.settings import CommandSettings
from services.cli.up.record import running_house


def doctor(data_dir: Path, language: str | None, as_json: bool, console: Console) -> int:
    """Say what is wrong; gives the exit status, 1 if anything is."""
    language = language or ("ar" if os.environ.get("LANG", "").startswith("ar") else "en")
    ailments = asyncio.run(examine(data_dir))
    if as_json:
        found = [
            {
                "code": each.code,
                "wrong": each.wrong(language),
                "remedy": each.remedy(language),
                "facts": each.facts,
            }
            for each in ailments
        ]
        console.print_json(json.dumps({"healthy": not ailments, "ailments": found}))
    elif ailments:
        for each in ailments:
            _print(console, f"✗ {each.wrong(language)}")
            _print(console, f"  → {each.remedy(language)}")
    else:
        state = texts.RUNS if running_house(data_dir) else texts.STANDS_STILL
        _print(console, texts.ALL_WELL.in_language(language).format(state=state.in_language(language)))
    return 1 if ailments else 0


async def examine(data_dir: Path) -> list[Ailment]:
    """All that is wrong with the house in `data_dir`; nothing is started, made or mended."""
    try:
        settings = CommandSettings()
    except ValidationError as error:
        names = ", ".join(f"SIJILL_{'_'.join(map(str, each['loc']))}".upper() for each in error.errors())
        return [Ailment("setting_wrong", {"variable": names})]
    house = running_house(data_dir)
    found = list(machine.check(data_dir, settings, house))
    found += [ailment async for ailment in database.check(data_dir, settings, house)]
    if house:
        found += [ailment async for ailment in programs.check(house)]
    return found


def _print(console: Console, words: str) -> None:
    console.print(words, soft_wrap=True, markup=False, highlight=False)
