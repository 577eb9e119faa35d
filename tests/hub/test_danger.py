"""Where danger is spoken of: the numbers first, a person is called once, and the bot stays until that person comes."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.cases.model import Priority
from bot.cases.opening import open_case_of
from bot.content.facts import Level
from bot.hub.patience import say_please_wait
from bot.hub.remarks import tell_of_doubt
from bot.hub.render import renderer
from bot.hub.turn import Hub
from bot.i18n.bidi import ISOLATES
from bot.i18n.phrases import PHRASES
from bot.model import BlockKind, Kind, Purpose, Utterance
from bot.storage.tables import cases, forms, inbox
from tests.assistant.rest_channel import RestChannel, cut, keys, slow
from tests.hub.conftest import DEADLINE_SECONDS
from tests.hub.conversation import Interpreter, Person, impatient, let_come_due, work_off
from tests.hub.test_person import words_in
from tests.hub.watch import bot_words_beside_a_person, install_watch

URGENT = {
    "deportation-and-detention",
    "emergency-and-contacts",
    "trafficking-victims",
    "unaccompanied-children",
    "violence-abuse-and-self-harm",
}
VIOLENCE = "violence-abuse-and-self-harm"
BEATEN = keys(f"topic:{VIOLENCE}", violence_abuse_and_self_harm=0.9)
SCHOOL = keys("topic:education", education=0.9)


async def cases_of(person: Person) -> list[tuple[str, int, bool]]:
    """Topic, priority and whether it silences the bot, of every case of the person, finished ones included."""
    of_this = select(cases).where(cases.c.conversation_id == await person.conversation()).order_by(cases.c.opened_at)
    async with person.service.engine.connect() as db:
        return [(case.topic, case.priority, case.quiet) for case in await db.execute(of_this)]


def paragraphs(said: Utterance) -> list[str]:
    return [block.text for block in said.blocks if block.kind is BlockKind.PARAGRAPH]


async def in_danger(person: Person, rasa: RestChannel) -> Utterance:
    rasa.act = BEATEN
    (page,) = await person.says("he beats me")
    rasa.act = SCHOOL
    return page


def test_the_urgent_topics_are_all_tried(hub: Hub) -> None:
    topics = hub.service.library.topics
    assert {slug for slug, topic in topics.items() if topic.facts.level is Level.H3} == URGENT


@pytest.mark.parametrize("slug", sorted(URGENT))
@pytest.mark.parametrize("hint", ["en", "ar", "so"])
async def test_the_numbers_come_first_and_one_urgent_case_is_opened(
    person: Person, rasa: RestChannel, slug: str, hint: str
) -> None:
    person.hint = hint
    rasa.act = keys(f"topic:{slug}")
    (page,) = await person.says("!!")
    topic = person.service.library.topic(slug)
    assert (page.language, page.keys) == (hint, (f"topic:{slug}",))
    card = page.blocks[0]
    assert card.kind is BlockKind.CARD
    shown = ["".join(c for c in item if c not in ISOLATES) for item in card.items]
    assert [line.partition(":")[0] for line in shown] == [phone.number for phone in topic.phones]
    assert "112" in [phone.number for phone in topic.phones]
    called = renderer(person.service, "test", hint).phrase("person-called")
    assert called in paragraphs(page)
    assert (await person.meanings(page))[0] == "handoff.open"
    assert await cases_of(person) == [(slug, Priority.URGENT.value, False)]

    (again,) = await person.says("!!")
    assert again.blocks[0] == card
    assert called not in paragraphs(again), "the call is told once"
    assert len(await cases_of(person)) == 1


async def test_the_bot_answers_until_somebody_comes_and_they_find_every_word(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await in_danger(person, rasa)
    (answer,) = await person.says("can my child go to school?")
    assert answer.keys == ("topic:education",)
    (unseen, _) = await person.says("photo", Kind.UNREADABLE, "look")
    assert unseen.plain_text() == PHRASES["picture-unseen"]
    assert await person.says("he is my husband", Kind.EDIT)
    await person.presses("handoff.open")
    assert await person.commands("help")
    case_id = await interpreter.case_of(person)
    before = await words_in(interpreter, case_id)
    assert before[:4] == ["he beats me", "can my child go to school?", "[photo] look", "he is my husband"]
    assert before[4:] == ["[handoff.open]", "/help"]

    asked = len(rasa.asked)
    await interpreter.claims(case_id)
    assert await person.says("who are you") == []
    assert await person.commands("help") == []
    rasa.act = BEATEN
    assert await person.says("he is coming") == []
    assert await words_in(interpreter, case_id) == [*before, "who are you", "/help", "he is coming"]
    assert len(rasa.asked) == asked
    assert await cases_of(person) == [(VIOLENCE, Priority.URGENT.value, True)]

    await interpreter.closes(case_id)
    await person.sees()
    (page,) = await person.says("he beats me again")
    assert PHRASES["person-called"] in paragraphs(page), "a second danger is a second call"
    assert len(await cases_of(person)) == 2


async def test_a_claim_in_the_middle_of_a_turn_silences_it(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await install_watch(person.service)
    await in_danger(person, rasa)
    case_id = await interpreter.case_of(person)
    rasa.act = slow(0.3, BEATEN)
    number = await person.sends("he is at the door")
    turn = asyncio.create_task(person.hub.take_turn())
    await asyncio.sleep(0.15)
    await asyncio.wait_for(interpreter.claims(case_id), 0.1)
    await turn
    assert await person.sees() == []
    assert await person.state(number) == "handed_over"
    assert await words_in(interpreter, case_id) == ["he beats me", "he is at the door"]
    assert await bot_words_beside_a_person(person.service) == 0


async def test_a_claim_while_rasa_says_nothing_silences_the_apology(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await in_danger(person, rasa)
    case_id = await interpreter.case_of(person)
    rasa.act = slow(DEADLINE_SECONDS + 1, SCHOOL)
    number = await person.sends("are you there")
    await person.hub.take_turn()
    await let_come_due(person.hub)
    turn = asyncio.create_task(person.hub.take_turn())
    await asyncio.sleep(DEADLINE_SECONDS / 2)
    await interpreter.claims(case_id)
    await turn
    assert await person.sees() == []
    assert await person.state(number) == "handed_over"
    assert await words_in(interpreter, case_id) == ["he beats me", "are you there"]


async def test_words_that_the_bot_could_not_answer_reach_the_case(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await in_danger(person, rasa)
    rasa.act = cut(b"")
    await person.sends("he took my phone")
    async with person.service.engine.begin() as db:
        long_ago = func.now() - timedelta(seconds=person.service.settings.give_up_after_seconds + 1)
        await db.execute(update(inbox).where(inbox.c.state == "received").values(received_at=long_ago))
    await work_off(person.hub)
    (sorry,) = await person.sees()
    assert sorry.plain_text() == PHRASES["gave-up"]
    assert await words_in(interpreter, await interpreter.case_of(person)) == ["he beats me", "he took my phone"]


async def test_no_bot_word_beside_a_person_in_fifty_interleavings(
    hub: Hub, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await install_watch(hub.service)
    for seed in range(50):
        chance = random.Random(seed)
        person = Person(hub)
        await in_danger(person, rasa)
        case_id = await interpreter.case_of(person)
        rasa.act = slow(chance.choice([0.0, 0.01, 0.03]), chance.choice([SCHOOL, BEATEN]))

        async def claimed_after(seconds: float, case_id: object = case_id) -> None:
            await asyncio.sleep(seconds)
            await interpreter.claims(case_id)  # type: ignore[arg-type]

        await person.sends("words")
        steps = [
            hub.take_turn(),
            claimed_after(chance.uniform(0, 0.05)),
            impatient(hub.service),
            person.sends("help", Kind.COMMAND),
            hub.take_turn(),
        ]
        chance.shuffle(steps)
        await asyncio.gather(*steps)
        await work_off(hub)
        assert await bot_words_beside_a_person(hub.service) == 0, f"seed {seed}"
        written = sorted(await words_in(interpreter, case_id))
        assert written == ["/help", "he beats me", "words"], f"seed {seed}"


@pytest.mark.parametrize("slug", sorted(URGENT))
async def test_a_topic_of_the_menu_is_read_without_a_call_and_offers_a_person_first(person: Person, slug: str) -> None:
    await person.is_offered(f"topic:{slug}")
    (page,) = await person.presses(f"topic:{slug}")
    assert page.blocks[0].kind is BlockKind.CARD
    assert (await person.meanings(page))[0] == "handoff.open"
    assert PHRASES["person-called"] not in paragraphs(page)
    assert await cases_of(person) == []


async def test_a_danger_that_was_asked_back_about_calls_a_person(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    rasa.act = keys(f"topics:{VIOLENCE},education,work-permit")
    (offer,) = await person.says("he she it")
    assert (await person.meanings(offer))[:2] == [f"danger:{VIOLENCE}", "topic:education"]
    assert await cases_of(person) == []
    (page,) = await person.presses(f"danger:{VIOLENCE}")
    assert page.blocks[0].kind is BlockKind.CARD
    assert PHRASES["person-called"] in paragraphs(page)
    assert await cases_of(person) == [(VIOLENCE, Priority.URGENT.value, False)]
    await person.sends("and more words")
    await work_off(person.hub)
    written = await words_in(interpreter, await interpreter.case_of(person))
    assert written == [f"[danger:{VIOLENCE}]", "and more words"]


async def test_the_other_offered_topic_calls_nobody(person: Person, rasa: RestChannel) -> None:
    rasa.act = keys(f"topics:{VIOLENCE},education")
    await person.says("he she it")
    (page,) = await person.presses("topic:education")
    assert page.keys == ("topic:education",)
    assert await cases_of(person) == []


async def test_who_also_asks_for_a_person_has_one_case(person: Person, rasa: RestChannel) -> None:
    await in_danger(person, rasa)
    (told,) = await person.presses("handoff.open")
    assert told.plain_text().startswith(PHRASES["handoff-already"])
    (told,) = await person.commands("human")
    assert told.plain_text().startswith(PHRASES["handoff-already"])
    (answer,) = await person.says("school?")
    assert answer.keys == ("topic:education",)
    assert await cases_of(person) == [(VIOLENCE, Priority.URGENT.value, False)]


async def test_a_call_for_help_outlives_the_wish_to_forget(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await person.commands("forget")
    old = await person.conversation()
    await in_danger(person, rasa)
    case_id = await interpreter.case_of(person)
    (kept,) = await person.commands("forget")
    assert kept.plain_text().startswith(PHRASES["forget-not-now"])
    (kept,) = await person.presses("forget.confirm")
    assert kept.plain_text() == PHRASES["forget-not-now"]
    assert await person.meanings(kept) == ["handoff.open"]
    assert await person.conversation() == old
    assert (await words_in(interpreter, case_id))[0] == "he beats me"

    await interpreter.claims(case_id)
    await interpreter.closes(case_id)
    await person.sees()
    await person.commands("forget")
    (goodbye,) = await person.presses("forget.confirm")
    assert goodbye.plain_text() == PHRASES["forgotten"]
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(cases)) == 0


async def test_who_waits_for_the_bot_is_told_so_until_a_person_comes(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await in_danger(person, rasa)
    late = person.service.settings.model_copy(update={"notice_after_seconds": 0.0})
    service = replace(person.service, settings=late)
    await person.sends("are you there")
    assert await say_please_wait(service) == 1
    (notice,) = await person.sees()
    assert (notice.plain_text(), notice.purpose) == (PHRASES["please-wait"], Purpose.NOTICE)
    await work_off(person.hub)
    await person.sees()

    await interpreter.claims(await interpreter.case_of(person))
    await person.sends("words for a person")
    assert await say_please_wait(service) == 0
    assert await person.sees() == []


async def test_doubt_about_a_page_is_told_until_a_person_comes(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await in_danger(person, rasa)
    tell = tell_of_doubt(person.service)
    async with person.service.engine.begin() as db:
        await tell(db, await person.conversation())
    (doubt,) = await person.sees()
    assert doubt.plain_text() == PHRASES["in-doubt"]
    (page,) = await person.presses("repeat")
    assert page.blocks[0].kind is BlockKind.CARD
    await interpreter.claims(await interpreter.case_of(person))
    async with person.service.engine.begin() as db:
        await tell(db, await person.conversation())
    assert await person.sees() == []


async def test_words_of_danger_are_never_taken_for_a_name(hub: Hub, interpreter: Interpreter) -> None:
    """A button of an offer above an open identity check: what follows is about the danger."""
    person = Person(hub, channel="telegram")
    for key in ("check:appointment", f"danger:{VIOLENCE}"):
        await person.is_offered(key)
        await person.presses(key)
    async with hub.service.engine.connect() as db:
        assert (await db.execute(select(forms))).all() == []
        assert await open_case_of(db, await person.conversation())
    (answer,) = await person.says("he is here")
    assert answer.keys == ("topic:education",)
    written = await words_in(interpreter, await interpreter.case_of(person))
    assert written == [f"[danger:{VIOLENCE}]", "he is here"]


async def test_who_waits_in_the_queue_and_writes_of_danger_gets_the_numbers_and_goes_first(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    rasa.act = SCHOOL
    await person.commands("human")
    assert await person.says("I want to ask about the school") == [], "what is no danger is for the person to come"
    page = await in_danger(person, rasa)
    assert page.keys == (f"topic:{VIOLENCE}",)
    assert page.blocks[0].kind is BlockKind.CARD
    ((_, priority, quiet),) = await cases_of(person)
    assert (priority, quiet) == (Priority.URGENT.value, True)
    assert await person.says("are you there") == []
    await interpreter.claims(await interpreter.case_of(person))
    rasa.act = BEATEN
    assert await person.says("he beats me again") == [], "beside a person the bot is silent"


async def test_in_the_queue_a_brain_that_is_away_keeps_nobody_from_the_case(person: Person, rasa: RestChannel) -> None:
    await person.commands("human")
    rasa.act = cut(b"")
    number = await person.sends("he beats me")
    await work_off(person.hub)
    assert await person.state(number) == "handed_over"
