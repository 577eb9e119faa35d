"""A code scanned at the kiosk, and the paper of a topic, on Telegram: from the start of the bot to the file."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram

from bot.bootstrap import Service
from bot.channels.telegram.api import bot_name
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.sender import TelegramSender
from bot.errors import PrintingError
from bot.hub.deep_link import DeepLink
from bot.hub.leaflet_page import leaflet_page
from bot.hub.leaflets import MOST_WAITING, Leaflets, TooManyPapersError
from bot.hub.render import renderer
from bot.i18n.phrases import LABELS
from bot.model import Utterance
from bot.post.delivery import NotSent
from bot.settings import Settings
from tests.emulator import EmulatorClient, Party
from tests.telegram.test_killed import telegram_process
from tests.telegram.working import next_after, worker

SLUG = "work-permit"


@pytest.fixture
async def working(service: Service) -> AsyncIterator[None]:
    """A worker, in front of an assistant that nobody asks here."""
    async with worker(service, "say:help"):
        yield


async def test_a_scanned_code_opens_the_topic_for_new_and_for_known_people_and_the_paper_comes(
    service: Service, emulator: EmulatorClient, working: None
) -> None:
    chat = emulator.new_person(language_code="ru").chat_id
    async with telegram_process(service.settings):
        emulator.send_text(chat, f"/start {DeepLink('ar', SLUG)}")
        new = await next_after(emulator, chat, 0)
        topic = service.library.topic(SLUG)
        assert topic.text("ar").title in new.text
        emulator.send_text(chat, f"/start {DeepLink('fr', 'education')}")
        known = await next_after(emulator, chat, new.message_id)
        assert service.library.topic("education").text("fr").title in known.text
        label = service.catalogues.say("fr", LABELS["leaflet"])
        emulator.press(chat, next(shown for shown in known.labels if label in shown))
        paper = await next_after(emulator, chat, known.message_id)
    assert paper.raw["document"]["file_name"] == "rehber-education-fr.pdf"
    assert paper.raw["document"]["mime_type"] == "application/pdf"
    assert paper.file is not None
    assert paper.file.startswith("%PDF-1.7")
    assert paper.file.rstrip().endswith("%%EOF")
    assert service.catalogues.say("fr", "It has the same words in Turkish and in your language.") in paper.text


def paper_in(service: Service, language: str) -> Utterance:
    return leaflet_page(renderer(service, "telegram", language), SLUG)


async def test_the_file_is_made_when_it_is_sent_and_not_stored(service: Service) -> None:
    page = paper_in(service, "fr")
    assert page.attachment is not None
    assert page.attachment.content == b""
    assert Utterance.from_json(page.to_json()) == page
    assert len(str(page.to_json())) < 2000


async def test_a_paper_that_cannot_be_made_now_is_tried_again(
    bot: telegram.Bot, person: Party, service: Service, emulator: EmulatorClient
) -> None:
    async def busy(slug: str, language: str) -> bytes:
        raise PrintingError("busy")

    with pytest.raises(NotSent):
        await TelegramSender(bot, Pace(), busy).send(str(person.chat_id), paper_in(service, "fr"))
    assert emulator.journal("sendDocument") == []


async def test_who_asks_for_the_same_paper_waits_for_the_same_and_a_crowd_is_refused(service: Service) -> None:
    leaflets = Leaflets(service)
    same = await asyncio.gather(*(leaflets.pdf(SLUG, "fr") for _ in range(30)))
    assert len({id(made) for made in same}) == 1
    others = [slug for slug in service.library.slugs if slug != SLUG][: MOST_WAITING + 2]
    answers = await asyncio.gather(*(leaflets.pdf(slug, "so") for slug in others), return_exceptions=True)
    assert [type(answer) for answer in answers[MOST_WAITING:]] == [TooManyPapersError] * 2
    assert all(isinstance(answer, bytes) for answer in answers[:MOST_WAITING])
    assert (await leaflets.pdf(others[-1], "so")).startswith(b"%PDF"), "the next may ask again"


async def test_telegram_tells_the_name_of_the_bot(settings: Settings, emulator: EmulatorClient) -> None:
    assert await bot_name(settings) == emulator.journal("getMe")[0].result["username"]
    nobody = settings.model_copy(update={"telegram_api_url": "http://127.0.0.1:9"})
    assert await bot_name(nobody, seconds=1) == ""
