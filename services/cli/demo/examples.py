"""The three example files go in first, by the code of `sijill submit`; every row's answer is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.cli.client import Api
from services.cli.submit.answers import NOT_STORED, Answer
from services.cli.submit.app import answers_of
from services.cli.submit.mapping import Mapping as SheetMapping
from services.cli.submit.read import Reading
from services.cli.submit.run import submit_file
from shared.errors import Text

FOLDER = Path(__file__).parents[3] / "examples"
FILES = ("jeddah-bir.csv", "jeddah-women.csv", "jeddah-food.csv")
"""Each is named for the charity that keeps it."""


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """ref: the charity's own number of the person. why: the overlap or the error, in both languages; none if clear."""

    file: str
    row: int
    ref: str
    status: str
    certainty: str | None
    why: Text | None
    request: str


async def send_examples(charities: Mapping[str, Api], answers: Path) -> list[ExampleRow]:
    """Send them one after another; the answered files go to the folder `answers`."""
    rows: list[ExampleRow] = []
    for name in FILES:
        path = FOLDER / name
        mapping = path.with_suffix(".mapping.json")
        told = SheetMapping.read(mapping) if mapping.exists() else SheetMapping()
        outcome = await submit_file(charities[path.stem], path, told)
        outcome.reading.sheet.write(answers / answers_of(path).name, outcome.answers, "en")
        refs = _refs(outcome.reading)
        rows += [_row(name, number, refs[number], answer) for number, answer in outcome.answers.items()]
    return rows


def _refs(reading: Reading) -> dict[int, str]:
    column = reading.layout.of("applicant.source_ref")[0].position
    return {row.number: row.cells[column] for row in reading.sheet.rows}


def _row(file: str, number: int, ref: str, answer: Answer) -> ExampleRow:
    why = answer.error if answer.status == NOT_STORED else next(iter(answer.overlaps), None)
    certainty = "confirmed" if "confirmed" in answer.certainties else next(iter(answer.certainties), None)
    return ExampleRow(file, number, ref, answer.status, certainty, why, answer.request)
