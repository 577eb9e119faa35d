"""However the case system fails, and whenever: an answer about one's own file, or one sentence in one's own language.

"I cannot check now. This does not change your application." And never a word of "no appointment" or "no file".
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from bot.caseapi import client as case_client
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.pace import Pace
from bot.caseapi.phrases import PHRASES
from bot.caseapi.sandbox.app import create_app
from bot.caseapi.sandbox.certificates import Presented
from bot.caseapi.sandbox.faults import Kind
from bot.caseapi.tls import office_tls
from bot.caseapi.verification import Outcome, Reply, Verification
from bot.caseapi.wording import Line, Words, say
from bot.content.case_words import load_case_words
from bot.i18n.catalogues import load_catalogues
from bot.i18n.registry import Language, load_registry
from bot.settings import ROOT
from tests.caseapi.conftest import CHAT_ORIGIN, HEADERS, TOKEN, Clock, MemoryLog, find, serving, typed_by

DEADLINE = 2.0
BOOKED = find("appointment BOOKED")
CANNOT_CHECK = "I cannot check now. This does not change your application."
DENIALS = ("no-appointment", "no-file")

STEPS = {"asking for the code": "/v1/verify", "handing in the code": "/v1/verify/", "reading": "/v1/case/"}
# What does not stop an answer: late but in time, or a code that is shown as "please see an officer".
ANSWERED_ALL_THE_SAME = {Kind.SLOW, Kind.UNKNOWN_STATUS}
# These spoil what only a report, a session or a message without optional fields has.
HARMLESS = {
    "asking for the code": {Kind.DATE_ZERO, Kind.OLD, Kind.WRONG_PERSON},
    "handing in the code": {Kind.DATE_ZERO, Kind.OLD},
    "reading": set[Kind](),
    "fetching a token": {Kind.DATE_ZERO, Kind.OLD, Kind.WRONG_PERSON, Kind.EXTRA_FIELD, Kind.MISSING_FIELD},
}
KINDS = [kind for kind in Kind if kind is not Kind.EXPIRED_CERTIFICATE]


@pytest.fixture(scope="module")
def languages() -> tuple[Language, ...]:
    offered = load_registry(ROOT / "content").offered()
    assert len(offered) == 10
    return offered


@pytest.fixture(scope="module")
def words(catalogues: None) -> Words:
    languages = load_registry(ROOT / "content")
    return Words(load_catalogues(ROOT, languages), load_case_words(ROOT / "content", languages))


def verification_of(client: CaseClient) -> Verification:
    return Verification(client, MemoryLog(Clock()), lambda *parts: "|".join(parts).encode(), pace=Pace(0))


async def until_code(verification: Verification) -> Reply:
    reply = verification.begin(Check.APPOINTMENT, "en")
    for text in typed_by(BOOKED):
        assert reply.form is not None
        began = time.monotonic()
        reply = await verification.answer(reply.form, text, CHAT_ORIGIN)
        assert time.monotonic() - began < DEADLINE + 2
    return reply


async def to_the_end(verification: Verification, asked: Reply, control: httpx2.AsyncClient) -> Reply:
    if asked.form is None:
        return asked
    code = (await control.get("/sandbox/sms")).json()[-1]["code"]
    began = time.monotonic()
    reply = await verification.answer(asked.form, code, CHAT_ORIGIN)
    assert time.monotonic() - began < DEADLINE + 2
    return reply


def assert_honest(reply: Reply, words: Words, languages: tuple[Language, ...], answered: bool) -> None:
    """An answer that speaks of the appointment, or in each language exactly the sentence; and never a denial."""
    assert reply.outcome is (Outcome.ANSWERED if answered else Outcome.CANNOT_CHECK)
    assert PHRASES["cannot-check"] == CANNOT_CHECK
    for language in languages:
        said = [say(sentence, words, language) for sentence in reply.lines]
        for name in DENIALS:
            assert say(Line(PHRASES[name]), words, language) not in said
        own = words.catalogues.say(language.code, CANNOT_CHECK)
        assert (own != CANNOT_CHECK) is (language.code != "en"), f"{language.code} has no words of its own for this"
        assert (said[0] == own) is not answered


@asynccontextmanager
async def checking(url: str, ca: Path | None = None) -> AsyncIterator[tuple[Verification, httpx2.AsyncClient]]:
    tls = office_tls("", "", str(ca) if ca else "")
    async with (
        CaseClient(url, TOKEN, deadline=DEADLINE, tls=tls) as client,
        httpx2.AsyncClient(base_url=url, headers=HEADERS, verify=tls or True) as control,
    ):
        yield verification_of(client), control
        await control.delete("/sandbox/fault")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS)
async def test_every_fault_at_every_step(
    kind: Kind, step: str, sandbox_url: str, words: Words, languages: tuple[Language, ...]
) -> None:
    fault = {"kind": kind, "seconds": 0.2, "path": STEPS[step]}
    async with checking(sandbox_url) as (verification, control):
        if step == "asking for the code":
            await control.put("/sandbox/fault", json=fault)
        asked = await until_code(verification)
        await control.request("DELETE" if step == "asking for the code" else "PUT", "/sandbox/fault", json=fault)
        reply = await to_the_end(verification, asked, control)
    assert_honest(reply, words, languages, answered=kind in ANSWERED_ALL_THE_SAME | HARMLESS[step])


@pytest.mark.parametrize("kind", KINDS)
async def test_every_fault_of_the_token_endpoint(
    kind: Kind, sandbox_url: str, words: Words, languages: tuple[Language, ...]
) -> None:
    async with checking(sandbox_url) as (verification, control):
        await control.put("/sandbox/fault", json={"kind": kind, "seconds": 0.2, "path": "/oauth/"})
        reply = await to_the_end(verification, await until_code(verification), control)
    assert_honest(reply, words, languages, answered=kind in ANSWERED_ALL_THE_SAME | HARMLESS["fetching a token"])


async def test_an_expired_certificate_and_a_wrong_authority(
    tmp_path: Path, words: Words, languages: tuple[Language, ...]
) -> None:
    presented = Presented(tmp_path / "office")
    Presented(tmp_path / "other")
    authority = tmp_path / "office" / "ca.pem"
    with serving(create_app(TOKEN, expire=presented.expire), presented) as url:
        async with checking(url, authority) as (verification, control):
            asked = await until_code(verification)
            reply = await to_the_end(verification, asked, control)
            assert_honest(reply, words, languages, answered=True)
        presented.expire(True)
        for ca in (authority, tmp_path / "other" / "ca.pem"):
            async with CaseClient(url, TOKEN, deadline=DEADLINE, tls=office_tls("", "", str(ca))) as client:
                assert_honest(await until_code(verification_of(client)), words, languages, answered=False)
            presented.expire(False)


class _UnknownName(httpx2.AsyncBaseTransport):
    """What a resolver that knows no such name leaves of a request."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("[Errno -2] Name or service not known", request=request)


@pytest.mark.parametrize(
    ("url", "transport"),
    [("http://127.0.0.1:9", None), ("https://cases.invalid", _UnknownName())],
    ids=["nobody listens", "no such name"],
)
async def test_a_case_system_that_is_not_there(
    url: str, transport: httpx2.AsyncBaseTransport | None, words: Words, languages: tuple[Language, ...]
) -> None:
    async with CaseClient(url, TOKEN, deadline=DEADLINE, transport=transport) as client:
        assert_honest(await until_code(verification_of(client)), words, languages, answered=False)


def test_people_wait_eight_seconds_at_most() -> None:
    assert case_client.DEADLINE == 8.0
