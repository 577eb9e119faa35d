"""Whatever bytes the case system sends, nothing becomes "no appointment" but the one message that says so."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.caseapi.answer import build
from bot.caseapi.client import CaseClient, CaseFile, Check
from bot.caseapi.errors import CannotCheck
from bot.caseapi.wording import line
from tests.caseapi.conftest import answer_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHALLENGE, SESSION, SUBJECT = "challenge-of-the-test", "session-of-the-test-0", "subject-of-the-test-0"
APPOINTMENT = {
    "id": "appointment-of-the-test",
    "type": "INTERVIEW",
    "unit": "Masa 4",
    "address": "Örnek Cad. 1",
    "start": "2026-11-30T10:30:00+03:00",
    "end": "2026-11-30T11:00:00+03:00",
    "status": "BOOKED",
    "items_to_bring": ["PASSPORT"],
}
BOOKED = {"subject": SUBJECT, "as_of": NOW.isoformat(), "appointments": [APPOINTMENT]}
EMPTY = {"subject": SUBJECT, "as_of": NOW.isoformat(), "appointments": []}

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def _asked(body: bytes, status: int = 200) -> CaseFile | None:
    """What the client makes of this answer to "appointments", or None for "cannot check"."""

    def serve(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            return answer_of(body, status)
        session = {"challenge_id": CHALLENGE, "session": SESSION, "subject": SUBJECT, "expires_in": 300}
        return answer_of(json.dumps(session).encode())

    async def ask() -> CaseFile | None:
        transport = httpx2.MockTransport(serve)
        async with CaseClient("https://case.example", "", now=lambda: NOW, transport=transport) as client:
            try:
                return (await client.look_up(CHALLENGE, "000000", Check.APPOINTMENT)).file
            except CannotCheck:
                return None

    return asyncio.run(ask())


def _says_none(file: CaseFile) -> bool:
    return any(sentence == line("no-appointment") for sentence in build(file, NOW).lines)


def _at_a_place(draw: Callable[[st.SearchStrategy[Any]], Any], message: Any) -> Any:
    """The message with one value, at a drawn depth, replaced or removed."""
    if isinstance(message, dict) and message and draw(st.sampled_from([True, True, True, False])):
        name = draw(st.sampled_from(sorted(message)))
        change = draw(st.sampled_from(["replace", "remove", "deeper"]))
        if change == "remove":
            return {key: value for key, value in message.items() if key != name}
        inner = draw(_json) if change == "replace" else _at_a_place(draw, message[name])
        return {**message, name: inner}
    if isinstance(message, list) and message:
        return [_at_a_place(draw, message[0]), *message[1:]]
    return draw(_json)


@st.composite
def _damaged(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    return _at_a_place(draw, BOOKED)


@settings(max_examples=300, deadline=None)
@given(_damaged())
def test_damage_never_hides_an_appointment(message: Any) -> None:
    file = _asked(json.dumps(message).encode())
    if file is not None and _says_none(file):
        # The damage happened to be the very statement, about this very person and moment.
        assert message == {**EMPTY, "as_of": message["as_of"]}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | _json.map(lambda value: json.dumps(value).encode()))
def test_noise_is_not_an_answer(body: bytes) -> None:
    assert _asked(body) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(200, 599).filter(lambda status: status != 200), st.sampled_from([EMPTY, BOOKED]))
def test_the_right_words_under_another_status_are_not_an_answer(status: int, message: dict[str, Any]) -> None:
    assert _asked(json.dumps(message).encode(), status) is None


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abcdefghij0123456789_-", min_size=16, max_size=40), st.sampled_from([EMPTY, BOOKED]))
def test_another_person_s_file_is_not_an_answer(subject: str, message: dict[str, Any]) -> None:
    assert _asked(json.dumps({**message, "subject": subject}).encode()) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(-10_000_000, 10_000_000), st.sampled_from([EMPTY, BOOKED]))
@example(60, EMPTY)
@example(61, EMPTY)
@example(-61, BOOKED)
def test_only_what_was_looked_up_just_now_is_an_answer(seconds: int, message: dict[str, Any]) -> None:
    as_of = (NOW - timedelta(seconds=seconds)).isoformat()
    file = _asked(json.dumps({**message, "as_of": as_of}).encode())
    assert (file is not None) is (abs(seconds) <= 60)


def test_the_statement_itself_is_believed() -> None:
    file = _asked(json.dumps(EMPTY).encode())
    assert file is not None
    assert _says_none(file)
    booked = _asked(json.dumps(BOOKED).encode())
    assert booked is not None
    assert not _says_none(booked)
