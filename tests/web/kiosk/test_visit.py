"""A visit begins on the wall, changes its language without losing its place, and ends with nothing left."""

import re
from dataclasses import replace
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.cases.entries import mark_quiet
from bot.cases.opening import open_case, open_case_of
from bot.settings import Settings
from bot.storage import tables
from bot.storage.database import make_engine
from kiosk.app import create_public_app
from tests.web.conftest import Serve
from tests.web.kiosk.conftest import Answering, begin


async def count(service: Service, table: str) -> int:
    async with service.engine.connect() as db:
        return int(await db.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0)


async def say_something(http: httpx2.AsyncClient) -> None:
    response = await http.post("/chat/messages", json={"client_id": str(uuid4()), "text": "my secret question"})
    assert response.status_code == 202


async def test_the_wall_shows_every_language_in_its_own_script(http: httpx2.AsyncClient, service: Service) -> None:
    page = (await http.get("/")).text
    for language in service.registry.offered():
        button = re.search(rf'<button[^>]*value="{language.code}"[^>]*>', page)
        assert button
        assert f'lang="{language.code}" dir="{language.direction}"' in button[0]
        assert language.name in page
    for planned in set(service.registry.languages.values()) - set(service.registry.offered()):
        assert planned.name not in page


@pytest.mark.parametrize("language", ["tr", "en", "ar", "fa"])
async def test_choosing_begins_a_visit_in_that_language(
    http: httpx2.AsyncClient, service: Service, language: str
) -> None:
    response = await http.post("/language", data={"code": language})
    assert (response.status_code, response.headers["location"]) == (303, "/chat")
    page = await http.get("/chat")
    direction = service.registry.get(language).direction
    assert f'<html lang="{language}" dir="{direction}"' in page.text
    assert page.headers["content-language"] == language
    async with service.engine.connect() as db:
        row = (await db.execute(select(tables.conversations))).one()
    assert (row.language, row.language_chosen) == (language, True)


async def test_a_language_that_is_not_offered_begins_nothing(http: httpx2.AsyncClient, service: Service) -> None:
    for code in ("xx", "uk", "../../etc/passwd", "", "tr\n", "TR"):
        assert (await http.post("/language", data={"code": code})).status_code == 422, code
    assert await count(service, "conversations") == 0


@pytest.mark.parametrize("place", ["/chat", "/check"])
async def test_changing_the_language_keeps_the_place_and_the_conversation(
    http: httpx2.AsyncClient, service: Service, place: str
) -> None:
    await begin(http, "en")
    token = http.cookies["rehber"]
    await say_something(http)
    response = await http.post("/language", data={"code": "ar", "place": place})
    assert response.headers["location"] == place
    assert http.cookies["rehber"] == token
    assert '<html lang="ar" dir="rtl">' in (await http.get(place)).text
    assert "my secret question" in (await http.get("/chat")).text


async def test_the_place_is_a_page_of_the_kiosk(http: httpx2.AsyncClient) -> None:
    await begin(http)
    for place in ("https://evil.example", "//evil.example", "/finish?sure=true", "/check/close", "chat"):
        response = await http.post("/language", data={"code": "ar", "place": place})
        assert response.headers["location"] == "/chat", place


async def test_the_next_person_at_the_wall_sees_nothing_of_the_last(http: httpx2.AsyncClient, service: Service) -> None:
    await begin(http, "en")
    await say_something(http)
    before = http.cookies["rehber"]
    await begin(http, "en")
    assert http.cookies["rehber"] != before
    assert "my secret question" not in (await http.get("/chat")).text
    assert await count(service, "conversations") == 1
    assert await count(service, "inbox") == 0


async def test_finish_erases_everything_and_says_so(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http, "fa")
    await say_something(http)
    await answering.words("an answer")
    token = http.cookies["rehber"]
    response = await http.post("/finish")
    assert (response.status_code, response.headers["location"]) == (303, "/?left=erased")
    assert response.headers["clear-site-data"] == '"cache"'
    assert "rehber" not in http.cookies
    assert 'data-testid="left-erased"' in (wall := (await http.get("/?left=erased")).text)
    assert 'lang="fa" dir="rtl" data-testid="left-erased"' in wall
    for table in ("conversations", "inbox", "outbox", "choices", "turns"):
        assert await count(service, table) == 0, table
    http.cookies.set("rehber", token)
    assert (await http.get("/chat")).status_code == 303


async def test_finish_without_a_visit_is_no_error(http: httpx2.AsyncClient) -> None:
    assert (await http.post("/finish")).headers["location"] == "/?left=erased"


