"""A finished case goes on: with whom, how long after, and never beside another one."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from bot.cases import moving, work
from bot.cases.model import REOPENED_WITHIN, CaseNotFound, NotYours, Outcome, Role, Staff, State, StaysClosed
from bot.cases.opening import open_case_of, silences_the_bot
from bot.cases.queue import finished
from bot.cases.reopening import may_reopen, reopen
from bot.cases.voice import OPEN_AGAIN
from bot.post import inbox
from bot.storage.tables import cases
from tests.cases.office import Office


async def closed_by(office: Office, person: Staff, address: str = "7") -> UUID:
    case_id = await office.claimed_by(person, address)
    async with office.service.engine.begin() as db:
        await work.close(db, office.voice, case_id, person, Outcome.HELPED)
    return case_id


async def reopened_by(office: Office, case_id: UUID, person: Staff) -> None:
    async with office.service.engine.begin() as db:
        await reopen(db, office.voice, case_id, person)


async def test_who_closed_it_has_it_again_and_the_bot_is_silent(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("hello")
    case_id = await closed_by(office, ayse)
    async with office.service.engine.connect() as db:
        assert await may_reopen(db, case_id, ayse)
        assert [item.case_id for item in await finished(db, ayse)] == [case_id]
    for _ in range(2):
        await reopened_by(office, case_id, ayse)
    read = await office.reads(case_id, ayse)
    assert [entry.kind for entry in read.entries] == ["opened", "claimed", "closed", "reopened"], "twice is once"
    assert (read.case.state, read.case.holder) == (State.CLAIMED, ayse.id)
    async with office.service.engine.begin() as db:
        assert await open_case_of(db, conversation_id) == case_id
        assert await silences_the_bot(db, case_id)
        assert await finished(db, ayse) == []
        await work.reply(db, office.voice, case_id, ayse, "one more thing")
    assert await office.adds(case_id, "thank you")
    *_, told, reply = await office.spoken(conversation_id)
    assert told.plain_text() == office.service.catalogues.say("ar", OPEN_AGAIN)
    assert "#A1" in reply.blocks[1].text


async def test_an_officer_may_and_others_may_not(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    farid, deniz = await office.person("Farid", "fa"), await office.person("Deniz", role=Role.OFFICER)
    case_id = await closed_by(office, ayse)
    with pytest.raises(NotYours):
        await reopened_by(office, case_id, bilal)
    with pytest.raises(CaseNotFound):
        await reopened_by(office, case_id, farid)
    with pytest.raises(CaseNotFound):
        await reopened_by(office, uuid4(), deniz)
    async with office.service.engine.connect() as db:
        assert not await may_reopen(db, case_id, bilal)
        assert await finished(db, bilal) == []
        assert [item.case_id for item in await finished(db, deniz)] == [case_id]
    await reopened_by(office, case_id, deniz)
    assert (await office.reads(case_id, deniz)).case.holder == deniz.id


async def test_after_seven_days_it_stays_closed(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    case_id = await closed_by(office, ayse)
    for moved, late in ((REOPENED_WITHIN - timedelta(minutes=1), False), (timedelta(minutes=1), True)):
        async with office.service.engine.begin() as db:
            await db.execute(update(cases).values(closed_at=cases.c.closed_at - moved))
            assert await may_reopen(db, case_id, ayse) is not late
    with pytest.raises(StaysClosed):
        await reopened_by(office, case_id, ayse)
    async with office.service.engine.connect() as db:
        assert await finished(db, ayse) == []


async def test_it_stays_closed_beside_a_newer_one_and_its_row_is_unharmed(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    case_id = await closed_by(office, ayse)
    newer = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        assert not await may_reopen(db, case_id, ayse)
        with pytest.raises(StaysClosed):
            await reopen(db, office.voice, case_id, ayse)
    read = await office.reads(case_id, ayse)
    assert read.case.state is State.CLOSED
    assert (await office.reads(newer.case_id, ayse)).case.state is State.OPEN


async def test_what_was_joined_to_another_case_stays_closed(office: Office) -> None:
    deniz = await office.person("Deniz", role=Role.OFFICER)
    first, second = await office.asks_for_person("1"), await office.asks_for_person("2")
    async with office.service.engine.begin() as db:
        here = await office.writes("hello", "1"), await office.writes("hello", "2")
        await moving.hold_open(db, *here)
        stays = await moving.move(db, office.service.seal, *here, "telegram")
    (joined,) = {first.case_id, second.case_id} - {stays}
    with pytest.raises(StaysClosed):
        await reopened_by(office, joined, deniz)
    async with office.service.engine.connect() as db:
        assert await finished(db, deniz) == []


async def test_it_waits_for_an_answer_of_the_bot_that_is_under_way(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    case_id = await closed_by(office, ayse)
    conversation_id = await office.writes("a question for the bot")
    async with office.service.engine.begin() as turn:
        assert await inbox.may_take_turn(turn, conversation_id)
        late = asyncio.create_task(reopened_by(office, case_id, ayse))
        await asyncio.sleep(0.2)
        assert not late.done(), "otherwise the answer would follow the silence"
    await late
    assert (await office.reads(case_id, ayse)).case.state is State.CLAIMED
