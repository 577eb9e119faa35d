"""A person can hear that the own file has changed: from the subscription to the signed request at Rehber's door."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from pydantic import SecretStr

from bot.caseapi.announcements import read_announcement
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.errors import SessionOver
from bot.caseapi.models import CaseChanged, Session
from bot.caseapi.sandbox.announcer import PAUSES, Announcer
from bot.caseapi.sandbox.app import create_app
from bot.settings import SANDBOX_WEBHOOK_SECRET
from tests.caseapi.conftest import HEADERS, TOKEN, Clock, find, identity_of

BOOKED = find("appointment BOOKED")


class Door:
    """Rehber's door for announcements: refuses the first `busy` requests, believes only what is signed."""

    def __init__(self) -> None:
        self.busy = 0
        self.asked = 0
        self.heard: list[CaseChanged] = []
        self._knocks: asyncio.Queue[None] = asyncio.Queue()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        self._knocks.put_nowait(None)
        if self.asked <= self.busy:
            return httpx2.Response(503)
        self.heard.append(read_announcement(request.headers, request.content, SecretStr(SANDBOX_WEBHOOK_SECRET)))
        return httpx2.Response(204)

    async def wait_for(self, requests: int) -> None:
        async with asyncio.timeout(5):
            for _ in range(requests):
                await self._knocks.get()


class Town:
    """A sandbox in memory, a client of it, and a door that it announces to."""

    def __init__(self, client: CaseClient, control: httpx2.AsyncClient, door: Door, clock: Clock) -> None:
        self.client, self.control, self.door, self.clock = client, control, door, clock

    async def session(self, about: str = BOOKED.about) -> Session:
        challenge = await self.client.start(identity_of(find(about)))
        code = (await self.control.get("/sandbox/sms")).json()[-1]["code"]
        return await self.client.confirm(challenge.challenge_id, code)

    async def change(self, **asked: str) -> int:
        response = await self.control.post("/sandbox/change", json=asked)
        assert response.status_code == 200, response.text
        return int(response.json()["announced"])


@pytest.fixture
async def town(clock: Clock) -> AsyncIterator[Town]:
    door = Door()
    url, secret = "https://rehber.example/case/changes", SANDBOX_WEBHOOK_SECRET
    announcer = Announcer(url, secret, clock, pauses=(0.02, 0.02), transport=httpx2.MockTransport(door))
    transport = httpx2.ASGITransport(create_app(TOKEN, announcer=announcer, now=clock))
    async with (
        CaseClient("http://127.0.0.1", TOKEN, transport=transport, now=clock) as client,
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=HEADERS) as control,
    ):
        yield Town(client, control, door, clock)


async def test_a_change_is_announced_and_can_be_read(town: Town) -> None:
    session = await town.session()
    before = (await town.client.read(session, Check.APPOINTMENT)).appointments
    subscription = await town.client.subscribe(session)
    assert subscription.subject == session.subject
    assert await town.change(phone=BOOKED.phone, kind="APPOINTMENT") == 1
    await town.door.wait_for(1)
    assert [(heard.subscription_id, heard.kind) for heard in town.door.heard] == [
        (subscription.subscription_id, "APPOINTMENT")
    ]
    after = (await town.client.read(session, Check.APPOINTMENT)).appointments
    assert before is not None
    assert after is not None
    assert after.appointments[0].start > before.appointments[0].start
    assert after.appointments[0].status == "RESCHEDULED"


async def test_news_in_a_file_are_for_an_officer(town: Town) -> None:
    session = await town.session("TP ACTIVE")
    await town.client.subscribe(session)
    assert await town.change(number=find("TP ACTIVE").number, kind="FILE") == 1
    protection = (await town.client.read(session, Check.STATUS)).protection
    assert protection is not None
    assert protection.protection is not None
    assert protection.protection.see_officer


async def test_a_busy_door_hears_the_same_announcement_later(town: Town) -> None:
    town.door.busy = len(PAUSES)
    await town.client.subscribe(await town.session())
    await town.change(phone=BOOKED.phone, kind="FILE")
    await town.door.wait_for(len(PAUSES) + 1)
    assert len(town.door.heard) == 1


async def test_a_door_that_stays_closed_is_asked_three_times(town: Town) -> None:
    town.door.busy = 99
    await town.client.subscribe(await town.session())
    await town.change(phone=BOOKED.phone, kind="FILE")
    await town.door.wait_for(3)
    await asyncio.sleep(0.1)
    assert (town.door.asked, town.door.heard) == (3, [])


async def test_nobody_hears_of_others_nor_after_the_end(town: Town) -> None:
    first = await town.client.subscribe(await town.session())
    second = await town.client.subscribe(await town.session())
    assert await town.change(phone=find("TP ACTIVE").phone, kind="FILE") == 0
    assert await town.change(phone=BOOKED.phone, kind="FILE") == 2
    for _ in range(2):
        await town.client.unsubscribe(first.subscription_id)
    assert await town.change(phone=BOOKED.phone, kind="FILE") == 1
    town.clock.at = second.expires_at
    assert await town.change(phone=BOOKED.phone, kind="FILE") == 0


async def test_a_session_that_is_over_subscribes_to_nothing(town: Town) -> None:
    session = await town.session()
    town.clock.pass_by(seconds=session.expires_in + 1)
    with pytest.raises(SessionOver):
        await town.client.subscribe(session)
    assert await town.change(phone=BOOKED.phone, kind="FILE") == 0


async def test_the_phone_page_has_a_button_for_each_change(town: Town) -> None:
    await town.client.subscribe(await town.session())
    page = await town.control.get("/phone")
    assert page.text.count('action="/phone/change"') == page.text.count("<button") > 40
    pressed = await town.control.post("/phone/change", data={"number": BOOKED.number, "kind": "APPOINTMENT"})
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/phone")
    await town.door.wait_for(1)
    assert town.door.heard[0].kind == "APPOINTMENT"


@pytest.mark.parametrize("asked", [{"number": "NOBODY", "kind": "FILE"}, {"kind": "FILE"}, {"number": BOOKED.number}])
async def test_a_change_of_nobody_or_nothing_is_refused(asked: dict[str, str], town: Town) -> None:
    assert (await town.control.post("/sandbox/change", json=asked)).status_code in {400, 404}
