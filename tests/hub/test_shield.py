"""The scam shield in a conversation: what is compared, when it speaks, what it shows, and when it says nothing."""

from collections.abc import MutableMapping
from typing import Any

import pytest
from sqlalchemy import select

from bot.bootstrap import Service
from bot.hub.shield import EMERGENCY, FRAUD
from bot.i18n.phrases import PHRASES
from bot.model import BlockKind, Kind, Utterance
from bot.storage.tables import turns
from tests.assistant.rest_channel import RestChannel, keys
from tests.hub.conversation import Interpreter, Person

SCAM = "gocrandevu.online"
UNLISTED = PHRASES["compared-unlisted"]
LISTED = PHRASES["compared-official"].partition(":")[0]
LANGUAGES = ("tr", "en", "ar", "fa", "prs", "ps", "ru", "fr", "kmr", "so")


def plain(text: str) -> str:
    return "".join(char for char in text if char not in "\u2066\u2067\u2068\u2069")


def quotes(said: list[Utterance]) -> list[str]:
    return [plain(block.text) for utterance in said for block in utterance.blocks if block.kind is BlockKind.QUOTE]


def words(utterance: Utterance) -> str:
    return plain(utterance.plain_text())


async def test_an_address_is_compared_before_the_answer(person: Person, rasa: RestChannel) -> None:
    compared, page = await person.says(f"A man told me to register my child for school at {SCAM} today")
    assert compared.blocks[0].kind is BlockKind.QUOTE
    assert quotes([compared]) == [SCAM]
    assert UNLISTED in words(compared)
    assert "looks like the official address goc.gov.tr" in words(compared)
    assert page.keys == ("topic:education",)
    assert await person.meanings(compared) == [f"topic:{FRAUD}", "handoff.open"]


async def test_the_card_says_where_and_that_it_costs_nothing(person: Person) -> None:
    compared, _ = await person.says(SCAM)
    card = compared.blocks[-1]
    assert card.kind is BlockKind.CARD
    assert "costs nothing" in card.items[0]
    assert "157" in card.items[1]
    assert "randevu.goc.gov.tr" in card.items[2]


async def test_the_official_is_called_by_its_owner(person: Person) -> None:
    compared, _ = await person.says("Is https://randevu.goc.gov.tr the right page?")
    assert f"{LISTED}: Appointments with the migration office." in words(compared)
    assert UNLISTED not in words(compared)
    assert "costs nothing" in words(compared), "whoever calls from an official number may still lie"


ABOUT_A_NUMBER = {
    "0850 123 45 67 called me": "0850 123 45 67",
    "numara 0850 123 45 67 resmî mi?": "0850 123 45 67",
    "١٩٦ رقم رسمي؟": "196",
    "is 196 the official number": "196",
    "157": "157",
    "wac 444 48 68": "444 48 68",
}
ABOUT_SOMETHING_ELSE = [
    "my number is 0532 000 00 00",
    "numaram 0532 000 00 00",
    "мой номер 0532 000 00 00",
    "رقمي 05320000000",
    "شماره تلفن من ۰۵۳۲۰۰۰۰۰۰۰ است",
    "hejmara min 0532 000 00 00",
    "Can my daughter go to school here, you can call 0532 000 00 00 at any time",
    "99000000001",
    "90 180",
    "180 gün",
    "112 lira",
    "law 157",
    "madde 183",
    "is 6458 a law",
    "23.11.2026 10.30",
    "gittim.ne yapmalıyım",
]


async def test_a_number_that_the_message_is_about_is_compared(person: Person) -> None:
    for text, shown in ABOUT_A_NUMBER.items():
        assert quotes(await person.says(text)) == [shown], text


async def test_own_numbers_days_and_money_are_left_alone(person: Person) -> None:
    for text in ABOUT_SOMETHING_ELSE:
        said = await person.says(text)
        assert [utterance.keys for utterance in said] == [("topic:education",)], text
        assert quotes(said) == [], text


@pytest.mark.parametrize("topic", [FRAUD, "information-service"])
async def test_where_fraud_or_contacts_are_meant_every_number_is_compared(
    person: Person, rasa: RestChannel, topic: str
) -> None:
    rasa.act = keys(f"topic:{topic}", **{topic: 0.9})
    text = "My brother says I have to pay somebody before they call me tomorrow from 0850 123 45 67 or from 196"
    said = await person.says(text)
    assert quotes(said) == ["0850 123 45 67", "196"]
    assert said[-1].keys == (f"topic:{topic}",)


