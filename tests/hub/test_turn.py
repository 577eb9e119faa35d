"""One turn: whatever a person sends is answered once, in words, with a way on and a person near."""

import pytest
from sqlalchemy import select

from bot.bootstrap import Service
from bot.hub.turn import Hub
from bot.i18n.phrases import PHRASES
from bot.keys import NAMES
from bot.model import BlockKind, Kind, Utterance
from bot.storage.tables import conversations, inbox, turns
from tests.assistant.rest_channel import RestChannel, keys
from tests.hub.conversation import Person, work_off

ARGUMENTS = {
    "topic": "health-care",
    "topics": "health-care,check-appointment,education",
    "original": "health-care",
    "unclear": "health-care",
    "unclear.person": "1",
    "leaflet": "health-care",
    "say": "greeting",
    "language": "ar",
    "check": "appointment",
    "check.anew": "appointment",
    "form": "passport",
    "start": "lang_fa",
    "danger": "emergency-and-contacts",
    "aspect": "cost",
    "paper": "tp_card",
    "holds": "tp_card",
    "clock": "address-registration#address",
    "clock.day": "0",
    "remind": "appointment",
    "remind.yes": "appointment",
}
SAYS_NOTHING = {"holds"}
"""Keys that only change what the next one of the same turn says."""


def wire(name: str) -> str:
    """A key with this name that means something."""
    return f"{name}:{ARGUMENTS[name]}" if name in ARGUMENTS else name


def shown(utterance: Utterance) -> str:
    return utterance.plain_text()


def phrase(service: Service, name: str, language: str = "en", **values: object) -> str:
    return service.catalogues.say(language, PHRASES[name], **values)


async def test_a_question_is_answered_with_a_topic_and_written_down(person: Person, rasa: RestChannel) -> None:
    number = await person.sends("How do I put my child in school?")
    await work_off(person.hub)
    (answer,) = await person.sees()
    assert person.service.library.topic("education").text("en").title in shown(answer)
    assert await person.state(number) == "answered"
    assert [question.message for question in rasa.asked] == ["How do I put my child in school?"]
    async with person.service.engine.connect() as db:
        turn = (await db.execute(select(turns))).one()
    assert (turn.language, turn.intent, turn.confidence, turn.keys) == ("en", "education", 0.9, ["topic:education"])
    assert turn.ranking == [["education", 0.9]]


async def test_several_keys_are_several_answers_in_order(person: Person, rasa: RestChannel) -> None:
    rasa.act = keys("say:greeting", "topic:education")
    greeting, answer = await person.says("Hello, school?")
    assert shown(greeting) == phrase(person.service, "greeting")
    assert answer.keys == ("topic:education",)


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_every_key_that_exists_is_performed(person: Person, name: str) -> None:
    await person.is_offered(wire(name))
    number = await person.sends(await person.token(wire(name)), Kind.CHOICE)
    await work_off(person.hub)
    said = await person.sees()
    assert bool(said) is (name not in SAYS_NOTHING)
    assert all(shown(utterance) for utterance in said)
    assert phrase(person.service, "gave-up") not in map(shown, said)
    # The wish to be forgotten takes its own message with it.
    assert await person.state(number) == ("None" if name == "forget.confirm" else "answered")


async def test_a_button_means_what_it_meant_here_and_nothing_elsewhere(hub: Hub, person: Person) -> None:
    await person.says("school?")
    token = await person.token("handoff.open")
    stranger = Person(hub)
    (told,) = await stranger.says(token, Kind.CHOICE)
    assert shown(told) == phrase(hub.service, "button-expired")
    assert set(await stranger.meanings(told)) >= {"menu", "handoff.open"}


async def test_a_button_that_nobody_offered_is_an_expired_one(person: Person) -> None:
    for token in ["", "\0", "handoff.open", "x" * 64, "A" * 20, "A" * 19 + "\n", "../../etc", "ü" * 20]:
        (told,) = await person.says(token, Kind.CHOICE)
        assert shown(told) == phrase(person.service, "button-expired")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("language", "languages"),
        ("help", "say:help"),
        ("status", "status"),
        ("human", "handoff.open"),
        ("forget", "forget"),
        ("menu", "menu"),
        ("start", "languages"),
        ("unheard-of", "say:help"),
        ("\0", "say:help"),
    ],
)
async def test_commands(person: Person, rasa: RestChannel, name: str, key: str) -> None:
    (told,) = await person.commands(name)
    assert told.keys == (key,)
    assert rasa.asked == []


