"""Whatever the case system does, a person gets an answer from its own file, or an honest "cannot check"."""

import time
from collections.abc import AsyncIterator, Awaitable

import httpx2
import pytest

from bot.caseapi import client as case_client
from bot.caseapi.breaker import FAILURES
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.errors import CannotCheck, Reason, SessionOver
from bot.caseapi.models import Appointments
from bot.caseapi.sandbox.faults import Kind
from bot.errors import SettingsError
from tests.caseapi.conftest import HEADERS, TOKEN, Desk, answer_of, find, identity_of

DEADLINE = 1.0

# What each fault must end in. Those that are absent end in a right answer.
ENDS: dict[Kind, set[Reason]] = {
    Kind.HANG: {Reason.TIMEOUT},
    Kind.HANG_AFTER_HEADERS: {Reason.TIMEOUT},
    Kind.DRIP: {Reason.TIMEOUT},
    Kind.SERVER_ERROR: {Reason.SERVER_ERROR},
    Kind.UNAVAILABLE: {Reason.SERVER_ERROR},
    Kind.SESSION_EXPIRED: {Reason.NOT_ALLOWED},
    Kind.UNAUTHORIZED: {Reason.NOT_ALLOWED},
    Kind.FORBIDDEN: {Reason.NOT_ALLOWED},
    Kind.TOO_MANY: {Reason.RATE_LIMITED},
    Kind.REDIRECT: {Reason.REDIRECT},
    Kind.TRUNCATED: {Reason.MALFORMED},
    Kind.HTML: {Reason.MALFORMED},
    Kind.EMPTY: {Reason.MALFORMED},
    Kind.INVALID_UTF8: {Reason.MALFORMED},
    Kind.DUPLICATE_KEYS: {Reason.MALFORMED},
    Kind.WRONG_TYPES: {Reason.MALFORMED},
    Kind.EXTRA_FIELD: {Reason.MALFORMED},
    Kind.MISSING_FIELD: {Reason.MALFORMED},
    Kind.COMPRESSED: {Reason.MALFORMED},
    Kind.LARGE: {Reason.TOO_LARGE},
}
# These spoil reports only; an answer about a code has no such field.
CODE_ENDS = ENDS | {Kind.WRONG_PERSON: {Reason.WRONG_SUBJECT}}
REPORT_ENDS = CODE_ENDS | {
    Kind.DATE_ZERO: {Reason.MALFORMED},
    Kind.OLD: {Reason.STALE},
    # Right after the identity was confirmed, the end of a session is nothing that a person can mend.
    Kind.SESSION_EXPIRED: {Reason.UNEXPECTED_STATUS},
}
# A token of which something is missing or too much may still be one (RFC 6749 section 5.1).
TOKEN_ENDS: dict[Kind, set[Reason]] = {
    kind: ends for kind, ends in ENDS.items() if kind not in {Kind.EXTRA_FIELD, Kind.MISSING_FIELD}
}
# How a certificate is refused is shown in test_tls.py: here nobody shows one.
KINDS = [kind for kind in Kind if kind is not Kind.EXPIRED_CERTIFICATE]


@pytest.fixture
async def control(sandbox_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=sandbox_url, headers=HEADERS) as http:
        yield http
        await http.delete("/sandbox/fault")


@pytest.fixture
async def client(sandbox_url: str) -> AsyncIterator[CaseClient]:
    async with CaseClient(sandbox_url, TOKEN, deadline=DEADLINE) as client:
        yield client


async def _code(control: httpx2.AsyncClient) -> str:
    return str((await control.get("/sandbox/sms")).json()[-1]["code"])


async def _ending(question: Awaitable[object]) -> set[Reason]:
    began = time.monotonic()
    try:
        await question
        return set()
    except CannotCheck as failure:
        return {failure.reason}
    finally:
        assert time.monotonic() - began < DEADLINE + 0.5


@pytest.mark.parametrize("kind", KINDS)
async def test_asking_for_a_code_while_everything_fails(
    kind: Kind, client: CaseClient, control: httpx2.AsyncClient
) -> None:
    await control.put("/sandbox/fault", json={"kind": kind, "seconds": 0.3})
    assert await _ending(client.start(identity_of(find("appointment BOOKED")))) == ENDS.get(kind, set())


@pytest.mark.parametrize("kind", KINDS)
async def test_no_token_is_had_while_its_endpoint_fails(
    kind: Kind, client: CaseClient, control: httpx2.AsyncClient
) -> None:
    await control.put("/sandbox/fault", json={"kind": kind, "seconds": 0.3, "path": "/oauth/"})
    assert await _ending(client.start(identity_of(find("appointment BOOKED")))) == TOKEN_ENDS.get(kind, set())


