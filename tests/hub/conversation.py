"""A person who talks to the hub, on a real database: what they send goes through the inbox, what they see comes out."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import select, update

from bot.bootstrap import Service
from bot.cases import work
from bot.cases.model import Outcome, Role, Staff
from bot.cases.opening import open_case_of
from bot.cases.staff import add_staff
from bot.cases.voice import Voice
from bot.hub.patience import say_please_wait
from bot.hub.turn import Hub
from bot.model import Button, Kind, Message, Utterance
from bot.post import conversations, inbox, outbox
from bot.storage.tables import choices, staff
from bot.storage.tables import inbox as inbox_table


@dataclass(slots=True)
class Person:
    """Somebody at an address. `seen` is the outbox id of the last thing they looked at."""

    hub: Hub
    channel: str = "test"
    address: str = field(default_factory=lambda: uuid4().hex)
    hint: str | None = "en"
    seen: int = 0

    @property
    def service(self) -> Service:
        return self.hub.service

    async def sends(self, text: str, kind: Kind = Kind.TEXT, argument: str = "") -> int:
        """A message in the inbox. Returns its id."""
        message = Message(self.channel, self.address, uuid4().hex, kind, text, argument, self.hint)
        async with self.service.engine.begin() as db:
            (receipt,) = await inbox.receive(db, self.service.seal, [message])
        assert receipt.inbox_id is not None
        return receipt.inbox_id

    async def says(self, text: str, kind: Kind = Kind.TEXT, argument: str = "") -> list[Utterance]:
        """A message, the turn, and what is new on the screen."""
        await self.sends(text, kind, argument)
        await work_off(self.hub)
        return await self.sees()

    async def commands(self, name: str, argument: str = "") -> list[Utterance]:
        return await self.says(name, Kind.COMMAND, argument)

    async def presses(self, key: str) -> list[Utterance]:
        """Press the button with this meaning; it must have been offered."""
        return await self.says(await self.token(key), Kind.CHOICE)

    async def token(self, key: str) -> str:
        async with self.service.engine.connect() as db:
            found = await db.scalar(
                select(choices.c.token).where(
                    choices.c.conversation_id == await self.conversation(), choices.c.key == key
                )
            )
        assert found is not None, f"{key} was never offered"
        return str(found)

    async def is_offered(self, key: str) -> None:
        """Put a button with this meaning into their hands."""
        async with self.service.engine.begin() as db:
            await outbox.offer(db, await self.conversation(), (Button("x", key=key),))

    async def sees(self) -> list[Utterance]:
        """What is new on the screen."""
        async with self.service.engine.connect() as db:
            new = await outbox.since(db, self.service.seal, await self.conversation(), self.seen)
        self.seen = max([self.seen, *(number for number, _ in new)])
        return [utterance for _, utterance in new]

    async def conversation(self) -> UUID:
        async with self.service.engine.begin() as db:
            return await conversations.find_or_open(db, self.service.seal, self.channel, self.address)

    async def meanings(self, utterance: Utterance) -> list[str]:
        """The keys behind the buttons, in order; a link as it is."""
        async with self.service.engine.connect() as db:
            number = await self.conversation()
            return [b.link or str(await outbox.meaning(db, number, b.token)) for b in utterance.buttons]

    async def state(self, inbox_id: int) -> str:
        async with self.service.engine.connect() as db:
            return str(await db.scalar(select(inbox_table.c.state).where(inbox_table.c.id == inbox_id)))


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Somebody of the office who takes cases."""

    service: Service
    staff: Staff

    @classmethod
    async def of(cls, service: Service, name: str = "Ayla") -> "Interpreter":
        languages = [language.code for language in service.registry.offered()]
        async with service.engine.begin() as db:
            await add_staff(db, name, Role.INTERPRETER, languages)
            number = (await db.execute(select(staff.c.id).where(staff.c.name == name))).scalar_one()
        return cls(service, Staff(number, name, Role.INTERPRETER, tuple(languages)))

    @property
    def voice(self) -> Voice:
        return Voice(self.service.seal, self.service.catalogues, self.service.registry)

    async def case_of(self, person: Person) -> UUID:
        async with self.service.engine.connect() as db:
            case_id = await open_case_of(db, await person.conversation())
        assert case_id is not None
        return case_id

    async def claims(self, case_id: UUID) -> None:
        async with self.service.engine.begin() as db:
            await work.claim(db, self.service.seal, case_id, self.staff)

    async def replies(self, case_id: UUID, text: str) -> int:
        async with self.service.engine.begin() as db:
            return await work.reply(db, self.voice, case_id, self.staff, text)

    async def closes(self, case_id: UUID) -> None:
        async with self.service.engine.begin() as db:
            await work.close(db, self.voice, case_id, self.staff, Outcome.HELPED)


async def work_off(hub: Hub) -> int:
    """Take turns until nothing may be taken. Returns how many."""
    taken = 0
    while await hub.take_turn():
        taken += 1
        assert taken < 1000, "a message is taken again and again"
    return taken


async def let_come_due(hub: Hub) -> None:
    """Every postponed message may be tried again now."""
    async with hub.service.engine.begin() as db:
        await db.execute(
            update(inbox_table).where(inbox_table.c.state == "received").values(due_at=inbox_table.c.received_at)
        )


async def impatient(service: Service) -> None:
    """As if everybody had waited long."""
    late = service.settings.model_copy(update={"notice_after_seconds": 0.0})
    await say_please_wait(Service(late, service.engine, service.seal, service.library, service.catalogues))
