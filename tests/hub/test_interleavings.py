"""While a person has a case the bot says nothing, in whatever order and at whatever moment things happen."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.cases import work
from bot.cases.handing import hand, open_to_all
from bot.cases.model import Outcome, Role, Staff
from bot.cases.presence import return_vanished
from bot.cases.reopening import reopen
from bot.cases.stepping_in import invite, take_over
from bot.errors import CaseError
from bot.hub.render import renderer
from bot.hub.turn import Hub
from bot.model import Kind
from bot.post import outbox
from bot.storage.tables import case_entries, cases, inbox
from tests.cases.office import Office
from tests.hub.conversation import Interpreter, Person, impatient, work_off
from tests.hub.watch import bot_words_beside_a_person, install_watch

INTERLEAVINGS: Final = 500
ACTS: Final = (
    "claim", "reply", "hand", "hand to who is away", "return", "close",
    "reopen", "take over", "invite", "officer writes", "vanish", "not taken",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """The office of the test. `here` is at a console; the others have none, so the sweeper takes them for gone."""

    office: Office
    away: Staff
    here: Staff
    officer: Staff

    async def act(self, what: str, person: Person, chance: random.Random) -> None:
        """Somebody tries this with the newest case of the person, whatever state it is in."""
        case_id = await self._newest_case(person)
        if case_id is None:
            return
        try:
            async with self.office.service.engine.begin() as db:
                await self._do(db, what, case_id, chance.choice([self.away, self.here]))
        except CaseError:
            return

    async def _do(self, db: AsyncConnection, what: str, case_id: UUID, one: Staff) -> None:
        voice, officer = self.office.voice, self.officer
        match what:
            case "claim":
                await work.claim(db, voice.seal, case_id, one)
            case "reply":
                await work.reply(db, voice, case_id, one, "an interpreter's words")
            case "officer writes":
                await work.reply(db, voice, case_id, officer, "an officer's words")
            case "hand":
                await hand(db, voice, case_id, self.away, self.here.id)
            case "hand to who is away":
                await hand(db, voice, case_id, self.here, self.away.id)
            case "return":
                await work.return_to_queue(db, voice, case_id, one)
            case "close":
                await work.close(db, voice, case_id, one, Outcome.HELPED)
            case "reopen":
                await reopen(db, voice, case_id, officer)
            case "take over":
                await take_over(db, voice, case_id, officer, one.id)
            case "invite":
                await invite(db, voice.seal, case_id, one, officer.id)
            case "vanish":
                await return_vanished(db, voice)
            case _:
                await open_to_all(db, voice.seal)

    async def _newest_case(self, person: Person) -> UUID | None:
        async with self.office.service.engine.connect() as db:
            newest = select(cases.c.id).where(cases.c.conversation_id == await person.conversation())
            return await db.scalar(newest.order_by(cases.c.opened_at.desc()).limit(1))


@pytest.fixture
async def people(service: Service, interpreter: Interpreter) -> People:
    office = Office(service)
    here = await office.person("Bilal", *interpreter.staff.languages)
    await office.console(here)
    return People(office, interpreter.staff, here, await office.person("Deniz", role=Role.OFFICER))


def steps(hub: Hub, people: People, person: Person, chance: random.Random) -> list[Callable[[], Awaitable[object]]]:
    """Everything that may happen next."""

    def doing(what: str) -> Callable[[], Awaitable[object]]:
        return lambda: people.act(what, person, chance)

    return [
        lambda: person.sends("How do I put my child in school?"),
        lambda: person.sends("menu", Kind.COMMAND),
        lambda: person.sends("status", Kind.COMMAND),
        *[lambda: person.sends("human", Kind.COMMAND)] * 3,
        *[doing("claim")] * 2,
        *[doing(what) for what in ACTS],
        *[hub.take_turn] * 5,
        lambda: impatient(hub.service),
    ]


@pytest.mark.timeout(1500)
async def test_the_bot_says_nothing_in_five_hundred_interleavings(hub: Hub, people: People) -> None:
    """What an applicant, a bot, two interpreters, an officer and a sweeper can do, in random order and at once."""
    service = hub.service
    await install_watch(service)
    for seed in range(INTERLEAVINGS):
        chance = random.Random(seed)
        person = Person(hub)
        possible = steps(hub, people, person, chance)
        await person.sends("human", Kind.COMMAND)
        for _ in range(chance.randint(3, 7)):
            await asyncio.gather(*(step() for step in chance.choices(possible, k=chance.randint(1, 4))))
        await work_off(hub)
        assert await bot_words_beside_a_person(service) == 0, f"seed {seed}"
        async with service.engine.connect() as db:
            unanswered = await db.scalar(select(func.count()).select_from(inbox).where(inbox.c.state == "received"))
        assert unanswered == 0, f"seed {seed}"
    async with service.engine.connect() as db:
        happened = set(await db.scalars(select(case_entries.c.kind).distinct()))
    assert happened >= {
        "opened", "claimed", "handed", "offered", "taken", "returned", "closed", "reopened", "invited", "message",
    }, "the test has reached every state"  # fmt: skip


async def test_the_watch_sees_a_bot_that_speaks(hub: Hub, interpreter: Interpreter) -> None:
    """The check above can fail: a bot message after a claim is found."""
    await install_watch(hub.service)
    person = Person(hub)
    number = await person.sends("human", Kind.COMMAND)
    await work_off(hub)
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    intruder = renderer(hub.service, "test", "en").say("thanks")
    async with hub.service.engine.begin() as db:
        await db.execute(update(inbox).where(inbox.c.id == number).values(state="answered"))
        await outbox.put(db, hub.service.seal, await person.conversation(), "test", [intruder], number)
    assert await bot_words_beside_a_person(hub.service) == 1