@pytest.mark.parametrize("kind", KINDS)
async def test_handing_in_the_code_while_it_fails(kind: Kind, client: CaseClient, control: httpx2.AsyncClient) -> None:
    challenge = await client.start(identity_of(find("appointment BOOKED")))
    code = await _code(control)
    await control.put("/sandbox/fault", json={"kind": kind, "seconds": 0.3, "path": "/v1/verify/"})
    question = client.look_up(challenge.challenge_id, code, Check.APPOINTMENT)
    assert await _ending(question) == CODE_ENDS.get(kind, set())


@pytest.mark.parametrize("check", list(Check))
@pytest.mark.parametrize("kind", KINDS)
async def test_reading_the_file_while_it_fails(
    kind: Kind, check: Check, client: CaseClient, control: httpx2.AsyncClient
) -> None:
    challenge = await client.start(identity_of(find("appointment BOOKED")))
    code = await _code(control)
    await control.put("/sandbox/fault", json={"kind": kind, "seconds": 0.3, "path": "/v1/case/"})
    assert await _ending(client.look_up(challenge.challenge_id, code, check)) == REPORT_ENDS.get(kind, set())


async def test_slow_answers_add_up_to_one_deadline(client: CaseClient, control: httpx2.AsyncClient) -> None:
    challenge = await client.start(identity_of(find("appointment BOOKED")))
    code = await _code(control)
    await control.put("/sandbox/fault", json={"kind": "slow", "seconds": 0.6})
    assert await _ending(client.look_up(challenge.challenge_id, code, Check.APPOINTMENT)) == {Reason.TIMEOUT}


async def test_one_failure_is_tried_again(client: CaseClient, control: httpx2.AsyncClient) -> None:
    await control.put("/sandbox/fault", json={"kind": "500", "times": 1})
    assert (await client.health()).sandbox


async def test_a_code_is_never_handed_in_twice(client: CaseClient, control: httpx2.AsyncClient) -> None:
    challenge = await client.start(identity_of(find("appointment BOOKED")))
    code = await _code(control)
    await control.put("/sandbox/fault", json={"kind": "500", "times": 1})
    assert await _ending(client.look_up(challenge.challenge_id, code, Check.APPOINTMENT)) == {Reason.SERVER_ERROR}


async def test_nobody_listens() -> None:
    async with CaseClient("http://127.0.0.1:9", TOKEN, deadline=DEADLINE) as client:
        assert await _ending(client.health()) == {Reason.UNREACHABLE}


async def test_a_token_that_is_not_accepted(sandbox_url: str) -> None:
    async with CaseClient(sandbox_url, "wrong", deadline=DEADLINE) as client:
        assert await _ending(client.start(identity_of(find("appointment BOOKED")))) == {Reason.NOT_ALLOWED}


async def test_a_person_s_cookie_does_not_travel_with_the_next() -> None:
    seen: list[str | None] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("cookie"))
        return answer_of(b'{"status":"ok","sandbox":true}', headers={"Set-Cookie": "session=somebody; Path=/"})

    async with CaseClient("https://case.example", "", transport=httpx2.MockTransport(answer)) as client:
        await client.health()
        await client.health()
    assert seen == [None, None]


def test_the_deadline_is_eight_seconds() -> None:
    assert case_client.DEADLINE == 8.0


@pytest.mark.parametrize("url", ["http://case.example", "ftp://127.0.0.1", "case.example", "http://127.0.0.1.example"])
def test_only_https_or_loopback(url: str) -> None:
    with pytest.raises(SettingsError, match="REHBER_CASE_API_URL"):
        CaseClient(url, TOKEN)


async def test_a_right_answer_is_read(client: CaseClient, control: httpx2.AsyncClient) -> None:
    challenge = await client.start(identity_of(find("appointment BOOKED")))
    file = (await client.look_up(challenge.challenge_id, await _code(control), Check.APPOINTMENT)).file
    assert isinstance(file.appointments, Appointments)
    assert [entry.status for entry in file.appointments.appointments] == ["BOOKED"]
    assert file.permits is None


async def test_a_session_serves_several_questions_until_it_is_over(desk: Desk) -> None:
    client, asked = desk.client, identity_of(find("appointment BOOKED"))
    session = await client.confirm((await client.start(asked)).challenge_id, (await desk.codes())[-1])
    assert (await client.read(session, Check.APPOINTMENT)).appointments is not None
    assert (await client.read(session, Check.STATUS)).permits is not None
    desk.clock.pass_by(seconds=session.expires_in + 1)
    for _ in range(2 * FAILURES):
        with pytest.raises(SessionOver):
            await client.read(session, Check.APPOINTMENT)
    assert (await client.health()).sandbox, "the end of a session is no failure of the case system"
