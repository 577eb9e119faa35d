"""The wait for a person stays in sight and is true on every page, and goes on at a phone without being lost."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select, update

from bot.assistant.rasa import RasaAssistant
from bot.bootstrap import Service, build_service
from bot.cases import work
from bot.cases.model import Staff
from bot.cases.opening import open_case
from bot.cases.waiting import FEWEST, wait_of
from bot.hub.deep_link import CODE
from bot.hub.identity_check import IdentityCheck, case_client
from bot.hub.reminders import Reminders
from bot.hub.turn import Hub
from bot.i18n.phrases import PHRASES
from bot.model import Block, BlockKind, Kind, Utterance
from bot.post import outbox
from bot.settings import Settings
from bot.storage import tables
from kiosk.app import create_public_app
from kiosk.public.waiting import SOMEBODY_IS_THERE
from tests.assistant.rest_channel import keys, rest_channel
from tests.cases.office import Office
from tests.hub.conversation import Person, work_off
from tests.web.conftest import Serve, accessibility_violations, screenshot
from tests.web.kiosk.conftest import Answering, _read, begin, take
from tests.web.kiosk.measuring import PITCH_MM, hard_to_touch
from tests.web.kiosk.visitor import choose

CODE_MM = 40
SECONDS = 5_000


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path / "data", telegram_bot_name="rehber_test_bot")


@pytest.fixture
def office(service: Service) -> Office:
    return Office(service)


async def asks_for_a_person(service: Service, conversation_id: UUID, language: str = "en") -> UUID:
    async with service.engine.begin() as db:
        return (await open_case(db, service.seal, conversation_id, language)).case_id


async def claims(service: Service, case_id: UUID, person: Staff) -> None:
    async with service.engine.begin() as db:
        await work.claim(db, service.seal, case_id, person)


def sentence(name: str, **values: object) -> str:
    return PHRASES[name].format(**values)


async def test_the_panel_follows_the_queue_without_a_touch(
    screen: Page, service: Service, answering: Answering, office: Office
) -> None:
    await choose(screen, "en")
    here = await answering.conversation()
    before = await office.asks_for_person("somebody else", language="en")
    await expect(screen.get_by_test_id("waiting")).to_be_hidden()
    case_id = await asks_for_a_person(service, here)
    said = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "I have asked a person."),))
    async with service.engine.begin() as db:
        await outbox.put(db, service.seal, here, "kiosk", [said])
    lines = screen.get_by_test_id("waiting-lines")
    await expect(lines).to_contain_text(sentence("handoff-place", place=2), timeout=SECONDS)
    await expect(lines).to_contain_text(sentence("handoff-nobody-now"))
    ayla = await office.person("Ayla", "en")
    await office.console(ayla)
    await claims(service, before.case_id, ayla)
    await expect(lines).to_contain_text(sentence("handoff-place", place=1), timeout=SECONDS)
    await expect(lines).to_contain_text(SOMEBODY_IS_THERE)
    shown = await lines.inner_text()
    await screen.reload()
    assert await lines.inner_text() == shown
    await claims(service, case_id, ayla)
    await expect(lines).to_have_text(sentence("handoff-already"), timeout=SECONDS)
    async with service.engine.begin() as db:
        await work.return_to_queue(db, office.voice, case_id, ayla)
    await expect(lines).to_contain_text(sentence("handoff-place", place=1), timeout=SECONDS)


async def test_on_other_pages_a_line_tells_the_place_and_that_somebody_has_written(
    screen: Page, service: Service, answering: Answering, office: Office
) -> None:
    await choose(screen, "en")
    case_id = await asks_for_a_person(service, await answering.conversation())
    await screen.goto("/topics")
    line = screen.get_by_test_id("waiting-lines")
    await expect(line).to_contain_text(sentence("handoff-place", place=1), timeout=SECONDS)
    unread = screen.get_by_test_id("waiting-unread")
    await expect(unread).to_be_hidden()
    ayla = await office.person("Ayla", "en")
    await claims(service, case_id, ayla)
    async with service.engine.begin() as db:
        await work.reply(db, office.voice, case_id, ayla, "I am here.")
    await expect(unread).to_be_visible(timeout=SECONDS)
    lines = await screen.get_by_test_id("waiting-lines").bounding_box()
    assert lines is not None
    assert lines["width"] > lines["height"], "the words stand beside what leads to the message, not letter below letter"
    await screenshot(screen, "kiosk-written-to")
    # Nothing counts as seen by it.
    async with service.engine.connect() as db:
        assert "queued" in set(await db.scalars(select(tables.outbox.c.state)))
    await unread.tap()
    await expect(screen.get_by_test_id("message-said").last).to_contain_text("I am here.")
    await expect(screen.get_by_role("button", name="I do not understand")).to_be_visible()


async def test_who_asked_for_nobody_sees_no_line_and_no_code(http: httpx2.AsyncClient) -> None:
    await begin(http)
    assert 'data-testid="waiting" hidden' in (await http.get("/chat")).text.replace("  ", " ")
    response = await http.get("/continue")
    assert (response.status_code, response.headers["location"]) == (303, "/chat")
    async with http.stream("GET", "/waiting/events") as stream:
        ((name, _, _),) = await take(_read(stream), 1)
    assert name == "none"


async def test_without_a_bot_nothing_leads_to_one(
    service: Service, serve: Serve, database_url: str, tmp_path: Path
) -> None:
    plain = build_service(Settings(database_url=database_url, data_dir=tmp_path / "data"), connections=3)
    address = await serve(create_public_app(plain))
    async with httpx2.AsyncClient(base_url=address, headers={"Origin": address, "Accept": "text/html"}) as http:
        await begin(http)
        await asks_for_a_person(service, await Answering(service).conversation())
        assert "by-phone" not in (await http.get("/chat")).text
        assert (await http.get("/continue")).headers["location"] == "/chat"


async def test_the_usual_wait_is_said_only_where_it_is_known(service: Service, office: Office) -> None:
    ayla = await office.person("Ayla", "ar")
    await office.console(ayla)

    async def usual() -> timedelta | None:
        async with service.engine.connect() as db:
            wait = await wait_of(db, waiting)
        assert wait is not None
        assert (wait.place, wait.anybody) == (1, True)
        return wait.usual

    waiting = await office.writes("?", "me")
    mine = await asks_for_a_person(service, waiting, "ar")
    for number in range(FEWEST):
        assert await usual() is None
        opened = await office.asks_for_person(f"before {number}")
        minutes = timedelta(minutes=10 + 10 * number)
        async with service.engine.begin() as db:
            await db.execute(
                update(tables.cases)
                .where(tables.cases.c.id == opened.case_id)
                .values(opened_at=tables.cases.c.opened_at - minutes)
            )
        await claims(service, opened.case_id, ayla)
    known = await usual()
    assert known is not None
    assert timedelta(minutes=29) < known < timedelta(minutes=31)
    async with service.engine.begin() as db:
        await db.execute(
            update(tables.cases)
            .where(tables.cases.c.id == mine)
            .values(opened_at=tables.cases.c.opened_at - timedelta(minutes=40))
        )
    # Somebody waits longer by now than people did: the queue has become slower.
    assert await usual() is None


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_the_panel_and_the_code_can_be_seen_read_and_touched(
    screen: Page, service: Service, answering: Answering, language: str
) -> None:
    await choose(screen, language)
    await asks_for_a_person(service, await answering.conversation(), language)
    for path, name in (("/chat", "waiting"), ("/topics", "waiting-line"), ("/continue", "continue")):
        await screen.goto(path)
        await expect(screen.get_by_test_id("waiting")).to_be_visible(timeout=SECONDS)
        assert await accessibility_violations(screen) == [], path
        assert await screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert await hard_to_touch(screen) == [], path
        await screenshot(screen, f"kiosk-{name}-{language}")
    box = await screen.get_by_test_id("continue-code").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) * PITCH_MM >= CODE_MM


@pytest.fixture
async def hub(service: Service) -> AsyncIterator[Hub]:
    async with (
        rest_channel(keys("topic:education")) as rasa,
        RasaAssistant(rasa.url, 5) as assistant,
        case_client(service) as client,
    ):
        check = IdentityCheck(service, client)
        yield Hub(service, assistant, check, Reminders(service, client, check))


@pytest.mark.parametrize("where", ["/continue", "/chat", "/topics"])
async def test_the_screen_forgets_who_goes_on_with_the_phone(
    screen: Page, service: Service, answering: Answering, hub: Hub, codes: list[str], where: str
) -> None:
    await choose(screen, "en")
    await asks_for_a_person(service, await answering.conversation())
    await screen.goto("/continue")
    (address,) = codes
    assert re.fullmatch(rf"https://t\.me/rehber_test_bot\?start={CODE}[0-9a-f]{{32}}", address)
    await screen.goto(where)
    await expect(screen.get_by_test_id("waiting")).to_be_visible(timeout=SECONDS)
    phone = Person(hub, channel="telegram")
    await phone.sends("start", Kind.COMMAND, address.partition("start=")[2])
    await work_off(hub)
    await expect(screen.get_by_test_id("left-phone")).to_be_visible(timeout=SECONDS)
    assert [cookie for cookie in await screen.context.cookies() if cookie["name"] == "rehber"] == []
    (told,) = await phone.sees()
    assert PHRASES["handoff-place"].format(place=1) in told.plain_text()
    await screen.goto("/chat")
    await expect(screen.get_by_test_id("wall")).to_be_visible()


async def test_a_message_after_the_move_is_refused_and_not_lost_in_silence(
    http: httpx2.AsyncClient, service: Service, hub: Hub, codes: list[str]
) -> None:
    await begin(http)
    await asks_for_a_person(service, await Answering(service).conversation())
    await http.get("/continue")
    phone = Person(hub, channel="telegram")
    await phone.sends("start", Kind.COMMAND, codes[0].partition("start=")[2])
    await work_off(hub)
    message = {"client_id": str(uuid4()), "text": "too late"}
    response = await http.post("/chat/messages", json=message, headers={"Accept": "application/json"})
    assert response.status_code == 401
    finished = await http.post("/finish")
    assert finished.headers["location"] == "/?left=phone"
