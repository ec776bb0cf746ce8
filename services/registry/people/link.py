"""Registrations to their persons and households, in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.registry.people import queries
from services.registry.people.dedup import Linkage
from services.registry.people.household import units
from services.registry.people.resolve import Join, Known, Match, resolve
from shared.db import Connection
from shared.ids import PersonId, RegistrationId, new_id

AUTHOR = "linkage"


async def link_people(
    connection: Connection, mine: Collection[RegistrationId], linkage: Linkage, now: datetime
) -> set[UUID]:
    """Resolve `mine` by `linkage`: links, possible matches, households.

    Returns the ids of households whose people or unit changed: what was asked for them before must be looked at
    anew, for a third registration may tie two others. Locks the registrations and all they were matched to until
    the transaction ends.
    """
    matched = {match.registration_id for each in mine for match in linkage.matches.get(each, ())}
    await queries.lock(connection, matched.union(mine))
    known = await queries.known_with_siblings(connection, matched.union(mine))
    joins, doubts = _resolve_all(sorted(mine), linkage, known)
    made = queries.Made(linkage.model_version, AUTHOR, now)
    await queries.link(connection, joins, {each.household_id for each in known.values()}, made)
    await queries.note_doubts(connection, doubts, linkage.model_version, now)
    changed = [each for each in mine if known[each].changed_since_linked]
    for each in changed:
        standing = [match.registration_id for doubtful, match in doubts if doubtful == each]
        await queries.withdraw_doubts(connection, each, standing, now)
    await queries.confirm_links(connection, changed)
    looser = {known[each].household_id for each in changed} | _disturbed(joins, known.values())
    return looser | await _arrange_households(connection, mine, joins, known)


def _disturbed(joins: Iterable[tuple[Known, Join]], known: Collection[Known]) -> set[UUID]:
    """The households of persons that a registration came to, or left."""
    persons = {
        person for was, join in joins if was.person_id != join.person_id for person in (was.person_id, join.person_id)
    }
    return {each.household_id for each in known if each.person_id in persons}


def _resolve_all(
    mine: Iterable[RegistrationId], linkage: Linkage, known: dict[RegistrationId, Known]
) -> tuple[list[tuple[Known, Join]], list[tuple[RegistrationId, Match]]]:
    """Each in turn, seeing what was decided for those before it; `known` is brought up to date."""
    joins: list[tuple[Known, Join]] = []
    doubts: list[tuple[RegistrationId, Match]] = []
    for each in mine:
        resolution = resolve(known[each], linkage.matches.get(each, ()), known, PersonId(new_id()))
        if resolution.join is not None:
            joins.append((known[each], resolution.join))
            known[each] = replace(known[each], person_id=resolution.join.person_id, how=resolution.join.how)
        doubts += [(each, match) for match in resolution.doubtful]
    return joins, doubts


async def _arrange_households(
    connection: Connection, mine: Collection[RegistrationId], joins: Iterable[tuple[Known, Join]],
    known: Mapping[RegistrationId, Known],
) -> set[UUID]:  # fmt: skip
    """Work out anew the units around persons who stand in several files, or whose registrations changed.

    From nothing but who stands where, so that what joined two households parts them again when it is gone.
    Returns the households whose unit changed.
    """
    persons = {known[each].person_id for each in mine} | {was.person_id for was, _ in joins}
    standing = {(each.person_id, each.household_id) for each in known.values() if each.person_id in persons}
    if len(standing) == len({person for person, _ in standing}) and not any(
        known[each].changed_since_linked for each in mine
    ):
        return set()
    files = {household for _, household in standing}
    around = await queries.households_around(connection, files)
    anew = units(around, await queries.known_in(connection, around))
    moved = {household: unit for household, unit in anew.items() if around[household] != unit}
    await queries.set_units(connection, moved)
    return set(moved)
