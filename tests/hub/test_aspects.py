"""Follow-ups about the topic that is talked about: answered from its page, and honestly where the page says nothing."""

import pytest
from sqlalchemy import select

from bot.content import TopicText, load_library
from bot.hub.turn import Hub
from bot.i18n.phrases import NOTES, PHRASES
from bot.model import BlockKind, Utterance
from bot.settings import ROOT
from bot.storage.tables import conversations
from tests.assistant.rest_channel import RestChannel, keys
from tests.hub.conversation import Person
from tests.hub.reading import lines, plain, standing_in

LIBRARY = load_library(ROOT / "content")

# An aspect, a page that says something of it, and the places that say it.
ANSWERED = [
    ("cost", "education", ["lead/1"]),
    ("duration", "interview-appointment", ["answer", "lead/1", "lead/2", "lead/3"]),
    ("place", "registration-documents", ["answer", "do/2"]),
    ("who", "legal-aid-and-counselling", ["answer", "lead/1", "do/1", "do/3", "do/4"]),
    ("family", "family-and-civil-status", ["lead/1", "do/8", "persona-refugee", "persona-ip_applicant", "persona-tp"]),
    ("bring", "foreigner-identification-number", ["do/2"]),
    ("bring", "education", ["bring"]),
    ("who", "interview-appointment", ["who"]),
    ("do", "work-permit", ["do"]),
]
SAYS_NOTHING = [("cost", "interview-appointment"), ("family", "travel-documents"), ("bring", "voluntary-return")]


def text_of(slug: str, language: str) -> TopicText:
    return LIBRARY.topic(slug).text(language)


async def speak(person: Person, language: str) -> None:
    await person.is_offered(f"language:{language}")
    await person.presses(f"language:{language}")


async def follow_up(person: Person, rasa: RestChannel, key: str) -> Utterance:
    """Words of which the assistant understands only that they are about what was said before."""
    rasa.act = keys(key)
    (told,) = await person.says("ok?")
    return told


async def shows(person: Person, rasa: RestChannel, slug: str) -> Utterance:
    """A question that this topic answers."""
    return await follow_up(person, rasa, f"topic:{slug}")


async def presses_topic(person: Person, slug: str) -> Utterance:
    await person.is_offered(f"topic:{slug}")
    (told,) = await person.presses(f"topic:{slug}")
    return told


@pytest.mark.parametrize("language", ["tr", "en", "ar", "fa"])
async def test_an_aspect_is_answered_with_its_lines_and_no_others(
    person: Person, rasa: RestChannel, language: str
) -> None:
    await speak(person, language)
    for number, (aspect, slug, places) in enumerate(ANSWERED):
        await (presses_topic(person, slug) if number % 2 else shows(person, rasa, slug))
        told = await follow_up(person, rasa, f"aspect:{aspect}")
        assert told.language == language
        assert lines(told) == standing_in(text_of(slug, language), *places), (aspect, slug)
        assert told.blocks[-1].kind is BlockKind.NOTE
        assert {f"topic:{slug}", "handoff.open"} <= set(await person.meanings(told))


@pytest.mark.parametrize("language", ["tr", "en", "ar", "fa"])
async def test_what_the_page_does_not_say_is_said_so(person: Person, rasa: RestChannel, language: str) -> None:
    await speak(person, language)
    for aspect, slug in SAYS_NOTHING:
        await presses_topic(person, slug)
        told = await follow_up(person, rasa, f"aspect:{aspect}")
        assert lines(told) == [person.service.catalogues.say(language, NOTES["not-on-the-page"])]
        assert {f"topic:{slug}", "handoff.open"} <= set(await person.meanings(told))


@pytest.mark.parametrize("key", ["topic:education#bring", "topic:education#answer", "original:education"])
async def test_a_follow_up_belongs_to_the_page_that_a_button_showed(
    person: Person, rasa: RestChannel, key: str
) -> None:
    await shows(person, rasa, "work-permit")
    await person.is_offered(key)
    await person.presses(key)
    told = await follow_up(person, rasa, "aspect:cost")
    assert lines(told) == standing_in(text_of("education", told.language), "lead/1")


async def test_without_a_topic_the_person_is_asked_which(person: Person, rasa: RestChannel) -> None:
    first = [f"topic:{slug}" for slug in person.service.library.arrangement.first]
    for key in ("aspect:cost", "aspect:bring", "simpler"):
        told = await follow_up(person, rasa, key)
        assert lines(told) == [PHRASES["which-topic"]]
        assert await person.meanings(told) == [*first, "menu", "handoff.open"]
    assert (await follow_up(person, rasa, "in-turkish")).keys == ("languages",)
    assert lines(await follow_up(person, rasa, "go-on")) == [PHRASES["help"]]


