"""The way of a file: read, sent, screened, answered."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.client import Api
from services.cli.submit import errors
from services.cli.submit.answers import NOT_STORED, Answer, answered, refused
from services.cli.submit.mapping import Mapping as SheetMapping
from services.cli.submit.read import Reading, open_sheet, read
from services.cli.submit.send import Step, nothing, screened, send

PATIENCE = 300.0  # seconds for the register to screen a file


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to every row, by its number, and what the whole file came to."""

    reading: Reading
    answers: Mapping[int, Answer]
    replayed: int

    @property
    def statuses(self) -> Counter[str]:
        return Counter(answer.status for answer in self.answers.values())

    @property
    def all_stored(self) -> bool:
        return NOT_STORED not in self.statuses


async def submit_file(
    api: Api, path: Path, mapping: SheetMapping, sent: Step = nothing, done: Step = nothing
) -> Outcome:
    """Raises SheetUnreadable before anything is sent; Refused or Unreachable, after which it may be sent again."""
    types = await api.get("/v1/aid-types")
    reading = read(open_sheet(path, mapping), mapping, types["items"])
    return await submit_rows(api, reading, sent, done)


async def submit_rows(api: Api, reading: Reading, sent: Step = nothing, done: Step = nothing) -> Outcome:
    results = await send(api, reading.entries, reading.series, sent)
    stored = {row: str(result["request"]) for row, result in results.items() if "request" in result}
    views = await screened(api, list(stored.values()), PATIENCE, done)
    answers = {row: _answer(result, views, reading) for row, result in results.items()}
    answers |= {row: refused(errors.of_flaws(flaws, reading.layout)) for row, flaws in reading.flawed.items()}
    replayed = sum(result["outcome"] == "replayed" for result in results.values())
    return Outcome(reading, dict(sorted(answers.items())), replayed)


def _answer(result: Mapping[str, Any], views: Mapping[str, Mapping[str, Any]], reading: Reading) -> Answer:
    if "request" in result:
        return answered(views[str(result["request"])])
    return refused(errors.of_problem(result["problem"], reading.layout))
