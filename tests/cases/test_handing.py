"""To a colleague by name: at once, or first of all; only to whom the language is, and never without a trace."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bot.cases import staff as people
from bot.cases import work
from bot.cases.handing import colleagues_for, hand, open_to_all
from bot.cases.model import OFFERED_FOR, CannotTake, KeptForColleague, NotYours, Role, State
from bot.cases.presence import return_vanished
from bot.cases.queue import queue
from bot.cases.voice import ANOTHER_PERSON, BACK_IN_QUEUE
from bot.model import Purpose
from tests.cases.office import Office

MINUTES_UNTIL_GONE = 5.5


async def test_a_colleague_at_the_console_has_the_case_at_once(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar", "fa")
    await office.console(bilal)
    conversation_id = await office.writes("hello")
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        assert await hand(db, office.voice, case_id, ayse, bilal.id)
    for reader in (ayse, bilal):
        read = await office.reads(case_id, reader)
        last = read.entries[-1]
        assert (last.kind, last.staff_name, last.giver_name) == ("handed", "Bilal", "Ayşe")
        assert (read.case.state, read.case.holder) == (State.CLAIMED, bilal.id)
    async with office.service.engine.begin() as db:
        with pytest.raises(NotYours):
            await work.reply(db, office.voice, case_id, ayse, "still me")
        await work.reply(db, office.voice, case_id, bilal, "now me")
    told, reply = await office.spoken(conversation_id)
    assert (told.purpose, told.language) == (Purpose.NOTICE, "ar")
    assert told.plain_text() == office.service.catalogues.say("ar", ANOTHER_PERSON)
    assert reply.purpose is Purpose.PERSON
    assert not any(name in told.plain_text() for name in ("Ayşe", "Bilal")), "names of the staff stay in the office"


async def test_who_handed_it_over_reads_until_it_goes_on(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    cem = await office.person("Cem", "ar")
    for person in (bilal, cem):
        await office.console(person)
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        await hand(db, office.voice, case_id, ayse, bilal.id)
        await hand(db, office.voice, case_id, bilal, cem.id)
    assert (await office.reads(case_id, bilal)).case.holder == cem.id
    with pytest.raises(NotYours):
        await office.reads(case_id, ayse)


async def test_a_colleague_who_is_not_there_comes_first_and_everybody_after_five_minutes(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    cem = await office.person("Cem", "ar")
    conversation_id = await office.writes("hello")
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        assert not await hand(db, office.voice, case_id, ayse, bilal.id)
        (item,) = await queue(db, cem)
        assert (item.state, item.holder, item.offered_name) == (State.WAITING, None, "Bilal")
        with pytest.raises(KeptForColleague):
            await work.claim(db, office.service.seal, case_id, cem)
        assert await open_to_all(db, office.service.seal) == []
    await office.let_entries_age("offered", OFFERED_FOR)
    async with office.service.engine.begin() as db:
        assert await open_to_all(db, office.service.seal) == [case_id]
        assert await open_to_all(db, office.service.seal) == []
    read = await office.reads(case_id, cem)
    last = read.entries[-1]
    assert (last.kind, last.author, last.text, last.staff_name) == ("returned", "system", "not-taken", "Bilal")
    assert read.case.offered_to is None
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, case_id, cem)
    (told,) = await office.spoken(conversation_id)
    assert told.plain_text() == office.service.catalogues.say("ar", BACK_IN_QUEUE), "told once, and the truth"


async def test_the_five_minutes_are_over_without_the_sweeper_too(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    cem = await office.person("Cem", "ar")
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        await hand(db, office.voice, case_id, ayse, bilal.id)
    await office.let_entries_age("offered", OFFERED_FOR - timedelta(seconds=30))
    async with office.service.engine.begin() as db:
        with pytest.raises(KeptForColleague):
            await work.claim(db, office.service.seal, case_id, cem)
    await office.let_entries_age("offered", timedelta(seconds=30))
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, case_id, cem)
        assert await open_to_all(db, office.service.seal) == []


async def test_the_colleague_and_an_officer_may_take_it_before(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    deniz = await office.person("Deniz", role=Role.OFFICER)
    for number, taker in enumerate((bilal, deniz)):
        case_id = await office.claimed_by(ayse, str(number))
        async with office.service.engine.begin() as db:
            await hand(db, office.voice, case_id, ayse, bilal.id)
            await work.claim(db, office.service.seal, case_id, taker)
        assert (await office.reads(case_id, taker)).case.holder == taker.id


async def test_it_is_handed_to_nobody_who_may_not_have_it(office: Office) -> None:
    ayse, farid = await office.person("Ayşe", "ar"), await office.person("Farid", "fa")
    gone = await office.person("Gül", "ar")
    async with office.service.engine.begin() as db:
        await people.dismiss(db, "Gül")
    case_id = await office.claimed_by(ayse)
    for nobody in (farid.id, gone.id, ayse.id, uuid4()):
        async with office.service.engine.begin() as db:
            with pytest.raises(CannotTake):
                await hand(db, office.voice, case_id, ayse, nobody)
    assert [entry.kind for entry in (await office.reads(case_id, ayse)).entries] == ["opened", "claimed"]


async def test_only_who_has_a_case_can_hand_it_over(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    deniz = await office.person("Deniz", role=Role.OFFICER)
    case_id = await office.claimed_by(ayse)
    for person in (bilal, deniz):
        async with office.service.engine.begin() as db:
            with pytest.raises(NotYours):
                await hand(db, office.voice, case_id, person, ayse.id)


async def test_who_is_there_comes_first_in_the_list(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    cem, deniz = await office.person("Cem", "ar"), await office.person("Deniz", role=Role.OFFICER)
    await office.person("Farid", "fa")
    await office.console(cem)
    async with office.service.engine.connect() as db:
        found = await colleagues_for(db, "ar", ayse)
    assert [(one.id, one.present) for one in found] == [(cem.id, True), (bilal.id, False), (deniz.id, False)]


async def test_a_handed_case_returns_when_its_new_holder_vanishes(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    await office.console(bilal)
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        await hand(db, office.voice, case_id, ayse, bilal.id)
        assert await return_vanished(db, office.voice) == []
    await office.let_pass(bilal, "seen_at", MINUTES_UNTIL_GONE)
    async with office.service.engine.begin() as db:
        assert await return_vanished(db, office.voice) == [case_id]
    assert (await office.reads(case_id, ayse)).case.state is State.WAITING
