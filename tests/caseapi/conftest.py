"""The sandbox on a socket and in memory, a clock that the test owns, tries counted in memory and in the database."""

import gettext
import threading
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import uvicorn
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp

from bot.caseapi.attempts import CHAT, Origin, Tally, Try, admits
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.models import DocumentType, Factor, FactorType, VerifyRequest
from bot.caseapi.pace import Pace
from bot.caseapi.sandbox.app import create_app
from bot.caseapi.sandbox.certificates import Presented
from bot.caseapi.sandbox.people import Person, people
from bot.caseapi.verification import Reply, Verification
from bot.caseapi.wording import Words
from bot.content.case_words import load_case_words
from bot.i18n.catalogues import Catalogues
from bot.i18n.registry import Language, load_registry
from bot.settings import ROOT
from bot.storage.attempts import StoredAttempts
from bot.storage.database import make_engine

TOKEN = "sandbox"
"""The client's secret and the control token of a sandbox that was told nothing else."""

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CHAT_ORIGIN = Origin("telegram:1", CHAT)


@dataclass
class Clock:
    """A clock that stands still until the test moves it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time_span: float) -> None:
        self.at += timedelta(**time_span)


@dataclass
class MemoryLog:
    """`AttemptLog` in memory: rows of (subject, origin, succeeded, at). Knows no devices."""

    now: Callable[[], datetime]
    rows: dict[int, tuple[bytes, bytes, bool, datetime]] = field(default_factory=dict)

    async def reserve(self, attempt: Try) -> int | None:
        subject, origin = attempt.subject.name, attempt.origin.name
        recent = [row for row in self.rows.values() if self.now() - row[3] < attempt.subject.limit.window]
        tally = Tally(
            sum(row[0] == subject and not row[2] for row in recent),
            sum(row[1] == origin and not row[2] for row in recent),
            len({row[0] for row in recent if row[1] == origin} - {subject}),
        )
        if not admits(attempt, tally):
            return None
        number = len(self.rows) + 1
        self.rows[number] = (subject, origin, False, self.now())
        return number

    async def succeeded(self, attempt: int) -> None:
        subject, origin, _, at = self.rows[attempt]
        self.rows[attempt] = (subject, origin, True, at)

    async def withdraw(self, attempt: int) -> None:
        subject, origin, _, at = self.rows[attempt]
        self.rows[attempt] = (subject, origin, True, at - timedelta(days=400))


@dataclass
class Desk:
    """An identity check on an in-memory sandbox, driven like a person drives it."""

    client: CaseClient
    verification: Verification
    sandbox: httpx2.AsyncClient
    log: MemoryLog
    clock: Clock

    async def until_code(self, typed: tuple[str, ...], check: Check, origin: Origin = CHAT_ORIGIN) -> list[Reply]:
        """Every reply from the first question to the question for the code."""
        replies = [self.verification.begin(check, "en")]
        for text in typed:
            replies.append(await self.type(replies[-1], text, origin))
        return replies

    async def type(self, reply: Reply, text: str, origin: Origin = CHAT_ORIGIN) -> Reply:
        assert reply.form is not None
        return await self.verification.answer(reply.form, text, origin)

    async def codes(self) -> list[str]:
        return [message["code"] for message in (await self.sandbox.get("/sandbox/sms")).json()]

    async def fail(self, **fault: object) -> None:
        response = await self.sandbox.put("/sandbox/fault", json=fault)
        assert response.status_code == 204, response.text


def answer_of(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> httpx2.Response:
    """A response whose body still has to be read, as from a socket."""
    kind = {"Content-Type": "application/json"}
    return httpx2.Response(status, headers={**kind, **(headers or {})}, stream=httpx2.ByteStream(body))


BASIC = {"Authorization": f"Basic {b64encode(f'rehber:{TOKEN}'.encode()).decode()}"}


def access(url: str) -> dict[str, str]:
    """The header of an office that has fetched its token."""
    answer = httpx2.post(f"{url}/oauth/token", data={"grant_type": "client_credentials"}, headers=BASIC)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def typed_by(person: Person) -> tuple[str, str, str, str]:
    return person.document.value, person.number, person.factor_value, person.phone


def find(about: str) -> Person:
    return next(person for person in people(datetime.now(UTC)) if person.about == about)


def identity_of(person: Person) -> VerifyRequest:
    factor = Factor(type=person.factor, value=person.factor_value)
    return VerifyRequest(
        doc_type=person.document, id_number=person.number, factor=factor, phone=person.phone, lang="en"
    )


NOBODY = VerifyRequest(
    doc_type=DocumentType.TP_ID,
    id_number="99000099900",
    factor=Factor(type=FactorType.DOCUMENT_NO, value="A99Z99999"),
    phone="+905000099999",
    lang="en",
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[Desk]:
    transport = httpx2.ASGITransport(create_app(TOKEN, now=clock))
    log = MemoryLog(clock)
    async with (
        CaseClient("http://127.0.0.1", TOKEN, transport=transport, now=clock) as client,
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=HEADERS) as sandbox,
    ):
        verification = Verification(client, log, lambda *parts: "|".join(parts).encode(), pace=Pace(0), now=clock)
        yield Desk(client, verification, sandbox, log, clock)


@contextmanager
def serving(app: ASGIApp, presented: Presented | None = None) -> Iterator[str]:
    """The address of a server on a free port, in a thread; with HTTPS when it has a certificate to show."""
    config = uvicorn.Config(
        app,
        port=0,
        log_level="error",
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
        ssl_context_factory=(lambda config, default: presented.context) if presented else None,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    scheme = "https" if presented else "http"
    yield f"{scheme}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """A sandbox process' server on a free port, in a thread."""
    with serving(create_app(TOKEN)) as url:
        yield url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = make_engine(database_url, connections=10)
    yield made
    await made.dispose()


@pytest.fixture
def log(engine: AsyncEngine) -> StoredAttempts:
    """Tries as they are counted by all processes."""
    return StoredAttempts(engine)


ENGLISH = Language(
    code="en",
    name="English",
    english_name="English",
    direction="ltr",
    locale="en",
    fallback=(),
    digits="latin",
    status="offered",
    detectable=True,
)
PERSIAN = ENGLISH.model_copy(update={"code": "fa", "name": "فارسی", "direction": "rtl", "locale": "fa"})
ARABIC = ENGLISH.model_copy(update={"code": "ar", "name": "العربية", "direction": "rtl", "locale": "ar"})
DARI = PERSIAN.model_copy(update={"code": "prs", "name": "دری", "locale": "fa_AF"})
PASHTO = PERSIAN.model_copy(update={"code": "ps", "name": "پښتو", "locale": "ps"})
TURKISH = ENGLISH.model_copy(update={"code": "tr", "name": "Türkçe", "locale": "tr"})


@pytest.fixture(scope="session")
def untranslated() -> Words:
    """Every phrase as its English message id, in every language; codes in the language's own words."""
    languages = load_registry(ROOT / "content")
    catalogues = Catalogues(dict.fromkeys(languages.languages, gettext.NullTranslations()))
    return Words(catalogues, load_case_words(ROOT / "content", languages))
