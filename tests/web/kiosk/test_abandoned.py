"""A visit that nobody ends is ended by the service, in time and no sooner; then its cookie opens nothing any more."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select, update

from bot.bootstrap import Service
from bot.cases.opening import open_case, open_case_of
from bot.hub import visits
from bot.hub.jobs import retain, sweep
from bot.post import conversations, inbox
from bot.storage import tables, tracker
from bot.storage.database import make_engine
from kiosk.app import create_public_app
from tests.hub.test_forget import make_tracker, note_events, senders
from tests.web.conftest import Serve
from tests.web.kiosk.conftest import Answering, begin, events, take
from tests.web.kiosk.test_visit import count, say_something

LIFETIME = timedelta(seconds=180)
MOMENT = timedelta(seconds=5)


async def nobody_touches(service: Service, by: timedelta) -> None:
    async with service.engine.begin() as db:
        await db.execute(update(tables.visits).values(touched_at=func.now() - by))


async def test_its_lifetime_is_what_the_page_waits_and_a_minute(service: Service) -> None:
    assert visits.lifetime(service.settings) == LIFETIME


async def test_it_is_erased_when_its_time_is_over_and_no_sooner(http: httpx2.AsyncClient, service: Service) -> None:
    await begin(http)
    await say_something(http)
    await nobody_touches(service, LIFETIME - MOMENT)
    await sweep(service)
    assert "my secret question" in (await http.get("/chat")).text
    await nobody_touches(service, LIFETIME + MOMENT)
    await sweep(service)
    for table in ("visits", "conversations", "inbox", "choices"):
        assert await count(service, table) == 0, table
    gone = await http.get("/chat")
    assert (gone.status_code, gone.headers["location"]) == (303, "/")
    assert "rehber" not in http.cookies, "nothing names the visit any more"


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "/chat", None),
        ("GET", "/check", None),
        ("POST", "/here", None),
        ("POST", "/language", {"code": "ar", "place": "/chat"}),
        ("POST", "/person", {"client_id": str(uuid4())}),
        ("POST", "/chat", {"client_id": str(uuid4()), "text": "a question"}),
    ],
)
async def test_whatever_a_person_does_is_a_touch(
    http: httpx2.AsyncClient, service: Service, method: str, path: str, data: dict[str, str] | None
) -> None:
    await begin(http)
    await nobody_touches(service, LIFETIME - MOMENT)
    assert (await http.request(method, path, data=data)).status_code < 400
    async with service.engine.connect() as db:
        age = await db.scalar(select(func.now() - tables.visits.c.touched_at))
    assert age is not None
    assert age < MOMENT


async def test_an_open_stream_is_no_touch_and_hears_the_end(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http)
    await nobody_touches(service, LIFETIME + MOMENT)
    async with events(http) as stream:
        await answering.words("an answer for nobody")
        assert [name for name, _, _ in await take(stream, 1)] == ["said"]
        await sweep(service)
        assert [name for name, _, _ in await take(stream, 1, seconds=1)] == ["gone"]
    assert await count(service, "outbox") == 0


async def test_a_case_stays_and_its_screen_does_not(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http)
    await say_something(http)
    conversation = await answering.conversation()
    async with service.engine.begin() as db:
        await open_case(db, service.seal, conversation, "en")
    async with events(http) as stream:
        assert [name for name, _, _ in await take(stream, 1)] == ["wait"]
        await nobody_touches(service, LIFETIME + MOMENT)
        await sweep(service)
        assert [name for name, _, _ in await take(stream, 1, seconds=2)] == ["gone"]
    async with service.engine.connect() as db:
        assert await open_case_of(db, conversation)
    assert (await count(service, "visits"), await count(service, "inbox")) == (0, 1)
    assert "my secret question" not in (await http.get("/chat")).text


async def test_the_cookie_of_a_case_that_stays_opens_nothing(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http)
    await say_something(http)
    token = http.cookies["rehber"]
    async with service.engine.begin() as db:
        await open_case(db, service.seal, await answering.conversation(), "en")
    await http.post("/finish", data={"sure": "true"})
    http.cookies.set("rehber", token)
    assert (await http.get("/chat")).status_code == 303
    http.cookies.set("rehber", token)
    sent = await http.post("/chat/messages", json={"client_id": str(uuid4()), "text": "again"})
    assert sent.status_code in {303, 401}
    assert await count(service, "inbox") == 1


async def test_other_channels_know_no_idle_time(http: httpx2.AsyncClient, service: Service) -> None:
    async with service.engine.begin() as db:
        await conversations.find_or_open(db, service.seal, "telegram", "4711")
        await db.execute(update(tables.conversations).values(last_at=func.now() - timedelta(days=1)))
    await sweep(service)
    assert await count(service, "conversations") == 1


async def test_finish_does_not_wait_for_a_turn_that_hangs_and_the_rest_follows(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await make_tracker(service)
    await begin(http)
    await say_something(http)
    conversation = await answering.conversation()
    async with service.engine.begin() as turn:
        assert await inbox.claim(turn, service.seal)
        left = await asyncio.wait_for(http.post("/finish"), 5)
        assert left.headers["location"] == "/?left=erased"
        assert (await http.get("/chat")).status_code == 303
        await sweep(service)
        await note_events(turn, tracker.sender(conversation))
    assert await count(service, "conversations") == 1
    await sweep(service)
    for table in ("visits", "conversations", "inbox"):
        assert await count(service, table) == 0, table
    assert await senders(service) == set()


async def test_what_rasa_finishes_after_the_end_is_forgotten(service: Service) -> None:
    await make_tracker(service)
    async with service.engine.begin() as db:
        alive = await conversations.find_or_open(db, service.seal, "telegram", "4711")
        names = [tracker.sender(alive), tracker.sender(alive, 7), uuid4().hex, tracker.sender(uuid4(), 7)]
        await note_events(db, *names)
    await retain(service)
    assert await senders(service) == set(names[:2])


async def test_a_message_for_a_visit_that_is_over_is_not_kept(http: httpx2.AsyncClient, service: Service) -> None:
    """It would open a conversation that no visit ends."""
    await begin(http)
    async with service.engine.begin() as db:
        # The request has found its visit, and waits here for its row.
        await db.execute(select(tables.visits).with_for_update())
        sent = asyncio.create_task(http.post("/chat/messages", json={"client_id": str(uuid4()), "text": "too late"}))
        await asyncio.sleep(0.3)
        await db.execute(tables.visits.delete())
        await db.execute(tables.conversations.delete())
    assert (await sent).status_code in {303, 401}
    assert (await count(service, "inbox"), await count(service, "conversations")) == (0, 0)


async def test_without_a_database_finish_still_ends_it_here(service: Service, serve: Serve) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    settings = service.settings.model_copy(update={"database_url": nowhere})
    url = await serve(create_public_app(replace(service, settings=settings, engine=make_engine(nowhere))))
    async with httpx2.AsyncClient(base_url=url, headers={"Origin": url, "Accept": "text/html"}) as http:
        http.cookies.set("rehber", "x" * 43)
        http.cookies.set("rehber_language", "ar")
        left = await http.post("/finish")
        assert (left.status_code, left.headers["location"]) == (303, "/?left=closed")
        assert "rehber=" in left.headers["set-cookie"]
        http.cookies.delete("rehber")
        wall = (await http.get("/?left=closed")).text
    assert 'lang="ar" dir="rtl" data-testid="left-closed"' in wall


async def test_the_wall_takes_away_what_told_the_language_and_leaves_other_cookies(http: httpx2.AsyncClient) -> None:
    await begin(http, "ps")
    http.cookies.set("rehber_kiosk", "which machine this is")
    http.cookies.set("rehber_staff", "who works here")
    await http.post("/finish")
    assert 'lang="ps"' in (await http.get("/?left=erased")).text
    assert set(http.cookies) == {"rehber_kiosk", "rehber_staff"}


async def test_the_next_visit_has_nothing_of_one_that_the_sweeper_has_ended(
    http: httpx2.AsyncClient, service: Service
) -> None:
    await begin(http)
    await http.post("/look", data={"size": "largest"})
    async with service.engine.begin() as db:
        await db.execute(tables.visits.delete())
    await begin(http, "ar")
    assert "rehber_look" not in http.cookies
    assert 'data-size="largest"' not in (await http.get("/chat")).text


async def test_every_screen_has_the_question_and_the_way_out(http: httpx2.AsyncClient) -> None:
    wall = (await http.get("/")).text
    assert ('data-testid="finish"' in wall, 'id="more-time"' in wall, "http-equiv" in wall) == (False, False, False)
    await begin(http)
    for path in ("/", "/chat", "/check", "/check?about=status", "/topics", "/topic/work-permit", "/no-such-page"):
        page = (await http.get(path)).text
        assert 'data-testid="finish"' in page, path
        assert 'id="more-time"' in page, path
        # Without script the page leaves by itself when the service has ended the visit.
        assert '<noscript><meta http-equiv="refresh" content="195; url=/"></noscript>' in page, path
