"""Rights and references, without a database."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.model import Role, Staff, State, reference

INTERPRETER = Staff(uuid4(), "Ayşe", Role.INTERPRETER, ("ar",))
OFFICER = Staff(uuid4(), "Deniz", Role.OFFICER, ())


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
