"""The question before a promise: what would be answered, with nothing stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry.aid import answer
from services.registry.aid import findings as rows
from services.registry.aid.errors import ScreeningUnavailable
from services.registry.aid.judge import BEFORE_ANSWER, Finding, Side, Tie, findings_of, neighbour, status_after
from services.registry.aid.notices import CLEARED, HELD, INFORMED, notice
from services.registry.aid.policy import Catalogue
from services.registry.aid.schemas import AidRequestForm
from services.registry.aid.screen import Screener
from services.registry.aid.submit import Intake
from services.registry.aid.views import Bilingual, CheckView
from services.registry.audit.record import record_access
from services.registry.people import queries as people
from services.registry.people.dedup import DedupUnavailable
from services.registry.people.household import households_of, units
from services.registry.people.queries import typed
from services.registry.people.resolve import Known, Match, Outcome, resolve
from shared.auth import Caller
from shared.db import Connection, Row, transaction
from shared.ids import CharityId, PersonId, RegistrationId, RequestId, new_id

_LAST = 2**62
_LINKED_BY = (
    "name", "name_latin", "id_token", "birth_date", "birth_precision", "gender", "phones", "address_text", "zone_code",
    "household_ref", "household_role", "household_size",
)  # fmt: skip
"""The columns whose change gives a registration a new version, as `queries.store` has them."""


async def check(
    screener: Screener,
    intake: Intake,
    form: AidRequestForm,
    caller: Caller,
    charity: CharityId,
    now: datetime,
) -> CheckView:
    """Raises InvalidInput, ScreeningUnavailable, DatabaseUnavailable."""
    intake.check_named(form)
    columns = intake.applicant_columns(form.applicant, charity) | {"charity_id": charity}
    async with transaction(screener.pool) as connection:
        before = await rows.registration_of(connection, charity, form.applicant.source_ref)
    record = _record(columns, before)
    matches = await _matches(screener, record)
    async with transaction(screener.pool) as connection:
        known = await people.known_with_siblings(
            connection, {record["registration_id"], *(each.registration_id for each in matches)}
        )
        looked_at = set(known)
        asked = _asked(record, form)
        near = await _near(connection, asked.request_id, _as_typed(record, before, known), known, matches)
        looked_at |= {row["registration_id"] for row in near}
        await record_access(connection, caller, "check", "overlap check", sorted(looked_at), now)
    found = findings_of(asked, [neighbour(row, row["status"]) for row in near], screener.catalogue)
    return _answered(found, before is not None, screener.catalogue)


def _answered(found: Sequence[Finding], known_here: bool, catalogue: Catalogue) -> CheckView:
    overlaps = [answer.overlap(_told(notice(each, catalogue), each.certainty, each.rule)) for each in found]
    status = status_after(BEFORE_ANSWER, (each.holds for each in found))
    text = HELD if status == "held" else INFORMED if overlaps else CLEARED
    return CheckView(
        status=status,
        person=answer.person_state(known_here, overlaps),
        overlaps=overlaps,
        reason=Bilingual(ar=text.ar, en=text.en),
    )


def _record(columns: dict[str, Any], before: Row | None) -> dict[str, Any]:
    """What the registration would be: what is typed now over what was typed before."""
    if before is None:
        return columns
    given = {key: value for key, value in columns.items() if value is not None}
    fixed = {"registration_id": before["registration_id"], "person_id": before["person_id"]}
    household = {} if columns["household_ref"] else {"household_id": before["household_id"]}
    return dict(before) | given | fixed | household


async def _matches(screener: Screener, record: dict[str, Any]) -> Sequence[Match]:
    try:
        linkage = await screener.dedup.look([typed(record, screener.zones.path(record["zone_code"]))])
    except DedupUnavailable as error:
        raise ScreeningUnavailable from error
    return linkage.matches.get(record["registration_id"], ())


def _as_typed(record: dict[str, Any], before: Row | None, known: Mapping[RegistrationId, Known]) -> Known:
    """The registration as it would be looked at once stored; what is new in it loosens the link made before."""
    stored = known.get(record["registration_id"])
    changed = before is not None and any(record[each] != before[each] for each in _LINKED_BY)
    return Known(
        registration_id=record["registration_id"], charity_id=record["charity_id"],
        person_id=stored.person_id if stored else record["person_id"], household_id=record["household_id"],
        household_ref=record["household_ref"], household_role=record["household_role"], id_kind=record["id_kind"],
        id_token=record["id_token"], version=stored.version if stored else 1, how=stored.how if stored else None,
        changed_since_linked=stored is not None and (stored.changed_since_linked or changed),
    )  # fmt: skip


async def _near(
    connection: Connection, request: UUID, mine: Known, known: dict[RegistrationId, Known], matches: Sequence[Match]
) -> list[Row]:
    """The neighbours of the request as it would stand, by the very rules of a submission."""
    stored = known.get(mine.registration_id)
    known[mine.registration_id] = mine
    resolution = resolve(mine, matches, known, PersonId(new_id()))
    doubtful = [each.registration_id for each in resolution.doubtful if each.outcome is not Outcome.CONFLICT]
    settled = replace(mine, person_id=resolution.join.person_id) if resolution.join else mine
    siblings = [each for each in known.values() if each.person_id == settled.person_id and each is not mine]
    if stored is not None and (settled.changed_since_linked or settled.person_id != stored.person_id):
        return await _near_moved(connection, request, settled, stored, siblings, doubtful)
    [own] = [one for one in households_of([settled, *siblings]) if mine.household_id in one]
    households = [mine.household_id, *(own - {mine.household_id})]
    return await rows.neighbours_of(connection, request, settled.person_id, households, doubtful)


async def _near_moved(
    connection: Connection, request: UUID, mine: Known, stored: Known, siblings: Sequence[Known],
    doubtful: Sequence[UUID],
) -> list[Row]:  # fmt: skip
    """The same where the stored registration stands with another person, or in another household, than it would.

    What it was tied to as stored does not count, but for its own requests, which stay those of one person.
    """
    nowhere, itself = [new_id()], mine.registration_id
    person = mine.person_id if siblings else PersonId(new_id())
    home = await _home(connection, mine, stored, siblings)
    own = await rows.neighbours_of(connection, request, stored.person_id, nowhere, ())
    of_person = await rows.neighbours_of(connection, request, person, nowhere, doubtful)
    at_home = await rows.neighbours_of(connection, request, person, [mine.household_id, *home], ())
    near = [row for row in own if row["registration_id"] == itself]
    near += [row for row in of_person if row["registration_id"] != itself]
    near += [
        row for row in at_home
        if row["tie"] == Tie.HOUSEHOLD and row["household_id"] in home and row["registration_id"] != itself
    ]  # fmt: skip
    nearest: dict[UUID, Row] = {}
    for row in sorted(near, key=lambda row: int(row["tie"])):
        nearest.setdefault(row["id"], row)
    return list(nearest.values())


async def _home(connection: Connection, mine: Known, stored: Known, siblings: Sequence[Known]) -> set[UUID]:
    """The households that would be one with the registration's own, worked out anew."""
    files = {each.household_id for each in (mine, stored, *siblings)}
    around = await people.households_around(connection, files)
    standing = {each.registration_id: each for each in await people.known_in(connection, around)}
    unit = units({*around, mine.household_id}, (standing | {mine.registration_id: mine}).values())
    return {household for household in unit if unit[household] == unit[mine.household_id]}


def _asked(record: dict[str, Any], form: AidRequestForm) -> Side:
    start, end = form.period.days()
    return Side(
        request_id=RequestId(new_id()), aid_type=form.aid_type, starts_on=start, ends_on=end,
        amount=form.amount.value if form.amount else None,
        currency=form.amount.currency if form.amount else None, priority=_LAST, status=BEFORE_ANSWER,
        charity_id=record["charity_id"], registration_id=record["registration_id"], id_token=record["id_token"],
        household_id=record["household_id"],
    )  # fmt: skip


def _told(columns: dict[str, Any], certainty: str, rule: str) -> dict[str, Any]:
    return columns | {"certainty": certainty, "rule": rule}