async def test_a_topic_that_is_gone_is_no_topic(person: Person, rasa: RestChannel) -> None:
    await shows(person, rasa, "education")
    async with person.service.engine.begin() as db:
        await db.execute(conversations.update().values(focus="a-topic-of-last-year"))
    assert lines(await follow_up(person, rasa, "aspect:cost")) == [PHRASES["which-topic"]]


async def test_simpler_is_the_answer_alone(person: Person, rasa: RestChannel) -> None:
    await speak(person, "fa")
    await shows(person, rasa, "legal-aid-and-counselling")
    told = await follow_up(person, rasa, "simpler")
    assert lines(told) == [text_of("legal-aid-and-counselling", "fa").answer]
    assert "topic:legal-aid-and-counselling" in await person.meanings(told)


async def test_in_turkish_is_the_turkish_text_and_changes_no_language(person: Person, rasa: RestChannel) -> None:
    await speak(person, "ar")
    await shows(person, rasa, "education")
    told = await follow_up(person, rasa, "in-turkish")
    assert (told.language, told.keys) == ("tr", ("original:education",))
    assert plain(told.blocks[0].text) == text_of("education", "tr").title
    assert set(standing_in(text_of("education", "tr"), "answer", "lead", "do", "bring")) <= set(lines(told))
    assert (await follow_up(person, rasa, "aspect:cost")).language == "ar"


async def test_another_question_leads_to_all_topics_and_leaves_this_one(person: Person, rasa: RestChannel) -> None:
    await shows(person, rasa, "education")
    assert (await follow_up(person, rasa, "menu")).keys == ("menu",)
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(conversations.c.focus)) is None
    assert lines(await follow_up(person, rasa, "aspect:cost")) == [PHRASES["which-topic"]]


@pytest.mark.parametrize("key", ["aspect:cost", "aspect:bring", "aspect:duration", "simpler", "in-turkish"])
async def test_the_answer_to_a_follow_up_is_repeated(person: Person, rasa: RestChannel, key: str) -> None:
    await shows(person, rasa, "education")
    told = await follow_up(person, rasa, key)
    assert await follow_up(person, rasa, "repeat") == told


async def test_yes_shows_the_page_once_more(person: Person, rasa: RestChannel) -> None:
    await shows(person, rasa, "address-registration")
    told = await follow_up(person, rasa, "aspect:family")
    again = await follow_up(person, rasa, "go-on")
    assert again.keys == ("topic:address-registration",)
    assert len(lines(again)) > len(lines(told))
    assert lines(again) == standing_in(text_of("address-registration", "en"), "answer", "lead", "do")


async def test_two_conversations_do_not_mix(hub: Hub, rasa: RestChannel) -> None:
    one, other, third = Person(hub), Person(hub), Person(hub)
    await shows(one, rasa, "education")
    await shows(other, rasa, "registration-documents")
    assert lines(await follow_up(one, rasa, "aspect:cost")) == standing_in(text_of("education", "en"), "lead/1")
    assert lines(await follow_up(other, rasa, "aspect:cost")) == standing_in(
        text_of("registration-documents", "en"), "answer", "lead/2"
    )
    assert lines(await follow_up(third, rasa, "aspect:cost")) == [PHRASES["which-topic"]]


@pytest.mark.parametrize(
    ("paper", "places"),
    [
        ("tp_card", ["do/3", "persona-tp/1"]),
        ("applicant_card", ["do/3", "persona-ip_applicant/1"]),
        # The page has a section for refugees, and it says nothing of time.
        ("status_card", ["do/3", "persona-ip_applicant/1"]),
        ("student_permit", ["do/3", "persona-ip_applicant/1", "persona-tp/1"]),
        ("unknown", ["do/3", "persona-ip_applicant/1", "persona-tp/1"]),
    ],
)
async def test_with_a_known_paper_only_its_lines_are_said(
    person: Person, rasa: RestChannel, paper: str, places: list[str]
) -> None:
    await shows(person, rasa, "work-permit")
    await person.is_offered(f"paper:{paper}")
    await person.presses(f"paper:{paper}")
    told = await follow_up(person, rasa, "aspect:duration")
    assert lines(told) == standing_in(text_of("work-permit", "en"), *places)


async def test_lines_for_other_papers_only_are_no_answer(person: Person, rasa: RestChannel) -> None:
    await shows(person, rasa, "foreigner-identification-number")
    await person.presses("paper:tp_card")
    told = await follow_up(person, rasa, "aspect:duration")
    assert lines(told) == [NOTES["not-on-the-page"]]


@pytest.mark.parametrize("key", ["aspect:duration", "aspect:place", "aspect:who", "aspect:do", "simpler"])
async def test_beside_an_emergency_its_numbers_stay_first(person: Person, rasa: RestChannel, key: str) -> None:
    await presses_topic(person, "deportation-and-detention")
    told = await follow_up(person, rasa, key)
    assert told.blocks[0].kind is BlockKind.CARD
    assert any("112" in line for line in told.blocks[0].items)
    assert (await person.meanings(told))[0] == "handoff.open"
