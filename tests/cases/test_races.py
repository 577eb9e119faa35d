"""Acts at the same moment, each in a connection of its own: one comes first, and the other sees what it has left."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import work
from bot.cases.handing import hand, open_to_all
from bot.cases.holding import return_for
from bot.cases.model import OFFERED_FOR, Outcome, Reason, Role, State
from bot.cases.opening import open_case, open_case_of
from bot.cases.reopening import reopen
from bot.cases.stepping_in import take_over
from bot.errors import CaseError
from bot.post import inbox
from tests.cases.office import Office

ROUNDS = 12

Act = Callable[[AsyncConnection], Awaitable[object]]


async def together(office: Office, *acts: Act) -> list[bool]:
    """Do all at once. Returns which went through."""

    async def goes_through(act: Act) -> bool:
        try:
            async with office.service.engine.begin() as db:
                await act(db)
        except CaseError:
            return False
        return True

    return list(await asyncio.gather(*(goes_through(act) for act in acts)))


async def test_handing_over_while_closing(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    await office.console(bilal)
    for number in range(ROUNDS):
        case_id = await office.claimed_by(ayse, str(number))
        gives = partial(hand, voice=office.voice, case_id=case_id, giver=ayse, colleague_id=bilal.id)
        closes = partial(work.close, voice=office.voice, case_id=case_id, staff=ayse, outcome=Outcome.HELPED)
        if number % 2:
            given, closed = await together(office, gives, closes)
        else:
            closed, given = await together(office, closes, gives)
        assert given is not closed, "whoever comes second has no case any more"
        read = await office.reads(case_id, bilal if given else ayse)
        assert read.case.state is (State.CLAIMED if given else State.CLOSED)


async def test_taking_over_while_the_holder_replies(office: Office) -> None:
    ayse, deniz = await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)
    for number in range(ROUNDS):
        conversation_id = await office.writes("hello", str(number))
        case_id = await office.claimed_by(ayse, str(number))
        taken, *replied = await together(
            office,
            partial(take_over, voice=office.voice, case_id=case_id, officer=deniz, holder_id=ayse.id),
            *(
                partial(work.reply, voice=office.voice, case_id=case_id, staff=ayse, text=f"reply {count}")
                for count in range(3)
            ),
        )
        assert taken
        kinds = [entry.kind for entry in (await office.reads(case_id, deniz)).entries]
        assert kinds[-1] == "taken", "nothing of the former holder comes after"
        assert kinds.count("message") == sum(replied)
        assert len(await office.spoken(conversation_id)) == sum(replied) + 1


async def test_two_officers_take_over_at_once(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    officers = [await office.person(name, role=Role.OFFICER) for name in ("Deniz", "Emel", "Figen")]
    for number in range(ROUNDS):
        case_id = await office.claimed_by(ayse, str(number))
        done = await together(
            office,
            *(
                partial(take_over, voice=office.voice, case_id=case_id, officer=one, holder_id=ayse.id)
                for one in officers
            ),
        )
        assert sum(done) == 1
        assert (await office.reads(case_id, officers[0])).case.holder == officers[done.index(True)].id


async def test_many_want_a_case_whose_colleague_did_not_come(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    others = [await office.person(name, "ar") for name in ("Cem", "Derya")]
    deniz = await office.person("Deniz", role=Role.OFFICER)
    seal = office.service.seal
    for number in range(ROUNDS):
        case_id = await office.claimed_by(ayse, str(number))
        async with office.service.engine.begin() as db:
            await hand(db, office.voice, case_id, ayse, bilal.id)
        await office.let_entries_age("offered", OFFERED_FOR)
        claims = [partial(work.claim, seal=seal, case_id=case_id, staff=one) for one in (*others, bilal)]
        *claimed, first, second = await together(
            office, *claims, partial(open_to_all, seal=seal), partial(open_to_all, seal=seal)
        )
        assert sum(claimed) == 1
        assert first
        assert second
        kinds = [entry.kind for entry in (await office.reads(case_id, deniz)).entries]
        assert kinds[-1] == "claimed", "the sweeper takes nothing from whoever came"
        assert kinds.count("returned") <= 1


async def test_handing_over_while_being_taken_for_vanished(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    deniz = await office.person("Deniz", role=Role.OFFICER)
    await office.console(bilal)
    for number in range(ROUNDS):
        case_id = await office.claimed_by(ayse, str(number))
        given, _ = await together(
            office,
            partial(hand, voice=office.voice, case_id=case_id, giver=ayse, colleague_id=bilal.id),
            partial(return_for, voice=office.voice, case_id=case_id, holder=ayse.id, reason=Reason.VANISHED),
        )
        case = (await office.reads(case_id, deniz)).case
        assert (case.state, case.holder) == ((State.CLAIMED, bilal.id) if given else (State.WAITING, None))


async def test_opening_again_while_the_applicant_asks_anew(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")

    async def asks_in_a_turn(db: AsyncConnection, conversation_id: UUID) -> None:
        await inbox.hold_turn(db, conversation_id)
        await open_case(db, office.service.seal, conversation_id, "ar")

    for number in range(ROUNDS):
        conversation_id = await office.writes("hello", str(number))
        case_id = await office.claimed_by(ayse, str(number))
        async with office.service.engine.begin() as db:
            await work.close(db, office.voice, case_id, ayse, Outcome.HELPED)
        again, asked = await together(
            office,
            partial(reopen, voice=office.voice, case_id=case_id, staff=ayse),
            partial(asks_in_a_turn, conversation_id=conversation_id),
        )
        assert asked, "whoever asks for a person always has an open case afterwards"
        async with office.service.engine.connect() as db:
            assert (await open_case_of(db, conversation_id) == case_id) is again
