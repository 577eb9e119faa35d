"""Officers in a colleague's case: they write beside its holder, or take it over, and the thread says so."""

import pytest

from bot.cases import work
from bot.cases.model import AlreadyClaimed, CannotTake, CaseClosed, NotYours, OfficersOnly, Outcome, Role, State
from bot.cases.stepping_in import invitations, invite, take_over
from bot.cases.voice import ANOTHER_PERSON, SIGNED
from bot.i18n.bidi import isolate
from tests.cases.office import Office


async def test_an_officer_writes_beside_the_holder_signed_as_an_officer(office: Office) -> None:
    ayse, deniz = await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)
    conversation_id = await office.writes("hello")
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        await invite(db, office.service.seal, case_id, ayse, deniz.id)
        assert await invitations(db, deniz) == {case_id}
        await work.reply(db, office.voice, case_id, ayse, "from the interpreter")
        await work.reply(db, office.voice, case_id, deniz, "from the office")
        await work.add_note(db, office.service.seal, case_id, deniz, "only for us")
        assert await invitations(db, deniz) == set()
    read = await office.reads(case_id, ayse)
    assert (read.case.state, read.case.holder) == (State.CLAIMED, ayse.id)
    asked = next(entry for entry in read.entries if entry.kind == "invited")
    assert (asked.giver_name, asked.staff_name) == ("Ayşe", "Deniz")
    first, second = await office.spoken(conversation_id)
    say = office.service.catalogues.say
    for said, role, reference in ((first, Role.INTERPRETER, "#A1"), (second, Role.OFFICER, "#A2")):
        assert said.blocks[1].text == isolate(say("ar", SIGNED[role], reference=reference), "rtl")


async def test_an_officer_beside_the_holder_does_not_decide_for_them(office: Office) -> None:
    ayse, deniz = await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        await invite(db, office.service.seal, case_id, ayse, deniz.id)
        with pytest.raises(NotYours):
            await work.close(db, office.voice, case_id, deniz, Outcome.HELPED)
        with pytest.raises(NotYours):
            await work.return_to_queue(db, office.voice, case_id, deniz)
        await work.return_to_queue(db, office.voice, case_id, ayse)
        with pytest.raises(NotYours):
            await work.reply(db, office.voice, case_id, deniz, "nobody has it")
        assert await invitations(db, deniz) == set(), "nobody has the case who could have invited"


async def test_only_officers_are_invited_and_only_by_the_holder(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    deniz = await office.person("Deniz", role=Role.OFFICER)
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        with pytest.raises(CannotTake):
            await invite(db, office.service.seal, case_id, ayse, bilal.id)
        with pytest.raises(NotYours):
            await invite(db, office.service.seal, case_id, bilal, deniz.id)
        with pytest.raises(NotYours):
            await work.reply(db, office.voice, case_id, bilal, "an interpreter beside another one")
        assert await invitations(db, deniz) == set()


async def test_taking_over_from_somebody_who_is_stuck(office: Office) -> None:
    ayse, deniz = await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)
    conversation_id = await office.writes("hello")
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        for _ in range(2):
            await take_over(db, office.voice, case_id, deniz, ayse.id)
        with pytest.raises(NotYours):
            await work.reply(db, office.voice, case_id, ayse, "too late")
    for reader in (ayse, deniz):
        read = await office.reads(case_id, reader)
        assert [entry.kind for entry in read.entries] == ["opened", "claimed", "taken"], "twice is once"
        assert (read.entries[-1].staff_name, read.entries[-1].giver_name) == ("Deniz", "Ayşe")
        assert read.case.holder == deniz.id
    (told,) = await office.spoken(conversation_id)
    assert told.plain_text() == office.service.catalogues.say("ar", ANOTHER_PERSON)


async def test_what_cannot_be_taken_over(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    deniz = await office.person("Deniz", role=Role.OFFICER)
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        with pytest.raises(OfficersOnly):
            await take_over(db, office.voice, case_id, bilal, ayse.id)
        with pytest.raises(AlreadyClaimed):
            await take_over(db, office.voice, case_id, deniz, bilal.id)
        await work.close(db, office.voice, case_id, ayse, Outcome.HELPED)
        with pytest.raises(CaseClosed):
            await take_over(db, office.voice, case_id, deniz, ayse.id)
