"""How a person comes to a screen of the kiosk from the page that was opened: by touch, as far as a person does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import httpx2
from playwright.async_api import Page, Route, expect

from bot.caseapi.sandbox.people import Person, people
from bot.cases import work
from bot.cases.opening import open_case
from bot.hub.render import renderer
from bot.hub.unclear import ways_on
from tests.cases.office import Office
from tests.web.kiosk.checking import OFFICE
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.hands import keyboard_is_open, open_keyboard, write

SECONDS: Final = 10_000
IDLE_SECONDS: Final = 600
"""Longer than it takes to measure a screen."""
GUARD: Final = 800
"""A little longer than the time in which a touch on *More time?* answers nothing."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the ways need: the kiosk's page and a phone's, the language, somebody who answers, the office's system, and
    the addresses that were drawn as codes, without the host."""

    page: Page
    phone: Page
    language: str
    answering: Answering
    sandbox: str
    codes: list[str]


Way = Callable[[Stage], Awaitable[None]]


async def begin(stage: Stage) -> None:
    await stage.page.get_by_test_id("wall").get_by_test_id(f"language-{stage.language}").tap()
    await stage.page.wait_for_url("**/chat")


async def without_a_line(stage: Stage) -> None:
    await stage.page.route("**/chat/events*", _refuse)
    await stage.page.reload()
    await expect(stage.page.get_by_test_id("connection")).to_be_visible()
    await stage.page.unroute("**/chat/events*")


async def ask(stage: Stage) -> None:
    await stage.page.get_by_test_id("topic").first.tap()
    await stage.answering.topic(stage.language, _first_topic(stage))
    await expect(stage.page.get_by_test_id("message-said")).to_be_visible()


async def not_understand(stage: Stage) -> None:
    service = stage.answering.service
    words = renderer(service, "kiosk", stage.language)
    await stage.answering.say(ways_on(words, _first_topic(stage)))
    await expect(stage.page.get_by_test_id("message-said")).to_have_count(2)


async def with_keys(stage: Stage) -> None:
    await open_keyboard(stage.page)


async def listen(stage: Stage) -> None:
    """The page is read aloud, and the first sound is still on its way."""
    await stage.page.route("**/voice", _keep_waiting)
    await stage.page.get_by_test_id("read-aloud").tap()
    await expect(stage.page.get_by_test_id("reader")).to_be_visible()
    await stage.page.unroute("**/voice")


async def without_a_voice(stage: Stage) -> None:
    await stage.page.route("**/voice", _nobody_speaks)
    await stage.page.get_by_test_id("read-aloud").tap()
    await expect(stage.page.get_by_test_id("reader-says")).to_be_visible()
    await expect(stage.page.get_by_test_id("reader-says")).not_to_be_empty()
    await stage.page.unroute("**/voice")


async def asked_before_listening(stage: Stage) -> None:
    await stage.page.route("**/voice", _nobody_speaks)
    await stage.page.get_by_test_id("read-aloud").tap()
    await expect(stage.page.get_by_test_id("reader-ask")).to_be_visible()
    await stage.page.unroute("**/voice")


async def open_all(stage: Stage) -> None:
    for some in await stage.page.locator("details").all():
        await some.locator("summary").tap()


async def choose_without_a_server(stage: Stage) -> None:
    await stage.page.route("**/health/ready", _never_ready_where_it_matters)
    await stage.page.goto("/offline")


async def read_without_a_server(stage: Stage) -> None:
    await stage.page.goto(f"/offline/{stage.language}?unsent")
    await stage.page.locator("#topic-work-permit summary").tap()


async def say_which_document(stage: Stage) -> None:
    document = person().document.value
    await stage.page.locator(f"[data-testid='check-choice'][value='{document}']").tap()
    await keyboard_is_open(stage.page)


async def type_some(stage: Stage) -> None:
    await keyboard_is_open(stage.page)
    await write(stage.page, "9912")


def typing(value: str) -> Way:
    """Answer the open question with this, or with the code that was sent, and see the next page."""

    async def way(stage: Stage) -> None:
        form = stage.page.get_by_test_id("check-form")
        step = await form.get_attribute("data-step")
        await stage.page.get_by_test_id("check-typed").fill(value or await _code(stage.sandbox))
        await stage.page.get_by_test_id("check-next").tap()
        await expect(stage.page.locator(f"[data-step='{step}']")).to_have_count(0)
        if await stage.page.get_by_test_id("check-typed").count():
            await keyboard_is_open(stage.page)

    return way


async def mistype(stage: Stage) -> None:
    await stage.page.get_by_test_id("check-typed").fill("1")
    await stage.page.get_by_test_id("check-next").tap()
    await expect(stage.page.get_by_test_id("check-notice")).to_be_visible()
    await keyboard_is_open(stage.page)


async def show(stage: Stage) -> None:
    await stage.page.get_by_test_id("check-show").tap()


async def open_on_phone(stage: Stage) -> None:
    await stage.phone.goto(stage.codes[-1])


async def show_on_phone(stage: Stage) -> None:
    await stage.phone.get_by_test_id("phone-show").tap()
    await expect(stage.phone.get_by_test_id("phone-answer")).to_be_visible()


async def without_the_office(stage: Stage) -> None:
    """The office's system fails while the other question is asked."""
    async with httpx2.AsyncClient(headers=OFFICE) as office:
        await office.put(f"{stage.sandbox}/sandbox/fault", json={"kind": "503"})
    await stage.page.get_by_test_id("more-status").tap()
    await expect(stage.page.get_by_test_id("check-lines")).to_be_visible()