async def test_start_introduces_itself_and_lets_choose_a_language(hub: Hub) -> None:
    person = Person(hub, channel="telegram")
    (told,) = await person.commands("start")
    for name in ("greeting", "privacy", "privacy-telegram", "choose-language"):
        assert phrase(hub.service, name) in shown(told)
    offered = [f"language:{language.code}" for language in hub.service.registry.offered()]
    assert await person.meanings(told) == [*offered, "handoff.open"]


async def test_a_deep_link_sets_the_language_and_opens_the_topic(person: Person) -> None:
    (told,) = await person.commands("start", "lang_ar__topic_work-permit")
    assert (told.language, told.keys) == ("ar", ("topic:work-permit",))
    # Chosen, not guessed: a message in another language does not change it.
    (after,) = await person.says("How do I put my child in school, please tell me")
    assert after.language == "ar"


async def test_a_garbled_deep_link_is_an_ordinary_start_and_is_not_written_down(person: Person) -> None:
    names = [
        "garbage",
        "lang_xx__topic_none",
        "lang_",
        "topic_",
        "__",
        "_",
        "lang_uk",
        "topic_../../x",
        "lang_tr__lang_xx",
    ]
    for payload in [*names, "\0", "x" * 4000, "my number is 0555-canary", '{"$ne": 1}']:
        (told,) = await person.commands("start", payload)
        assert told.keys == ("languages",)
    async with person.service.engine.connect() as db:
        assert set(map(str, await db.scalars(select(turns.c["keys"])))) == {"['start']"}


async def test_an_edit_is_no_question_and_its_words_are_not_kept(person: Person, rasa: RestChannel) -> None:
    number = await person.sends("my number is 99", Kind.EDIT)
    await work_off(person.hub)
    (told,) = await person.sees()
    assert shown(told) == phrase(person.service, "edited")
    assert rasa.asked == []
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(inbox.c.sealed_payload).where(inbox.c.id == number)) is None


async def test_a_picture_without_words_is_refused_kindly(person: Person, rasa: RestChannel) -> None:
    (told,) = await person.says("photo", Kind.UNREADABLE)
    assert shown(told) == phrase(person.service, "unreadable")
    assert rasa.asked == []


async def test_words_below_a_picture_are_a_question_in_their_language(person: Person, rasa: RestChannel) -> None:
    remark, answer = await person.says("photo", Kind.UNREADABLE, "كيف أسجل طفلي في المدرسة؟")
    assert shown(remark) == phrase(person.service, "picture-unseen", "ar")
    assert answer.language == "ar"
    assert [question.message for question in rasa.asked] == ["كيف أسجل طفلي في المدرسة؟"]


async def test_a_slash_reaches_rasa_as_words(person: Person, rasa: RestChannel) -> None:
    await person.says(" \ufeff/restart please, my number 99 123 456 789")
    assert [question.message for question in rasa.asked] == ["restart please, my number #"]


async def test_a_language_that_is_chosen_stays(person: Person) -> None:
    await person.commands("language")
    (welcome,) = await person.presses("language:fa")
    assert welcome.language == "fa"
    assert phrase(person.service, "menu", "fa") in shown(welcome)
    (answer,) = await person.says("How do I put my child in school, please tell me")
    assert answer.language == "fa"


async def test_a_language_that_was_understood_gives_way(person: Person) -> None:
    (first,) = await person.says("How do I put my child in school, please tell me")
    (second,) = await person.says("Çocuğumu okula nasıl kaydettirebilirim, lütfen söyleyin")
    (third,) = await person.says("ok")
    assert [first.language, second.language, third.language] == ["en", "tr", "tr"]


