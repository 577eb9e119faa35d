"""An office with people and applicants, for tests of the cases and of the staff door."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from bot.bootstrap import Service
from bot.cases import signing_in, work
from bot.cases.model import Priority, Reason, Role, Staff
from bot.cases.opening import Opened, add_applicant_message, open_case
from bot.cases.signing_in import Next
from bot.cases.staff import add_staff, renew_password
from bot.cases.thread import Thread, thread
from bot.cases.voice import Voice
from bot.model import Block, BlockKind, Kind, Message, Utterance
from bot.post import inbox, outbox
from bot.storage.tables import case_entries, staff, staff_sessions, turns
from bot.storage.tables import inbox as inbox_table


@dataclass(frozen=True, slots=True)
class Office:
    """Makes people, applicants and cases on a service's database, through the same functions as the service."""

    service: Service

    @property
    def voice(self) -> Voice:
        return Voice(self.service.seal, self.service.catalogues, self.service.registry)

    async def person(self, name: str, *languages: str, role: Role = Role.INTERPRETER) -> Staff:
        """Somebody on the staff, who has not signed in."""
        async with self.service.engine.begin() as db:
            await add_staff(db, name, role, languages)
            staff_id = (await db.execute(select(staff.c.id).where(staff.c.name == name))).scalar_one()
        return Staff(staff_id, name, role, tuple(languages))

    async def console(self, person: Staff) -> str:
        """A password for the person, and with it an open session. Returns the session's token."""
        return await self.signs_in(person, await self.password(person))

    async def signs_in(self, person: Staff, password: str) -> str:
        """A new session with a password, for an account without a second factor. Returns the session's token."""
        step = await signing_in.with_password(
            self.service.engine, self.service.seal, person.name, password, "desk", required=False
        )
        assert step is not None
        assert step.next in (Next.DONE, Next.OFFER)
        return step.token

    async def password(self, person: Staff) -> str:
        async with self.service.engine.begin() as db:
            return await renew_password(db, person.name)

    async def writes(self, text: str, address: str = "7", *, kind: Kind = Kind.TEXT) -> UUID:
        """An applicant's message in the inbox. Returns the conversation."""
        message = Message("test", address, uuid4().hex, kind, text)
        async with self.service.engine.begin() as db:
            (receipt,) = await inbox.receive(db, self.service.seal, [message])
        return receipt.conversation_id

    async def answers(self, conversation_id: UUID, text: str, *, intent: str, confidence: float) -> None:
        """The bot's turn on the conversation's newest message."""
        async with self.service.engine.begin() as db:
            inbox_id = (
                await db.execute(
                    select(inbox_table.c.id)
                    .where(inbox_table.c.conversation_id == conversation_id)
                    .order_by(inbox_table.c.id.desc())
                    .limit(1)
                )
            ).scalar_one()
            said = Utterance("ar", "rtl", (Block(BlockKind.PARAGRAPH, text),))
            await outbox.put(db, self.service.seal, conversation_id, "test", [said], inbox_id)
            await inbox.close(db, inbox_id, "answered")
            await db.execute(
                turns.insert().values(
                    inbox_id=inbox_id,
                    conversation_id=conversation_id,
                    language="ar",
                    intent=intent,
                    confidence=confidence,
                    milliseconds=1,
                )
            )

    async def asks_for_person(
        self,
        address: str = "7",
        *,
        language: str = "ar",
        topic: str | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> Opened:
        """An applicant who asks for a person."""
        conversation_id = await self.writes("أريد التحدث مع شخص", address)
        async with self.service.engine.begin() as db:
            return await open_case(db, self.service.seal, conversation_id, language, topic, priority, Reason.ASKED)

    async def adds(self, case_id: UUID, text: str) -> bool:
        async with self.service.engine.begin() as db:
            return await add_applicant_message(db, self.service.seal, case_id, text)

    async def reads(self, case_id: UUID, reader: Staff) -> Thread:
        async with self.service.engine.connect() as db:
            return await thread(db, self.service.seal, case_id, reader)

    async def spoken(self, conversation_id: UUID) -> list[Utterance]:
        """What the applicant is told, in order."""
        async with self.service.engine.connect() as db:
            return [said for _, said in await outbox.since(db, self.service.seal, conversation_id, 0)]

    async def claimed_by(self, person: Staff, address: str = "7", *, language: str = "ar") -> UUID:
        """A case that the person has. Returns its id."""
        opened = await self.asks_for_person(address, language=language)
        async with self.service.engine.begin() as db:
            await work.claim(db, self.service.seal, opened.case_id, person)
        return opened.case_id

    async def let_entries_age(self, kind: str, by: timedelta) -> None:
        """Move the entries of this kind into the past."""
        async with self.service.engine.begin() as db:
            past = case_entries.c.at - by
            await db.execute(update(case_entries).where(case_entries.c.kind == kind).values(at=past))

    async def let_pass(self, person: Staff, column: str, minutes: float) -> None:
        """Move one clock of a person's sessions (`seen_at`, `acted_at`, `created_at`) into the past."""
        past = staff_sessions.c[column] - timedelta(minutes=minutes)
        async with self.service.engine.begin() as db:
            await db.execute(
                update(staff_sessions).where(staff_sessions.c.staff_id == person.id).values({column: past})
            )
