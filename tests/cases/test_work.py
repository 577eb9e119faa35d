"""The staff's side: one winner, only the holder acts, the applicant hears of it, in order and with a reference."""

import asyncio

import pytest

from bot.cases import work
from bot.cases.model import (
    MOST_CHARACTERS,
    AlreadyClaimed,
    CaseClosed,
    CaseNotFound,
    NotYours,
    Outcome,
    Role,
    Staff,
    State,
    UnfitMessage,
)
from bot.cases.queue import queue
from bot.model import BlockKind, Purpose
from bot.storage.tables import staff
from tests.cases.office import Office

RACERS = 100


async def test_a_hundred_claims_at_once_have_one_winner(office: Office) -> None:
    first = await office.person("Ayşe", "ar")
    people = [first]
    async with office.service.engine.begin() as db:
        for number in range(1, RACERS):
            racer = Staff(first.id.__class__(int=number), f"racer {number}", Role.INTERPRETER, ("ar",))
            await db.execute(
                staff.insert().values(
                    id=racer.id, name=racer.name, role=racer.role.value, languages=["ar"], password_hash="none"
                )
            )
            people.append(racer)
    opened = await office.asks_for_person()

    async def race(person: Staff) -> Staff | None:
        try:
            async with office.service.engine.begin() as db:
                await work.claim(db, office.service.seal, opened.case_id, person)
        except AlreadyClaimed:
            return None
        return person

    winners = [person for person in await asyncio.gather(*(race(p) for p in people)) if person is not None]
    assert len(winners) == 1
    read = await office.reads(opened.case_id, winners[0])
    assert [entry.kind for entry in read.entries].count("claimed") == 1
    assert read.case.holder == winners[0].id


async def test_claiming_ones_own_case_again_changes_nothing(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    opened = await office.asks_for_person()
    for _ in range(2):
        async with office.service.engine.begin() as db:
            await work.claim(db, office.service.seal, opened.case_id, ayse)
    assert [e.kind for e in (await office.reads(opened.case_id, ayse)).entries] == ["opened", "claimed"]


async def test_a_case_of_another_language_does_not_exist_for_an_interpreter(office: Office) -> None:
    farid = await office.person("Farid", "fa")
    opened = await office.asks_for_person(language="ar")
    async with office.service.engine.begin() as db:
        assert await queue(db, farid) == []
        with pytest.raises(CaseNotFound):
            await work.claim(db, office.service.seal, opened.case_id, farid)
    with pytest.raises(CaseNotFound):
        await office.reads(opened.case_id, farid)


async def test_only_the_holder_acts_and_a_closed_case_is_closed(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    opened = await office.asks_for_person()
    engine, seal, voice = office.service.engine, office.service.seal, office.voice

    async def refused_to(person: Staff, error: type[Exception]) -> None:
        for act in (
            lambda db: work.reply(db, voice, opened.case_id, person, "x"),
            lambda db: work.add_note(db, seal, opened.case_id, person, "x"),
            lambda db: work.return_to_queue(db, voice, opened.case_id, person),
            lambda db: work.close(db, voice, opened.case_id, person, Outcome.OTHER),
        ):
            async with engine.begin() as db:
                with pytest.raises(error):
                    await act(db)

    await refused_to(ayse, NotYours)
    async with engine.begin() as db:
        await work.claim(db, seal, opened.case_id, ayse)
    await refused_to(bilal, NotYours)
    with pytest.raises(NotYours):
        await office.reads(opened.case_id, bilal)
    async with engine.begin() as db:
        await work.close(db, voice, opened.case_id, ayse, Outcome.HELPED)
    await refused_to(ayse, CaseClosed)
    async with engine.begin() as db:
        with pytest.raises(CaseClosed):
            await work.claim(db, seal, opened.case_id, bilal)


async def test_the_applicant_reads_the_persons_words_with_a_reference(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("مرحبا")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
        await work.reply(db, office.voice, opened.case_id, ayse, "  أهلا\r\nكيف أساعدك؟ ")
        await work.add_note(db, office.service.seal, opened.case_id, ayse, "speaks a dialect")
        await work.reply(db, office.voice, opened.case_id, ayse, "<b>{reference}</b>")
        await work.close(db, office.voice, opened.case_id, ayse, Outcome.HELPED)
    first, second, finished = await office.spoken(conversation_id)
    assert [block.kind for block in first.blocks] == [BlockKind.PERSON, BlockKind.NOTE]
    assert first.blocks[0].text == "أهلا\nكيف أساعدك؟"
    assert "#A1" in first.blocks[1].text
    assert "Ayşe" not in first.plain_text(), "names of the staff stay in the office"
    assert (first.purpose, first.language, first.direction) == (Purpose.PERSON, "ar", "rtl")
    assert second.blocks[0].text == "<b>{reference}</b>"
    assert "#A2" in second.blocks[1].text
    assert finished.purpose is Purpose.NOTICE
    assert len(finished.buttons) == 1
    read = await office.reads(opened.case_id, ayse)
    shown = [(e.kind, e.internal, e.reference) for e in read.entries]
    assert shown == [
        ("opened", False, None),
        ("claimed", False, None),
        ("message", False, "#A1"),
        ("message", True, None),
        ("message", False, "#A2"),
        ("closed", False, None),
    ]


async def test_the_second_case_of_a_conversation_has_its_own_letter(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    for _ in range(2):
        opened = await office.asks_for_person()
        async with office.service.engine.begin() as db:
            await work.claim(db, office.service.seal, opened.case_id, ayse)
            await work.reply(db, office.voice, opened.case_id, ayse, "hello")
            await work.close(db, office.voice, opened.case_id, ayse, Outcome.HELPED)
    said = await office.spoken(await office.writes("hello"))
    persons = [u.blocks[1].text for u in said if u.purpose is Purpose.PERSON]
    assert ["#A1" in persons[0], "#B1" in persons[1]] == [True, True]


async def test_giving_back_tells_the_applicant_and_another_can_take_it(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    conversation_id = await office.writes("hello")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
        await work.return_to_queue(db, office.voice, opened.case_id, ayse)
    read = await office.reads(opened.case_id, bilal)
    assert read.case.state is State.WAITING
    assert read.case.holder is None
    (told,) = await office.spoken(conversation_id)
    assert told.purpose is Purpose.NOTICE
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, bilal)
    assert (await office.reads(opened.case_id, bilal)).case.holder == bilal.id


@pytest.mark.parametrize("text", ["", " \r\n\t ", "x" * (MOST_CHARACTERS + 1)])
async def test_an_unfit_message_is_refused_whole(office: Office, text: str) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("hello")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
        with pytest.raises(UnfitMessage):
            await work.reply(db, office.voice, opened.case_id, ayse, text)
        with pytest.raises(UnfitMessage):
            await work.add_note(db, office.service.seal, opened.case_id, ayse, text)
    assert await office.spoken(conversation_id) == []


async def test_a_reply_that_is_rolled_back_was_never_said(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("hello")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    async with office.service.engine.connect() as db:
        await work.reply(db, office.voice, opened.case_id, ayse, "half done")
        await db.rollback()
    assert await office.spoken(conversation_id) == []
    assert "half done" not in [e.text for e in (await office.reads(opened.case_id, ayse)).entries]