async def test_not_understood_twice_leads_to_a_person(person: Person, rasa: RestChannel) -> None:
    rasa.act = keys("topics:health-care,check-appointment,education,unheard-of", nlu_fallback=0.3)
    (first,) = await person.says("hm")
    assert shown(first) == phrase(person.service, "not-understood")
    offered = ["topic:health-care", "check:appointment", "topic:education", "handoff.open", "menu"]
    assert await person.meanings(first) == offered
    (second,) = await person.says("hmm")
    assert shown(second) == phrase(person.service, "not-understood-again")
    assert "handoff.open" in await person.meanings(second)
    rasa.act = keys("topic:education")
    await person.says("school")
    rasa.act = keys("topics:health-care", nlu_fallback=0.3)
    (afresh,) = await person.says("hmmm")
    assert shown(afresh) == phrase(person.service, "not-understood")


@pytest.mark.parametrize(
    "key",
    [
        "topic:education",
        "topic:education#bring",
        "original:education",
        "menu",
        "languages",
        "say:help",
    ],
)
async def test_repeat_says_the_last_answer_again(person: Person, rasa: RestChannel, key: str) -> None:
    rasa.act = keys(key)
    first = await person.says("How do I put my child in school?")
    rasa.act = keys("repeat")
    assert [shown(u) for u in await person.says("once more")] == [shown(u) for u in first]
    assert [shown(u) for u in await person.says("and once more")] == [shown(u) for u in first]


async def test_a_remark_in_between_is_not_the_last_answer(person: Person, rasa: RestChannel) -> None:
    rasa.act = keys("topic:notifications")
    (first,) = await person.says("What is this letter?")
    await person.says("sticker", Kind.UNREADABLE)
    await person.says("A" * 20, Kind.CHOICE)
    rasa.act = keys("repeat")
    assert [shown(u) for u in await person.says("repeat")] == [shown(first)]


async def test_repeat_without_an_answer_is_the_menu(person: Person, rasa: RestChannel) -> None:
    rasa.act = keys("repeat")
    (told,) = await person.says("again please")
    assert told.keys == ("menu",)


async def test_repeat_in_another_language_is_said_in_that(person: Person, rasa: RestChannel) -> None:
    await person.says("How do I put my child in school?")
    async with person.service.engine.begin() as db:
        await db.execute(conversations.update().values(language="ar", language_chosen=True))
    rasa.act = keys("repeat")
    (told,) = await person.says("again")
    assert (told.language, told.keys) == ("ar", ("topic:education",))


async def test_the_menu_leads_to_every_topic_and_service(person: Person) -> None:
    (menu,) = await person.commands("menu")
    meanings = await person.meanings(menu)
    reached = set(meanings)
    for meaning in meanings:
        if meaning.startswith("group:"):
            (group,) = await person.presses(meaning)
            reached |= set(await person.meanings(group))
    assert {f"topic:{slug}" for slug in person.service.library.slugs} <= reached
    assert {f"topic:{slug}" for slug in person.service.library.arrangement.first} <= set(meanings)
    assert {"check:appointment", "check:status", "languages", "handoff.open"} <= set(meanings)
    assert len(meanings) == len(set(meanings))


async def test_status_names_the_language(person: Person) -> None:
    (told,) = await person.commands("status")
    assert shown(told) == PHRASES["status-bot"].format(language="English")


@pytest.mark.parametrize("channel", ["test", "telegram", "kiosk", "terminal"])
async def test_a_person_is_one_tap_away_from_everything_the_bot_says(hub: Hub, channel: str) -> None:
    for name in sorted(NAMES - {"handoff.open"} - SAYS_NOTHING):
        person = Person(hub, channel=channel)
        await person.is_offered(wire(name))
        said = await person.presses(wire(name))
        assert said, name
        assert "handoff.open" in await person.meanings(said[-1]), name


async def test_after_the_call_for_a_person_no_button_calls_one_again(person: Person) -> None:
    (told,) = await person.commands("human")
    assert shown(told).startswith(phrase(person.service, "handoff-opened"))
    assert told.buttons == ()


async def test_a_topic_whose_page_is_gone_does_not_stand_between_a_person_and_help(person: Person) -> None:
    await person.says("How do I put my child in school?")
    async with person.service.engine.begin() as db:
        await db.execute(conversations.update().values(last_keys=["topic:a-topic-of-last-year"]))
    (told,) = await person.commands("human")
    assert told.keys == ("handoff.open",)


async def test_every_note_stands_below_its_topic(person: Person) -> None:
    (answer,) = await person.says("How do I put my child in school?")
    assert [block.kind for block in answer.blocks][-1] is BlockKind.NOTE
