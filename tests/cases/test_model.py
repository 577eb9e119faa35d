"""States, rights and references, without a database."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.model import AFTER, Role, Staff, State, reference, state_of

INTERPRETER = Staff(uuid4(), "Ayşe", Role.INTERPRETER, ("ar",))
OFFICER = Staff(uuid4(), "Deniz", Role.OFFICER, ())


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["opened"], State.OPEN),
        (["opened", "message"], State.OPEN),
        (["opened", "claimed"], State.CLAIMED),
        (["opened", "claimed", "message", "message"], State.CLAIMED),
        (["opened", "claimed", "returned"], State.WAITING),
        (["opened", "claimed", "returned", "claimed", "closed"], State.CLOSED),
    ],
)
def test_the_last_entry_that_changes_the_state_decides(kinds: list[str], state: State) -> None:
    assert state_of(kinds) is state


@given(st.lists(st.sampled_from([*AFTER, "message"])), st.integers(0, 5))
def test_messages_never_change_a_state(kinds: list[str], messages: int) -> None:
    assert state_of([*kinds, *["message"] * messages]) is state_of(kinds)


def test_interpreters_read_what_waits_in_their_language_and_what_is_theirs() -> None:
    colleague = uuid4()
    assert INTERPRETER.may_read("ar", State.OPEN, None)
    assert INTERPRETER.may_read("ar", State.WAITING, None)
    assert INTERPRETER.may_read("fa", State.CLAIMED, INTERPRETER.id)
    assert not INTERPRETER.may_read("fa", State.OPEN, None)
    assert not INTERPRETER.may_read("ar", State.CLAIMED, colleague)
    assert not INTERPRETER.may_read("ar", State.CLOSED, colleague)
    assert OFFICER.may_read("fa", State.CLOSED, colleague)


@pytest.mark.parametrize(
    ("ordinal", "number", "name"), [(1, 17, "#A17"), (2, 1, "#B1"), (26, 3, "#Z3"), (27, 1, "#AA1"), (702, 9, "#ZZ9")]
)
def test_references_are_short(ordinal: int, number: int, name: str) -> None:
    assert reference(ordinal, number) == name


@given(st.sets(st.tuples(st.integers(1, 5000), st.integers(1, 5000)), min_size=2))
def test_no_two_messages_share_a_reference(places: set[tuple[int, int]]) -> None:
    assert len({reference(*place) for place in places}) == len(places)
