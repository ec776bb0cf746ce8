"""The states of a request: one table, the same in the documentation, in the code and in the database."""

from pathlib import Path

import pytest

from services.registry.aid import change, judge, tables
from services.registry.aid.errors import NotInThisState
from services.registry.aid.states import NEXT, State, before, check_step, diagram

PAGE = Path(__file__).parents[4] / "docs" / "states.md"


def test_the_documentation_draws_the_table() -> None:
    assert f"```mermaid\n{diagram()}\n```" in PAGE.read_text(encoding="utf-8")


def test_the_database_knows_the_same_states() -> None:
    assert [state.value for state in State] == tables.STATES.strip("()").replace("'", "").split(",")


def test_what_charities_do_agrees_with_the_table() -> None:
    assert set(change._AMENDABLE) == before(State.PENDING)
    assert set(change._CANCELLABLE) == before(State.CANCELLED)
    assert set(change._DELIVERABLE) == before(State.DELIVERED)


@pytest.mark.parametrize("was", State)
@pytest.mark.parametrize("holds", [True, False])
def test_a_screening_takes_no_step_that_is_not_in_the_table(was: State, holds: bool) -> None:
    becomes = State(judge.status_after(was, [holds]))
    assert becomes is was or becomes in NEXT[was]


@pytest.mark.parametrize("was", State)
def test_a_person_decides_only_what_is_held(was: State) -> None:
    for verdict in (State.APPROVED, State.REJECTED):
        if was is State.HELD:
            check_step(was, verdict)
        else:
            with pytest.raises(NotInThisState):
                check_step(was, verdict)
