"""A file of JSON objects, one a line: flat under the charity's own names, or in the API's form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from services.cli.submit.answers import Answer, members
from services.cli.submit.sheet import Row, SheetUnreadable, put

ANSWER = "sijill"


class JsonLines:
    """Answers of an earlier run, under "sijill", are left out on reading."""

    description = "NDJSON"

    def __init__(self, content: bytes) -> None:
        """Raises SheetUnreadable."""
        self._lines = content.removeprefix(b"\xef\xbb\xbf").splitlines()
        self._objects = {number: _object(line) for number, line in enumerate(self._lines, start=1) if line.strip()}
        if not any(each is not None for each in self._objects.values()):
            raise SheetUnreadable("no line of the file is a JSON object")
        flat = {number: _flat(each) for number, each in self._objects.items() if each and "applicant" not in each}
        self.headings = list(dict.fromkeys(name for each in flat.values() for name in each))
        self.rows = [
            Row(
                number,
                tuple(flat.get(number, {}).get(name, "") for name in self.headings),
                ready=each if each and "applicant" in each else None,
                unreadable=each is None,
            )
            for number, each in self._objects.items()
        ]

    def write(self, path: Path, answers: Mapping[int, Answer], language: str) -> str:
        """In UTF-8. A line that could not be read is kept as text under "line"."""
        out = []
        for number, line in enumerate(self._lines, start=1):
            known = self._objects.get(number)
            kept = known if known is not None else {"line": line.decode("utf-8", "replace")}
            answer = {ANSWER: members(answers[number], language)} if number in answers else {}
            out.append(orjson.dumps({**kept, **answer}) if number in self._objects else line)
        put(path, b"\n".join(out) + b"\n")
        return "utf-8"


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return {name: value for name, value in found.items() if name != ANSWER} if isinstance(found, dict) else None


def _flat(found: Mapping[str, Any], above: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{above}{name}.")
        elif isinstance(value, list):
            cells[above + name] = ", ".join(str(each) for each in value)
        else:
            cells[above + name] = "" if value is None else str(value)
    return cells
