"""The question before a promise: what would be answered, with nothing stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.registry.aid import answer
from services.registry.aid import findings as rows
from services.registry.aid.errors import ScreeningUnavailable
from services.registry.aid.judge import BEFORE_ANSWER, Side, findings_of, neighbour, status_after
from services.registry.aid.notices import CLEARED, HELD, INFORMED, notice
from services.registry.aid.schemas import AidRequestForm
from services.registry.aid.screen import Screener
from services.registry.aid.submit import Intake
from services.registry.aid.views import Bilingual, CheckView
from services.registry.audit.record import record_access
from services.registry.people import queries as people
from services.registry.people.dedup import DedupUnavailable
from services.registry.people.household import households_of
from services.registry.people.queries import typed
from services.registry.people.resolve import Known, Match, Outcome, resolve
from shared.auth import Caller
from shared.db import Connection, transaction
from shared.ids import CharityId, PersonId, RequestId, new_id

_LAST = 2**62


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
        known = await rows.registration_of(connection, charity, form.applicant.source_ref)
    record = _record(columns, known)
    try:
        linkage = await screener.dedup.look([typed(record, screener.zones.path(record["zone_code"]))])
    except DedupUnavailable as error:
        raise ScreeningUnavailable from error
    matches = linkage.matches.get(record["registration_id"], ())
    async with transaction(screener.pool) as connection:
        asked, near = await _near(connection, record, form, matches)
        await record_access(connection, caller, "check", "overlap check", [charity], now)
    found = findings_of(asked, [neighbour(row, row["status"]) for row in near], screener.catalogue)
    overlaps = [answer.overlap(_told(notice(each, screener.catalogue), each.certainty, each.rule)) for each in found]
    status = status_after(BEFORE_ANSWER, (each.holds for each in found))
    text = HELD if status == "held" else INFORMED if overlaps else CLEARED
    return CheckView(
        status=status,
        person=answer.person_state(known is not None, overlaps),
        overlaps=overlaps,
        reason=Bilingual(ar=text.ar, en=text.en),
    )


def _record(columns: dict[str, Any], known: Any) -> dict[str, Any]:
    """What the registration would be: what is typed now over what was typed before."""
    if known is None:
        return columns
    given = {key: value for key, value in columns.items() if value is not None}
    fixed = {"registration_id": known["registration_id"], "person_id": known["person_id"]}
    household = {} if columns["household_ref"] else {"household_id": known["household_id"]}
    return dict(known) | given | fixed | household


async def _near(
    connection: Connection, record: dict[str, Any], form: AidRequestForm, matches: Sequence[Match]
) -> tuple[Side, list[Any]]:
    """The request as it would stand, and its neighbours, by the very rules of a submission."""
    mine_id = record["registration_id"]
    known = await people.known_with_siblings(connection, {mine_id, *(each.registration_id for each in matches)})
    mine = known.setdefault(mine_id, _unknown(record))
    resolution = resolve(mine, matches, known, PersonId(new_id()))
    person = resolution.join.person_id if resolution.join else mine.person_id
    siblings = [each for each in known.values() if each.person_id == person and each is not mine]
    [own] = [one for one in households_of([mine, *siblings]) if mine.household_id in one]
    households = [mine.household_id, *(own - {mine.household_id})]
    asked = _asked(record, form)
    doubtful = [each.registration_id for each in resolution.doubtful if each.outcome is not Outcome.CONFLICT]
    return asked, await rows.neighbours_of(connection, asked.request_id, person, households, doubtful)


def _unknown(record: dict[str, Any]) -> Known:
    return Known(
        registration_id=record["registration_id"], charity_id=record["charity_id"], person_id=record["person_id"],
        household_id=record["household_id"], household_ref=record["household_ref"],
        household_role=record["household_role"], id_kind=record["id_kind"], id_token=record["id_token"], version=1,
        how=None, changed_since_linked=False,
    )  # fmt: skip


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
