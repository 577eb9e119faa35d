"""The case system's announcements at the public door: signed or refused, and answered with nothing either way."""

import asyncio
import secrets
from collections.abc import AsyncIterator, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy import select
from standardwebhooks import Webhook

from bot.bootstrap import Service
from bot.caseapi.announcements import LONGEST
from bot.caseapi.models import CaseChanged
from bot.caseapi.sandbox.announcer import Announcer
from bot.caseapi.sandbox.changes import ChangeKind
from bot.post import conversations, subscriptions
from bot.settings import SANDBOX_WEBHOOK_SECRET
from bot.storage import tables
from kiosk.public.case_changes import PATH

MINE: Final = "a-subscription-of-ours"
FOREIGN: Final = "a-subscription-of-nobody"


@pytest.fixture
async def case_system(service: Service, door: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A program that posts to the door; one conversation has a subscription."""
    async with service.engine.begin() as db:
        talk = await conversations.find_or_open(db, service.seal, "telegram", "4711")
        until = datetime.now(UTC) + timedelta(days=1)
        await subscriptions.add(db, service.seal, talk, "a session", MINE, until)
    async with httpx2.AsyncClient(base_url=door, headers={"Content-Type": "application/json"}) as http:
        yield http


def announcement(
    reference: str = MINE,
    kind: str = "APPOINTMENT",
    *,
    secret: str = SANDBOX_WEBHOOK_SECRET,
    at: datetime | None = None,
    event_id: str | None = None,
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a signed announcement."""
    moment = at or datetime.now(UTC)
    event = event_id or secrets.token_urlsafe(24)
    body = CaseChanged(
        type="case.changed", event_id=event, subscription_id=reference, kind=kind, at=moment
    ).model_dump_json()
    signature = Webhook(secret).sign(event, moment, body)
    headers = {
        "webhook-id": event,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    return body.encode(), headers


async def kept(service: Service) -> list[str]:
    async with service.engine.connect() as db:
        return list(await db.scalars(select(tables.case_changes.c.kind)))


async def test_a_signed_one_is_written_down_once(service: Service, case_system: httpx2.AsyncClient) -> None:
    body, headers = announcement()
    for _ in range(3):
        response = await case_system.post(PATH, content=body, headers=headers)
        assert (response.status_code, response.content) == (204, b"")
        assert "set-cookie" not in response.headers
    assert await kept(service) == ["APPOINTMENT"]
    async with service.engine.connect() as db:
        row = (await db.execute(select(tables.conversations))).one()
        assert row.last_at == row.created_at, "the conversation is the worker's"
        assert await db.scalar(select(tables.subscriptions.c.changed_at)) is not None


async def test_the_sandbox_is_heard(service: Service, door: str, case_system: httpx2.AsyncClient) -> None:
    announcer = Announcer(f"{door}{PATH}", SANDBOX_WEBHOOK_SECRET)
    announcer.announce(MINE, ChangeKind.FILE)
    async with asyncio.timeout(10):
        while await kept(service) != ["FILE"]:
            await asyncio.sleep(0.05)
            assert len(await kept(service)) <= 1
    async with service.engine.connect() as db:
        assert await db.scalar(select(tables.subscriptions.c.changed_at)) is None


async def test_one_for_nobody_looks_the_same_and_leaves_nothing(
    service: Service, case_system: httpx2.AsyncClient
) -> None:
    body, headers = announcement(FOREIGN)
    foreign = await case_system.post(PATH, content=body, headers=headers)
    body, headers = announcement(MINE)
    ours = await case_system.post(PATH, content=body, headers=headers)
    assert (foreign.status_code, foreign.content) == (ours.status_code, ours.content) == (204, b"")
    assert set(foreign.headers) == set(ours.headers)
    assert await kept(service) == ["APPOINTMENT"]


async def test_what_nobody_wants_any_more_leaves_nothing(service: Service, case_system: httpx2.AsyncClient) -> None:
    async with service.engine.begin() as db:
        await db.execute(tables.conversations.delete())
    body, headers = announcement()
    assert (await case_system.post(PATH, content=body, headers=headers)).status_code == 204
    assert await kept(service) == []


FORGED: Final = [
    "another secret",
    "an hour ago",
    "in an hour",
    "another body",
    "another event",
    "no signature",
    "no headers",
    "not a message",
]


@pytest.mark.parametrize("how", FORGED)
async def test_what_the_office_did_not_sign_is_refused_without_a_word(
    service: Service, case_system: httpx2.AsyncClient, how: str
) -> None:
    now = datetime.now(UTC)
    shift = {"an hour ago": timedelta(hours=-1), "in an hour": timedelta(hours=1)}.get(how, timedelta())
    secret = "whsec_" + "QUFB" * 8 if how == "another secret" else SANDBOX_WEBHOOK_SECRET
    body, headers = announcement(secret=secret, at=now + shift)
    if how == "another body":
        body = body.replace(b"APPOINTMENT", b"FILE")
    elif how == "another event":
        headers["webhook-id"] = secrets.token_urlsafe(24)
    elif how == "no signature":
        del headers["webhook-signature"]
    elif how == "no headers":
        headers = {}
    elif how == "not a message":
        body = b'{"name": "canary"}'
        headers["webhook-signature"] = Webhook(secret).sign(headers["webhook-id"], now, body.decode())
    with structlog.testing.capture_logs() as logged:
        response = await case_system.post(PATH, content=body, headers=headers)
    assert (response.status_code, response.content) == (401, b"")
    assert "set-cookie" not in response.headers
    assert await kept(service) == []
    _says_nothing(logged, headers)


async def test_without_a_secret_nothing_is_believed(service: Service, case_system: httpx2.AsyncClient) -> None:
    other = {"case_api_url": "https://cases.example", "case_api_webhook_secret": SecretStr("")}
    object.__setattr__(service, "settings", service.settings.model_copy(update=other))
    for cached in ("effective_case_api_url", "effective_case_api_webhook_secret"):
        service.settings.__dict__.pop(cached, None)
    body, headers = announcement()
    assert (await case_system.post(PATH, content=body, headers=headers)).status_code == 401
    assert await kept(service) == []


async def test_a_large_one_is_not_read_to_its_end(service: Service, case_system: httpx2.AsyncClient) -> None:
    _, headers = announcement()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b" " * 1024

    for content in (b" " * (LONGEST + 1), endless()):
        response = await case_system.post(PATH, content=content, headers=headers)
        assert (response.status_code, response.content) == (413, b"")
    assert await kept(service) == []


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_browser_has_no_business_here(
    service: Service, case_system: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    body, signed = announcement()
    response = await case_system.post(PATH, content=body, headers={**signed, **headers})
    assert response.status_code == 403
    assert await kept(service) == []


async def test_the_log_says_nothing_about_whose_file_it_is(service: Service, case_system: httpx2.AsyncClient) -> None:
    body, headers = announcement()
    with structlog.testing.capture_logs() as logged:
        await case_system.post(PATH, content=body, headers=headers)
    _says_nothing(logged, headers)


def _says_nothing(logged: list[MutableMapping[str, Any]], headers: dict[str, str]) -> None:
    for part in (MINE, "canary", "4711", *headers.values()):
        assert part not in str(logged)
