"""Many requests in one body, a line each (NDJSON): the good ones are stored, the bad ones named by line."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
from pydantic import ValidationError

from services.registry.aid.errors import IdempotencyKeyReused, TooManyLines
from services.registry.aid.schemas import BatchLine
from services.registry.aid.submit import Intake, Stored, Submission, store
from services.registry.aid.views import LineResult
from shared import log
from shared.auth import Caller
from shared.clock import now
from shared.db import Pool
from shared.envelope import BodyTooLarge
from shared.errors import SijillError
from shared.flaws import flaws_of
from shared.ids import CharityId
from shared.problems import InvalidInput, MalformedJson, problem

_TOGETHER = 1000
_MOST_LINES = 10_000
_AT_A_STRETCH = 50  # lines that are read before others have their turn
_LONGEST_LINE = 1_000_000  # bytes, as of a single form


@dataclass(frozen=True, slots=True)
class Batch:
    """A body of lines, from one charity, under one key; each line's own key is made from both."""

    intake: Intake
    pool: Pool
    caller: Caller
    charity: CharityId
    key: str
    language: str
    path: str

    async def run(self, body: bytes) -> list[LineResult]:
        """Store the lines in order, some hundreds to a transaction. Results in the order of the lines.

        Raises TooManyLines, NoCharity, DatabaseUnavailable; what was stored before the last is found again by
        sending the same batch.
        """
        if body.count(b"\n") + (not body.endswith(b"\n")) > _MOST_LINES:
            raise TooManyLines
        results: dict[int, LineResult] = {}
        good: list[tuple[int, Submission]] = []
        for number, line in enumerate(body.split(b"\n"), start=1):
            if not line.strip():
                continue
            if number % _AT_A_STRETCH == 0:
                await asyncio.sleep(0)
            admitted = self._admit(number, line)
            if isinstance(admitted, Submission):
                good.append((number, admitted))
            else:
                results[number] = admitted
        for group in _groups(good):
            outcomes = await store(self.pool, [each for _, each in group], now(), due=timedelta(0))
            results |= {n: self._result(n, outcome) for (n, _), outcome in zip(group, outcomes, strict=True)}
        return [results[number] for number in sorted(results)]

    def _admit(self, number: int, line: bytes) -> Submission | LineResult:
        """As the single form is read and checked, so that both say the same."""
        if len(line) > _LONGEST_LINE:
            return self._refused(number, BodyTooLarge())
        try:
            form = BatchLine.model_validate(orjson.loads(line))
            key = f"{self.key}/key/{form.key}" if form.key else f"{self.key}/line/{number}"
            return self.intake.admit(form, self.caller, self.charity, key, log.request_id.get())
        except orjson.JSONDecodeError:
            return self._refused(number, MalformedJson())
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            return self._refused(number, InvalidInput(flaws=flaws_of(found)))
        except SijillError as error:
            return self._refused(number, error)

    def _result(self, number: int, outcome: Stored | IdempotencyKeyReused) -> LineResult:
        if isinstance(outcome, IdempotencyKeyReused):
            return self._refused(number, outcome)
        return LineResult(
            line=number,
            outcome="replayed" if outcome.replayed else "stored",
            request=outcome.request_id,
            status=None if outcome.replayed else "pending",
        )

    def _refused(self, number: int, error: SijillError) -> LineResult:
        return LineResult(line=number, outcome="refused", problem=problem(error, self.language, self.path))


def _groups(lines: Sequence[tuple[int, Submission]]) -> Iterator[list[tuple[int, Submission]]]:
    """In order; no two of a group share a mark, as one statement takes neither a key nor a person twice."""
    group: list[tuple[int, Submission]] = []
    seen: set[object] = set()
    for number, submission in lines:
        marks = set(submission.apart())
        if marks & seen or len(group) == _TOGETHER:
            yield group
            group, seen = [], set()
        group.append((number, submission))
        seen |= marks
    if group:
        yield group