async def test_while_a_person_works_on_it_finish_asks_first_and_keeps_it(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http, "en")
    await say_something(http)
    async with service.engine.begin() as db:
        await open_case(db, service.seal, await answering.conversation(), "en")
    asked = await http.post("/finish")
    assert (asked.status_code, asked.headers["location"]) == (303, "/finish")
    asked = await http.get("/finish")
    assert "A person is still working on your request" in asked.text
    assert "rehber" in http.cookies
    left = await http.post("/finish", data={"sure": "true"})
    assert left.headers["location"] == "/?left=kept"
    assert "rehber" not in http.cookies
    assert 'data-testid="left-kept"' in (await http.get("/?left=kept")).text
    assert await count(service, "conversations") == 1
    assert await count(service, "inbox") == 1


async def test_a_call_that_the_bot_made_outlives_the_visit_and_is_shown_to_nobody(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    """Somebody in danger leaves at one touch, whoever stands beside them or comes next."""
    await begin(http, "en")
    await say_something(http)
    conversation_id = await answering.conversation()
    async with service.engine.begin() as db:
        await open_case(db, service.seal, conversation_id, "en", topic="trafficking-victims", quiet=False)
    assert re.search(r'data-testid="writing">', (await http.get("/chat")).text), "the bot still answers"
    token = http.cookies["rehber"]
    left = await http.post("/finish")
    assert (left.status_code, left.headers["location"]) == (303, "/")
    assert left.headers["clear-site-data"] == '"cache"'
    assert "rehber" not in http.cookies
    wall = (await http.get("/")).text
    assert 'data-testid="left-' not in wall
    async with service.engine.connect() as db:
        assert await open_case_of(db, conversation_id)
    assert await count(service, "inbox") == 1

    await begin(http, "en")
    assert http.cookies["rehber"] != token
    assert "my secret question" not in (await http.get("/chat")).text
    async with service.engine.connect() as db:
        assert await open_case_of(db, conversation_id), "a new visit at the wall erases no case either"


async def test_a_call_that_the_bot_made_outlives_a_visit_that_nobody_finished(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http, "en")
    await say_something(http)
    conversation_id = await answering.conversation()
    async with service.engine.begin() as db:
        await open_case(db, service.seal, conversation_id, "en", topic="trafficking-victims", quiet=False)
    await begin(http, "fa")
    assert "my secret question" not in (await http.get("/chat")).text
    async with service.engine.connect() as db:
        assert await open_case_of(db, conversation_id)


async def test_once_somebody_has_the_case_finish_asks_first(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http, "en")
    await say_something(http)
    async with service.engine.begin() as db:
        opened = await open_case(db, service.seal, await answering.conversation(), "en", quiet=False)
        await mark_quiet(db, opened.case_id)
    asked = await http.post("/finish")
    assert (asked.status_code, asked.headers["location"]) == (303, "/finish")
    asked = await http.get("/finish")
    assert "A person is still working on your request" in asked.text


async def test_a_person_is_one_touch_away(http: httpx2.AsyncClient, answering: Answering, service: Service) -> None:
    await begin(http, "ar")
    for path in ("/chat", "/check", "/check?about=status", "/no-such-page"):
        page = (await http.get(path)).text
        assert 'data-testid="person"' in page, path
    name = str(uuid4())
    for _ in range(2):
        assert (await http.post("/person", data={"client_id": name})).headers["location"] == "/chat"
    (_, kind, token), *more = await answering.heard()
    assert (kind, more) == ("choice", [])
    async with service.engine.connect() as db:
        assert await db.scalar(select(tables.choices.c.key).where(tables.choices.c.token == token)) == "handoff.open"


async def test_a_person_can_be_asked_for_before_a_language_is_chosen(
    http: httpx2.AsyncClient, answering: Answering
) -> None:
    response = await http.post("/person", data={"client_id": str(uuid4())})
    assert response.headers["location"] == "/?then=person"
    assert 'data-testid="language-other"' in (await http.get("/?then=person")).text
    await http.post("/language", data={"code": "fa", "then": "person"})
    assert [kind for _, kind, _ in await answering.heard()] == ["choice"]


async def test_the_wall_refuses_what_it_does_not_know_and_does_not_repeat_it(http: httpx2.AsyncClient) -> None:
    for query in ("then=evil", "left=evil%3Cscript%3E"):
        response = await http.get(f"/?{query}")
        assert response.status_code == 422
        assert "evil" not in response.text


async def test_without_a_database_the_wall_stands_and_the_rest_says_so(service: Service, serve: Serve) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    settings: Settings = service.settings.model_copy(update={"database_url": nowhere})
    url = await serve(create_public_app(replace(service, settings=settings, engine=make_engine(nowhere))))
    async with httpx2.AsyncClient(base_url=url, headers={"Origin": url, "Accept": "text/html"}) as http:
        assert (await http.get("/")).status_code == 200
        assert (await http.get("/health/live")).status_code == 200
        assert (await http.get("/health/ready")).status_code == 503
        http.cookies.set("rehber_language", "ar")
        failed = await http.post("/language", data={"code": "en"})
    assert failed.status_code == 503
    assert 'lang="ar" dir="rtl"' in failed.text
