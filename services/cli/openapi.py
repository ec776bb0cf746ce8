"""`sijill openapi`: the API documents in docs/openapi agree with the code."""

import json
from importlib import import_module
from pathlib import Path

from rich.console import Console

from services.cli.config import settings_of
from services.cli.up.plan import SERVICES, package

FOLDER = Path("docs/openapi")
NOBODYS = Path("/nonexistent")  # no house: the documents depend on none


def write(check: bool, console: Console) -> int:
    """Write each service's document or, with `check`, name those that differ and give exit status 1."""
    stale = 0
    for service in SERVICES:
        file = FOLDER / f"{service}.json"
        text = document(service)
        if file.exists() and file.read_text("utf-8") == text:
            continue
        if check:
            console.print(f"{file} differs from the code: run `make openapi`", style="red")
            stale += 1
        else:
            FOLDER.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            console.print(f"wrote {file}")
    return 1 if stale else 0


def document(service: str) -> str:
    """The OpenAPI document of `service`, as its app publishes it; needs no database."""
    module = import_module(f"services.{package(service)}.main")
    app = module.create_app(settings_of(service, NOBODYS))
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