async def wait_for_a_person(stage: Stage) -> None:
    service = stage.answering.service
    async with service.engine.begin() as db:
        await open_case(db, service.seal, await stage.answering.conversation(), stage.language)
    await stage.page.reload()
    await see_the_wait(stage)


async def see_the_wait(stage: Stage) -> None:
    await expect(stage.page.get_by_test_id("waiting-lines").locator("p").first).to_be_visible(timeout=SECONDS)


async def leave(stage: Stage) -> None:
    await stage.page.get_by_test_id("finish").tap()
    await expect(stage.page.get_by_test_id("stay")).to_be_visible()


async def be_written_to(stage: Stage) -> None:
    """An interpreter has taken the case and written, while something else was read."""
    service = stage.answering.service
    office = Office(service)
    ayla = await office.person("Ayla", stage.language)
    async with service.engine.begin() as db:
        case_id = (await open_case(db, service.seal, await stage.answering.conversation(), stage.language)).case_id
        await work.claim(db, service.seal, case_id, ayla)
        await work.reply(db, office.voice, case_id, ayla, "…")
    await expect(stage.page.get_by_test_id("waiting-unread")).to_be_visible(timeout=SECONDS)


async def be_asked_for_more_time(stage: Stage) -> None:
    await stage.page.clock.fast_forward(IDLE_SECONDS * 1000)
    await expect(stage.page.get_by_test_id("more-time")).to_be_visible()


async def ask_for_more_time_nine_times(stage: Stage) -> None:
    """The question stands there from the screen before: what the page says when it can be asked once more."""
    for _ in range(9):
        await stage.page.clock.fast_forward(GUARD)
        await stage.page.get_by_test_id("more-time-yes").tap()
        await expect(stage.page.get_by_test_id("more-time")).to_be_hidden()
        await stage.page.clock.fast_forward(GUARD)
        await be_asked_for_more_time(stage)
    await expect(stage.page.get_by_test_id("more-time-once")).to_be_visible()


async def have_left(stage: Stage) -> None:
    """The wall speaks to the one who has left in their language."""
    origin = await stage.page.evaluate("location.origin")
    await stage.page.context.add_cookies([{"name": "rehber_language", "value": stage.language, "url": origin}])
    await stage.page.reload()


async def _code(sandbox: str) -> str:
    async with httpx2.AsyncClient(headers=OFFICE) as client:
        return str((await client.get(f"{sandbox}/sandbox/sms")).json()[-1]["code"])


def _first_topic(stage: Stage) -> str:
    return stage.answering.service.library.arrangement.first[0]


def person() -> Person:
    """Somebody with appointments and permits."""
    return next(p for p in people(datetime.now(UTC)) if p.appointments and p.permits)


async def _refuse(route: Route) -> None:
    await route.fulfill(status=503)


async def _never_ready_where_it_matters(route: Route) -> None:
    """A page that is kept stays as long as nothing is ready; all others work."""
    if "/offline" in route.request.frame.url:
        await _refuse(route)
    else:
        await route.continue_()


async def _nobody_speaks(route: Route) -> None:
    await route.fulfill(status=204)


async def _keep_waiting(_route: Route) -> None:
    """No answer."""