async def test_three_are_compared_and_the_rest_is_admitted(person: Person) -> None:
    compared, _ = await person.says("a-b.com c-d.com e-f.com g-h.com i-j.com")
    assert quotes([compared]) == ["a-b.com", "c-d.com", "e-f.com"]
    assert PHRASES["compared-more"] in words(compared)


async def test_the_words_below_a_picture_count(person: Person) -> None:
    said = await person.says("photo", Kind.UNREADABLE, f"is {SCAM} real?")
    assert quotes(said) == [SCAM]


async def test_commands_buttons_and_changed_messages_are_no_questions(person: Person) -> None:
    assert quotes(await person.commands("start", SCAM)) == []
    assert quotes(await person.says(SCAM, Kind.EDIT)) == []


async def test_what_the_assistant_cannot_read_is_answered_with_the_topic_on_fraud(
    person: Person, rasa: RestChannel
) -> None:
    rasa.act = keys("topics:education,work-permit")
    compared, page = await person.says("0850 123 45 67")
    assert quotes([compared]) == ["0850 123 45 67"]
    assert page.keys == (f"topic:{FRAUD}",)
    _, offer = await person.says(f"{SCAM} abc")
    assert offer.keys == ("topics:education,work-permit",), "words are not overruled"


@pytest.mark.parametrize("text", ["112", "١١٢", "112!", "112 112"])
async def test_the_emergency_number_alone_is_a_call_for_help(person: Person, rasa: RestChannel, text: str) -> None:
    rasa.act = keys("topics:education,work-permit")
    (page,) = await person.says(text)
    assert page.keys == (f"topic:{EMERGENCY}",)
    compared, _ = await person.says("is 112 the official number")
    assert quotes([compared]) == ["112"]


async def test_in_danger_the_emergency_numbers_come_first(person: Person, rasa: RestChannel) -> None:
    rasa.act = keys("topic:violence-abuse-and-self-harm", **{"violence-abuse-and-self-harm": 0.9})
    page, compared = await person.says(f"he beats me because of {SCAM}")
    assert page.blocks[0].kind is BlockKind.CARD
    assert quotes([compared]) == [SCAM]
    (page,) = await person.says("he beats me, shall I call 183")
    assert page.blocks[0].kind is BlockKind.CARD


async def test_beside_a_person_it_is_silent(person: Person, interpreter: Interpreter) -> None:
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await person.sees()
    assert await person.says(SCAM) == []


async def test_in_an_open_check_it_is_silent(service: Service, person: Person, rasa: RestChannel) -> None:
    person.channel = "telegram"
    rasa.act = keys("check:status")
    await person.says("how is my file")
    assert quotes(await person.says("0850 123 45 67")) == []


async def test_what_was_compared_is_written_down_nowhere_else(
    service: Service, person: Person, events: list[MutableMapping[str, Any]]
) -> None:
    await person.says(f"{SCAM} 0850 123 45 67")
    async with service.engine.connect() as db:
        rows = (await db.execute(select(turns))).all()
    assert "gocrandevu" not in f"{rows}{events}"
    assert "0850" not in f"{rows}{events}"


async def test_a_repeated_answer_is_the_answer(person: Person, rasa: RestChannel) -> None:
    await person.says(f"school at {SCAM}")
    rasa.act = keys("repeat")
    (page,) = await person.says("again")
    assert page.keys == ("topic:education",)


@pytest.mark.parametrize("text", ["https://x.com/" + "a" * 1900, "<b>x</b> https://x.com/<b>", "x.com/{language}"])
async def test_hostile_words_are_shown_as_words_and_short(person: Person, text: str) -> None:
    compared, _ = await person.says(text)
    (quote,) = [block for block in compared.blocks if block.kind is BlockKind.QUOTE]
    assert len(quote.text) <= 83
    assert [block.kind for block in compared.blocks].count(BlockKind.CARD) == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_speaks_every_language(person: Person, service: Service, language: str) -> None:
    await person.is_offered(f"language:{language}")
    await person.presses(f"language:{language}")
    listed, _ = await person.says("157 + randevu.goc.gov.tr")
    strange, _ = await person.says(SCAM)
    assert listed.language == strange.language == language
    assert service.library.phones["157"].names[language] in words(listed)
    assert service.library.sites["randevu.goc.gov.tr"].names[language] in words(listed)
    assert all("157" in words(said) and "randevu.goc.gov.tr" in words(said) for said in (listed, strange))
    if language != "en":
        english = {plain(phrase) for name, phrase in PHRASES.items() if name.startswith("compared-")}
        lines = {plain(line) for block in (*listed.blocks, *strange.blocks) for line in (block.text, *block.items)}
        assert not lines & english
