"""All topics by pictures: complete and the same as in the chat, in every language, and without a database."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select

from bot.bootstrap import Service
from bot.content.facts import Level
from bot.hub.render import Renderer, renderer
from bot.hub.topic_page import original_page, topic_page
from bot.model import Utterance
from bot.settings import Settings
from bot.storage import tables
from bot.storage.database import make_engine
from kiosk.app import create_public_app
from kiosk.public.kiosk import LANGUAGE_COOKIE
from kiosk.public.places import places
from tests.web.conftest import Serve
from tests.web.kiosk.conftest import Answering, begin

TAG = re.compile(r"<[^>]+>")


def lines(page: str) -> list[str]:
    """What can be read on a page, a line for each piece of text."""
    body = re.sub(r"<(style|script|svg).*?</\1>", "", page, flags=re.DOTALL)
    return [line for line in (html.unescape(part).strip() for part in TAG.split(body)) if line]


def said(utterance: Utterance) -> list[str]:
    return [line for block in utterance.blocks for line in (*block.text.split("\n"), *block.items) if line]


def tiles(page: str) -> list[str]:
    return re.findall(r'data-testid="tile" data-name="([^"]+)"', page)


def speak(http: httpx2.AsyncClient, language: str) -> None:
    """Be somebody who has chosen this language, in a visit that no database knows."""
    http.cookies.set(LANGUAGE_COOKIE, language)
    http.cookies.set("rehber", "x" * 43)


async def test_every_page_says_what_the_chat_says_in_every_language(http: httpx2.AsyncClient, service: Service) -> None:
    for language in service.registry.offered():
        speak(http, language.code)
        words = renderer(service, "kiosk", language.code)
        for slug in service.library.slugs:
            response = await http.get(f"/topic/{slug}")
            assert response.status_code == 200
            assert response.headers["content-language"] == language.code
            assert f'<html lang="{language.code}" dir="{language.direction}">' in response.text
            assert _in_order(said(topic_page(words, slug)), lines(response.text)), (slug, language.code)
            for section in service.library.topic(slug).text(language.code).ordered_sections:
                part = topic_page(words, slug, section.ids[0])
                assert set(said(part)) <= set(lines(response.text)), (slug, section.ids)


def _in_order(expected: list[str], shown: list[str]) -> bool:
    rest = iter(shown)
    return all(line in rest for line in expected)


async def test_the_turkish_original_is_one_touch_away_and_back(http: httpx2.AsyncClient, service: Service) -> None:
    speak(http, "ps")
    page = (await http.get("/topic/work-permit")).text
    assert 'href="/topic/work-permit/turkish" data-testid="original"' in page
    page = (await http.get("/topic/work-permit/turkish")).text
    assert '<html lang="ps" dir="rtl">' in page
    assert re.search(r'class="sheet__words" lang="tr" dir="ltr"', page)
    assert 'href="/topic/work-permit" data-testid="own-language"' in page
    assert _in_order(said(original_page(renderer(service, "kiosk", "ps"), "work-permit")), lines(page))
    speak(http, "tr")
    assert 'data-testid="original"' not in (await http.get("/topic/work-permit")).text


@pytest.mark.parametrize("slug", ["work-permit", "violence-abuse-and-self-harm", "address-registration"])
async def test_the_original_is_never_called_another_language(service: Service, slug: str) -> None:
    turkish = said(original_page(renderer(service, "kiosk", "tr"), slug))
    assert said(original_page(renderer(service, "kiosk", "ar"), slug)) == turkish


async def test_every_topic_is_found_by_pictures(http: httpx2.AsyncClient, service: Service) -> None:
    library = service.library
    for language in service.registry.offered():
        speak(http, language.code)
        page = (await http.get("/topics")).text
        assert tiles(page) == list(library.arrangement.groups)
        assert page.count('class="picture') >= len(library.arrangement.groups) + 3
        for group in library.arrangement.groups.values():
            assert group.name([language.code]) in html.unescape(page)
            of_group = (await http.get(f"/topics/{group.id}")).text
            assert tiles(of_group) == list(group.topics)
            for slug in group.topics:
                assert library.pictures.topics[slug].markup in of_group
                assert renderer(service, "kiosk", language.code).topic_buttons([slug])[0].label in html.unescape(
                    of_group
                )


async def test_danger_comes_with_its_numbers_first_and_a_person_before_the_rest(
    http: httpx2.AsyncClient, service: Service
) -> None:
    speak(http, "ar")
    for slug, topic in service.library.topics.items():
        page = (await http.get(f"/topic/{slug}")).text
        urgent = topic.facts.level is Level.H3
        assert ('data-testid="card"' in page) == urgent, slug
        if urgent:
            assert page.index('data-testid="card"') < page.index("<h1") < page.index('data-testid="answer"')
            assert "112" in page
        if topic.facts.level in (Level.H2, Level.H3):
            parts = [page.index(mark) for mark in ('data-testid="part-', 'data-testid="notes"') if mark in page]
            assert page.index('data-testid="topic-person"') < min(parts), slug


async def test_a_topic_whose_review_is_overdue_is_withheld(
    http: httpx2.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = max(topic.facts.review_due for topic in service.library.topics.values()) + timedelta(days=1)

    def in_a_year(of: Service, channel: str, language: str) -> Renderer:
        now = renderer(of, channel, language)
        return Renderer(now.library, now.catalogues, language, now.capabilities, later)

    monkeypatch.setattr("kiosk.public.topics.renderer", in_a_year)
    speak(http, "en")
    for slug in ("work-permit", "violence-abuse-and-self-harm"):
        for path in (f"/topic/{slug}", f"/topic/{slug}/turkish"):
            page = (await http.get(path)).text
            assert _in_order(said(topic_page(in_a_year(service, "kiosk", "en"), slug)), lines(page))
            for topic in (service.library.topic(slug).text("en"), service.library.topic(slug).original()):
                assert topic.answer not in page
                assert all(item not in page for section in topic.ordered_sections for item in section.items)
            assert 'data-testid="person"' in page


async def test_more_like_this_are_topics_of_the_same_group(http: httpx2.AsyncClient, service: Service) -> None:
    speak(http, "so")
    page = (await http.get("/topic/health-care")).text
    (group,) = [group for group in service.library.arrangement.groups.values() if "health-care" in group.topics]
    assert tiles(page) == [slug for slug in group.topics if slug != "health-care"]
    assert len(tiles((await http.get("/topic/visa-questions")).text)) == 6


async def test_nothing_else_is_a_topic(http: httpx2.AsyncClient) -> None:
    speak(http, "so")
    for path in ("/topic/no-such-topic", "/topic/no-such-topic/turkish", "/topics/no-such-group"):
        response = await http.get(path)
        assert response.status_code == 404, path
        assert "no-such" not in response.text


async def test_asking_goes_on_in_the_conversation_once(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http, "fa")
    name = str(uuid4())
    for _ in range(2):
        response = await http.post("/topic/work-permit/ask", data={"client_id": name})
        assert (response.status_code, response.headers["location"]) == (303, "/chat")
    ((_, kind, token),) = await answering.heard()
    assert kind == "choice"
    async with service.engine.connect() as db:
        row = (await db.execute(select(tables.choices).where(tables.choices.c.token == token))).one()
    assert row.key == "topic:work-permit"
    title = service.library.topic("work-permit").text("fa").title
    assert title in html.unescape((await http.get("/chat")).text)
    assert (await http.post("/topic/no-such-topic/ask", data={"client_id": name})).status_code == 404


async def test_asking_needs_a_visit(http: httpx2.AsyncClient) -> None:
    speak(http, "fa")
    response = await http.post("/topic/work-permit/ask", data={"client_id": str(uuid4())})
    assert (response.status_code, response.headers["location"]) == (303, "/")


async def test_before_and_after_a_visit_the_pages_lead_to_the_wall(http: httpx2.AsyncClient) -> None:
    paths = ("/topics", "/topics/danger", "/topic/trafficking-victims", "/topic/trafficking-victims/turkish")
    for begins in (True, False):
        for path in paths:
            response = await http.get(path)
            assert (response.status_code, response.headers["location"], response.text) == (303, "/", "")
        assert (await http.get("/topics", headers={"Accept": "application/json"})).status_code == 401
        if begins:
            await begin(http, "so")
            assert [(await http.get(path)).status_code for path in paths] == [200] * 4
            await http.post("/finish")


async def test_a_change_of_language_keeps_the_place(http: httpx2.AsyncClient, service: Service) -> None:
    everywhere = [place for place in places(service.library) if place.startswith("/topic")]
    assert len(everywhere) == 1 + len(service.library.arrangement.groups) + 3 * len(service.library.slugs)
    await begin(http, "en")
    token = http.cookies["rehber"]
    for code, place in zip(["ar", "so", "ps"] * len(everywhere), everywhere, strict=False):
        page = (await http.get(place)).text
        assert f'<input type="hidden" name="place" value="{place}">' in page
        response = await http.post("/language", data={"code": code, "place": place})
        assert (response.status_code, response.headers["location"]) == (303, place)
        assert f'<html lang="{code}"' in (await http.get(place)).text
    assert http.cookies["rehber"] == token
    await http.post("/language", data={"code": "ps", "place": "/topic/health-care"})
    assert '<html lang="ps" dir="rtl">' in (await http.get("/chat")).text


async def test_a_change_of_language_comes_back_to_a_topic_that_exists(http: httpx2.AsyncClient) -> None:
    await begin(http, "en")
    for place in ("/topic/no-such-topic", "/topic/work-permit/ask", "//topics", "/topics/../finish"):
        response = await http.post("/language", data={"code": "ps", "place": place})
        assert response.headers["location"] == "/chat", place


async def test_the_pages_stand_without_a_database(service: Service, serve: Serve) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    settings: Settings = service.settings.model_copy(update={"database_url": nowhere})
    url = await serve(create_public_app(replace(service, settings=settings, engine=make_engine(nowhere))))
    async with httpx2.AsyncClient(base_url=url, headers={"Origin": url, "Accept": "text/html"}) as http:
        speak(http, "ps")
        for path in ("/topics", "/topics/health", "/topic/health-care", "/topic/health-care/turkish"):
            response = await http.get(path)
            assert response.status_code == 200, path
            assert '<html lang="ps" dir="rtl">' in response.text
        assert (await http.get("/chat")).status_code == 503
