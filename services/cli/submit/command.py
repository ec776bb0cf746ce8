"""`sijill submit`: a charity's file goes in, and comes back with the answers. Nothing personal is printed."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.cli.client import Api, CallFailed, Tokens, connections
from services.cli.onboarding import access, register
from services.cli.onboarding.access import Given, NoAccess
from services.cli.submit.answers import NOT_STORED
from services.cli.submit.fields import LABELS
from services.cli.submit.mapping import Mapping, MappingUnreadable
from services.cli.submit.read import Reading, open_sheet, read
from services.cli.submit.run import Outcome, submit_rows
from services.cli.submit.sheet import SheetUnreadable

REFUSED_ROWS = 2
_SHOWN = 20  # rows refused that are listed on the screen; the file has all


@dataclass(frozen=True, slots=True)
class Job:
    """charity: its id or licence number. language: of answers and errors, "ar" or "en"."""

    file: Path
    charity: str
    map: Path | None
    out: Path
    language: str


def submit(job: Job, given: Given, console: Console) -> int:
    """The exit status: 0 when every row is stored, REFUSED_ROWS when some are not, 1 when it could not be done."""
    try:
        mapping = Mapping.read(job.map) if job.map else Mapping()
        return asyncio.run(_submit(job, given, mapping, console))
    except (MappingUnreadable, SheetUnreadable, NoAccess) as error:
        _complain(console, str(error))
    except (CallFailed, OSError) as error:
        _complain(console, str(error))
        console.print("Send the file again: rows that were stored are not stored twice.", highlight=False)
    return 1


async def _submit(job: Job, given: Given, mapping: Mapping, console: Console) -> int:
    sheet = open_sheet(job.file, mapping)
    places, credentials = access.addresses(given), access.of_charity(given, job.charity)
    async with connections() as http:
        tokens = Tokens(http, places.issuer, credentials)
        api = Api(http, places.registry, tokens, job.language)
        await _check_charity(api, await tokens.current(), job.charity)
        types = await api.get("/v1/aid-types")
        reading = read(sheet, mapping, types["items"])
        _tell(reading, job, console)
        outcome = await _with_progress(api, reading, console)
    encoding = sheet.write(job.out, outcome.answers, job.language)
    _sum_up(outcome, job, encoding, console)
    return 0 if outcome.all_stored else REFUSED_ROWS


async def _check_charity(api: Api, token: str, charity: str) -> None:
    """Raises NoAccess when the client acts for another charity: a file must not go in as somebody else's."""
    known = await register.charity(api, charity)
    if known is None:
        raise NoAccess(f"there is no charity {charity}; name it by its id or its licence number")
    if access.claims(token).get("charity_id") != known["id"]:
        raise NoAccess(f"these credentials do not act for charity {charity}; nothing was sent")


async def _with_progress(api: Api, reading: Reading, console: Console) -> Outcome:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        sending = progress.add_task("sent", total=len(reading.entries))
        screening = progress.add_task("screened", total=None)
        return await submit_rows(
            api,
            reading,
            sent=lambda more: progress.update(sending, advance=more),
            done=lambda more: progress.update(screening, advance=more),
        )


def _tell(reading: Reading, job: Job, console: Console) -> None:
    sheet = reading.sheet
    _say(console, f"{job.file.name}: {len(sheet.rows)} rows, {sheet.description}")
    for column in reading.layout.columns:
        _say(console, f"  {column.heading} → {LABELS[column.field].in_language(job.language)}")
    for heading in reading.layout.ignored:
        _say(console, f"  {heading} → not read: name its field in a mapping file (--map) if it should be", "yellow")
    for assumed in reading.assumed:
        _say(console, f"  taken for granted: {assumed.in_language(job.language)}", "yellow")


def _sum_up(outcome: Outcome, job: Job, encoding: str, console: Console) -> None:
    counts = ", ".join(f"{count} {status}" for status, count in sorted(outcome.statuses.items()))
    again = f" ({outcome.replayed} were here before)" if outcome.replayed else ""
    _say(console, f"{counts}{again}")
    refused = {row: answer for row, answer in outcome.answers.items() if answer.status == NOT_STORED}
    for row, answer in list(refused.items())[:_SHOWN]:
        said = answer.error.in_language(job.language) if answer.error else ""
        _say(console, f"  row {row}: {said}", "red")
    if len(refused) > _SHOWN:
        _say(console, f"  and {len(refused) - _SHOWN} more")
    _say(console, f"answers: {job.out} ({encoding})")


def _say(console: Console, words: str, style: str | None = None) -> None:
    console.print(words, style=style, soft_wrap=True, markup=False, highlight=False)


def _complain(console: Console, words: str) -> None:
    _say(console, words, "red")
