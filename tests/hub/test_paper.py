"""Which paper a person has: asked once, answered in words or by a button, kept sealed, used for every later page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.bootstrap import Service
from bot.content import load_library
from bot.content.papers import PAPERS
from bot.hub.capabilities import DEFAULT
from bot.hub.paper import question, with_the_question
from bot.hub.render import Renderer
from bot.hub.topic_page import topic_page
from bot.hub.turn import Hub
from bot.i18n.catalogues import load_catalogues
from bot.i18n.phrases import LABELS, PHRASES
from bot.model import Kind, Utterance
from bot.post.conversations import Conversation, load
from bot.settings import ROOT
from bot.storage.tables import conversations, metadata
from tests.assistant.rest_channel import RestChannel, keys
from tests.hub.conversation import Person
from tests.hub.reading import lines, plain, standing_in

LIBRARY = load_library(ROOT / "content")
LANGUAGES = [language.code for language in LIBRARY.languages.offered()]
WORK = LIBRARY.topic("work-permit").text("en")
QUESTION = PHRASES["which-paper"]


async def asks(person: Person, rasa: RestChannel, *understood: str, words: str = "ok?") -> Utterance:
    """Words of which the assistant understands these keys."""
    rasa.act = keys(*understood)
    (told,) = await person.says(words)
    return told


async def offers(person: Person, told: Utterance, name: str) -> list[str]:
    return [key for key in await person.meanings(told) if key.startswith(name)]


async def paper_of(person: Person) -> str | None:
    async with person.service.engine.connect() as db:
        return (await load(db, person.service.seal, await person.conversation())).paper


def stranger() -> Conversation:
    """A conversation in which nothing was said yet."""
    return Conversation(uuid4(), "test", "address", None, False, (), 0)


async def test_it_is_asked_once_below_the_first_page_whose_rules_differ(person: Person, rasa: RestChannel) -> None:
    same_for_all = await asks(person, rasa, "topic:address-registration")
    assert QUESTION not in lines(same_for_all)
    assert await offers(person, same_for_all, "paper:") == []
    assert lines(await asks(person, rasa, "topic:work-permit"))[-1] == QUESTION
    for topic in ("topic:health-care", "topic:work-permit", "topic:education"):
        told = await asks(person, rasa, topic)
        assert QUESTION not in lines(told)
        assert await offers(person, told, "paper:") == []
        assert await offers(person, told, "topic:")


async def test_a_part_of_a_page_does_not_ask(person: Person, rasa: RestChannel) -> None:
    for key in ("topic:work-permit#do", "topic:work-permit#persona-tp", "aspect:who", "simpler"):
        assert QUESTION not in lines(await asks(person, rasa, key))
    assert lines(await asks(person, rasa, "topic:work-permit"))[-1] == QUESTION


@pytest.mark.parametrize(
    ("topic", "papers"),
    [
        ("work-permit", ["tp_card", "applicant_card", "status_card"]),
        ("education", ["tp_card"]),
        ("residence-permit-fee-exemption", ["student_permit", "stateless_card"]),
        ("health-care", list(PAPERS)),
    ],
)
async def test_the_buttons_are_the_papers_the_topic_speaks_to(
    person: Person, rasa: RestChannel, topic: str, papers: list[str]
) -> None:
    told = await asks(person, rasa, f"topic:{topic}")
    meanings = await person.meanings(told)
    assert meanings[: len(papers) + 1] == [*(f"paper:{name}" for name in papers), "paper:unknown"]
    assert await offers(person, told, f"topic:{topic}#persona") == []
    assert meanings[-1] == "handoff.open"


async def test_the_rules_for_a_paper_are_shown_when_it_is_pressed(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    (told,) = await person.presses("paper:tp_card")
    assert lines(told) == standing_in(WORK, "persona-tp")
    assert await person.meanings(told) == [
        "topic:work-permit",
        "papers",
        "original:work-permit",
        "unclear:work-permit",
        "handoff.open",
    ]
    assert await asks(person, rasa, "repeat") == told


async def test_a_paper_that_stands_for_several_rules_shows_them_all(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    (told,) = await person.presses("paper:status_card")
    assert lines(told) == standing_in(WORK, "persona-refugee", "persona-conditional_refugee")
    headings = {block.text for block in told.blocks}
    assert {WORK.sections[name].heading for name in ("persona-refugee", "persona-conditional_refugee")} <= headings
    assert await asks(person, rasa, "repeat") == told


async def test_later_pages_have_the_rules_at_once(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    await person.presses("paper:tp_card")
    for topic in ("province-transfer", "work-permit"):
        told = await asks(person, rasa, f"topic:{topic}")
        assert lines(told) == standing_in(LIBRARY.topic(topic).text("en"), "answer", "lead", "persona-tp", "do")
        assert await offers(person, told, f"topic:{topic}#persona") == []
        assert await offers(person, told, "paper") == ["papers"]
    without = await asks(person, rasa, "topic:residence-permit-procedures")
    assert await offers(person, without, "topic:residence-permit-procedures#persona") == [
        "topic:residence-permit-procedures#persona-ip_applicant",
        "topic:residence-permit-procedures#persona-student",
    ]


async def test_another_paper_is_asked_for_and_replaces_the_first(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    await person.presses("paper:tp_card")
    (told,) = await person.presses("papers")
    assert lines(told) == [QUESTION]
    assert await offers(person, told, "paper:") == [*(f"paper:{name}" for name in PAPERS), "paper:unknown"]
    (told,) = await person.presses("paper:applicant_card")
    assert lines(told) == standing_in(WORK, "persona-ip_applicant")
    assert await paper_of(person) == "applicant_card"
    await person.presses("papers")
    typed = await asks(person, rasa, "holds:status_card", "topic:work-permit", words="the refugee card")
    assert lines(typed) == standing_in(WORK, "persona-refugee", "persona-conditional_refugee")
    assert await paper_of(person) == "status_card"


async def test_who_does_not_know_is_never_asked_again(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    (told,) = await person.presses("paper:unknown")
    assert lines(told) == standing_in(WORK, "answer", "lead", "do")
    assert len(await offers(person, told, "topic:work-permit#persona")) == 3
    for topic in ("topic:health-care", "topic:education"):
        assert QUESTION not in lines(await asks(person, rasa, topic))
    assert await paper_of(person) == "unknown"


async def test_a_paper_without_rules_of_its_own_shows_the_page(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    await person.is_offered("paper:stateless_card")
    (told,) = await person.presses("paper:stateless_card")
    assert lines(told) == standing_in(WORK, "answer", "lead", "do")
    assert await paper_of(person) == "stateless_card"


async def test_a_paper_without_a_topic_is_noted(person: Person) -> None:
    await person.is_offered("paper:tp_card")
    (told,) = await person.presses("paper:tp_card")
    assert lines(told) == [PHRASES["paper-noted"]]
    assert "handoff.open" in await person.meanings(told)


async def test_the_answer_may_be_typed(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    understood = ("holds:tp_card", "topic:registration-documents")
    told = await asks(person, rasa, *understood, words="temporary protection card")
    assert lines(told) == standing_in(WORK, "persona-tp")
    assert await paper_of(person) == "tp_card"
    # Later the same words are a question about that paper.
    assert (await asks(person, rasa, *understood, words="temporary protection card")).keys == (
        "topic:registration-documents",
    )


async def test_a_longer_text_is_a_question_of_its_own(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    told = await asks(
        person,
        rasa,
        "holds:tp_card",
        "topic:registration-documents",
        words="I have lost my temporary protection card in the bus",
    )
    assert told.keys == ("topic:registration-documents",)


async def test_words_below_a_picture_are_a_question_of_their_own(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    rasa.act = keys("holds:tp_card", "topic:registration-documents")
    remark, told = await person.says("photo", Kind.UNREADABLE, "I have lost my temporary protection card in the bus")
    assert lines(remark) == [PHRASES["picture-unseen"]]
    assert told.keys == ("topic:registration-documents",)


@pytest.mark.parametrize(
    ("understood", "told"),
    [("topic:deportation-and-detention", "topic:deportation-and-detention"), ("handoff.open",) * 2],
)
async def test_danger_and_the_wish_for_a_person_are_never_only_an_answer(
    person: Person, rasa: RestChannel, understood: str, told: str
) -> None:
    await asks(person, rasa, "topic:work-permit")
    answer = await asks(person, rasa, "holds:tp_card", understood, words="tp card, they deport me")
    assert answer.keys == (told,)


async def test_an_overdue_page_does_not_ask(service: Service) -> None:
    topic = service.library.topic("work-permit")
    late = topic.facts.review_due + timedelta(days=1)
    for day, asked in ((topic.facts.review_due, True), (late, False)):
        words = Renderer(service.library, service.catalogues, "en", DEFAULT, day)
        page, talk = with_the_question(words, stranger(), topic.slug, topic_page(words, topic.slug))
        assert (QUESTION in lines(page)) == asked
        assert (talk.paper == "asked") == asked


async def test_a_dump_does_not_tell_who_has_which_paper(hub: Hub, rasa: RestChannel) -> None:
    one, other = Person(hub), Person(hub)
    for person, paper in ((one, "tp_card"), (other, "applicant_card")):
        await asks(person, rasa, "topic:work-permit")
        await person.presses(f"paper:{paper}")
        assert await paper_of(person) == paper
    assert await in_plain(one) == await in_plain(other)
    await asks(one, rasa, "holds:tp_card", "topic:work-permit")
    offered = {("choices", "key")}
    assert not [
        (table, column, value)
        for table, column, value in await in_plain(one)
        if (table, column) not in offered and ("tp_card" in value or "persona-tp" in value)
    ]


async def in_plain(person: Person) -> set[tuple[str, str, str]]:
    """Every word of a conversation that stands in the database unsealed: table, column and value."""
    number = await person.conversation()
    found: set[tuple[str, str, str]] = set()
    async with person.service.engine.connect() as db:
        for table in metadata.sorted_tables:
            own = table.c.id if table.name == "conversations" else table.c.get("conversation_id")
            if own is None:
                continue
            for row in (await db.execute(select(table).where(own == number))).mappings():
                words = {name: value for name, value in row.items() if isinstance(value, str | list | dict)}
                found |= {(table.name, str(name), str(value)) for name, value in words.items()}
    return {(table, column, value) for table, column, value in found if column not in ("token", "channel_message_id")}


async def test_it_is_gone_with_the_conversation(person: Person, rasa: RestChannel) -> None:
    await asks(person, rasa, "topic:work-permit")
    await person.presses("paper:tp_card")
    await person.commands("forget")
    await person.presses("forget.confirm")
    assert await paper_of(person) is None
    async with person.service.engine.connect() as db:
        assert set(await db.scalars(select(conversations.c.sealed_paper))) == {None}
    assert lines(await asks(person, rasa, "topic:work-permit"))[-1] == QUESTION


async def test_two_people_have_each_their_own(hub: Hub, rasa: RestChannel) -> None:
    one, other = Person(hub), Person(hub)
    await asks(one, rasa, "topic:work-permit")
    await one.presses("paper:tp_card")
    assert lines(await asks(other, rasa, "topic:work-permit"))[-1] == QUESTION
    assert await paper_of(one) == "tp_card"


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_have_their_names_in_every_language(catalogues: None, language: str) -> None:
    catalogue = load_catalogues(ROOT, LIBRARY.languages)
    words = Renderer(LIBRARY, catalogue, language, DEFAULT, max(t.facts.last_reviewed for t in LIBRARY.topics.values()))
    names = {f"paper:{name}": catalogue.say(language, LABELS[f"paper-{name}"]) for name in (*PAPERS, "unknown")}
    asked, _ = question(words, stranger())
    buttons = {button.key: button.label for button in asked.buttons}
    assert {key: buttons[key] for key in names} == names
    assert len(set(names.values())) == len(names), "two papers have the same name"
    for slug in ("work-permit", "health-care"):
        page, _ = with_the_question(words, stranger(), slug, topic_page(words, slug))
        assert {b.label for b in page.buttons if b.key.startswith("paper:")} <= set(names.values())
        assert lines(page)[-1] == plain(catalogue.say(language, QUESTION))
