"""What a case says to its applicant: a person's words with their label, and the notices around them.

Owns how these utterances are made and that they go through the outbox. Words come from the catalogues.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.model import Role
from bot.i18n.bidi import isolate
from bot.i18n.catalogues import N_, Catalogues
from bot.i18n.phrases import LABELS, PHRASES
from bot.i18n.registry import Registry
from bot.keys import Key
from bot.model import Block, BlockKind, Button, Purpose, Utterance
from bot.post import outbox
from bot.storage.sealing import Seal
from bot.storage.tables import conversations

SIGNED = {
    Role.INTERPRETER: N_("An interpreter wrote this. {reference}"),
    Role.OFFICER: N_("An officer wrote this. {reference}"),
    # To the applicant a supervisor is an officer: the office's inner order helps nobody.
    Role.SUPERVISOR: N_("An officer wrote this. {reference}"),
}
BY_MACHINE = N_("A machine translated this message. It may have mistakes. The person wrote this in Turkish:")
BACK_IN_QUEUE = N_("The person had to stop. Your request is in the queue again. Another person will write to you here.")
ANOTHER_PERSON = N_("Another person of the office goes on with your request. They will write to you here.")
OPEN_AGAIN = N_("Your request is open again. A person of the office will write to you here.")


@dataclass(frozen=True, slots=True)
class Voice:
    """Puts utterances of a case into the outbox, in the applicant's language."""

    seal: Seal
    catalogues: Catalogues
    registry: Registry

    async def person(
        self,
        db: AsyncConnection,
        conversation_id: UUID,
        language: str,
        role: Role,
        text: str,
        *,
        reference: str,
        entry_id: int,
        original: str = "",
    ) -> int:
        """A person's words, unchanged, and below them the way to say that they are not clear. Returns the outbox id.

        `original`: what the person wrote, where `text` is a machine's translation of it.
        """
        direction = self.registry.get(language).direction
        signed = isolate(self.catalogues.say(language, SIGNED[role], reference=reference), direction)
        blocks = [Block(BlockKind.PERSON, text)]
        if original:
            blocks += [
                Block(BlockKind.NOTE, self.catalogues.say(language, BY_MACHINE)),
                Block(BlockKind.PERSON, original),
            ]
        blocks.append(Block(BlockKind.NOTE, signed))
        unclear = Button(
            self.catalogues.say(language, LABELS["unclear"]), key=str(Key("unclear.person", str(entry_id)))
        )
        return await self._put(db, conversation_id, language, tuple(blocks), Purpose.PERSON, (unclear,))

    async def back_in_queue(self, db: AsyncConnection, conversation_id: UUID, language: str) -> int:
        return await self._notice(db, conversation_id, language, BACK_IN_QUEUE)

    async def another_person(self, db: AsyncConnection, conversation_id: UUID, language: str) -> int:
        return await self._notice(db, conversation_id, language, ANOTHER_PERSON)

    async def open_again(self, db: AsyncConnection, conversation_id: UUID, language: str) -> int:
        return await self._notice(db, conversation_id, language, OPEN_AGAIN)

    async def finished(self, db: AsyncConnection, conversation_id: UUID, language: str) -> int:
        block = Block(BlockKind.PARAGRAPH, self.catalogues.say(language, PHRASES["handoff-closed"]))
        menu = Button(self.catalogues.say(language, LABELS["menu"]), key="menu")
        return await self._put(db, conversation_id, language, (block,), Purpose.NOTICE, (menu,))

    async def _notice(self, db: AsyncConnection, conversation_id: UUID, language: str, msgid: str) -> int:
        block = Block(BlockKind.PARAGRAPH, self.catalogues.say(language, msgid))
        return await self._put(db, conversation_id, language, (block,), Purpose.NOTICE)

    async def _put(
        self,
        db: AsyncConnection,
        conversation_id: UUID,
        language: str,
        blocks: tuple[Block, ...],
        purpose: Purpose,
        buttons: tuple[Button, ...] = (),
    ) -> int:
        utterance = Utterance(language, self.registry.get(language).direction, blocks, buttons, purpose)
        channel = (
            await db.execute(select(conversations.c.channel).where(conversations.c.id == conversation_id))
        ).scalar_one()
        (outbox_id,) = await outbox.put(db, self.seal, conversation_id, channel, [utterance])
        return outbox_id
