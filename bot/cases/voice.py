"""What a case says to its applicant: a person's words with their label, and the notices around them.

Owns how these utterances are made and that they go through the outbox. Words come from the catalogues.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.model import Role
from bot.i18n.catalogues import N_, Catalogues
from bot.i18n.phrases import LABELS, PHRASES
from bot.i18n.registry import Registry
from bot.model import Block, BlockKind, Button, Purpose, Utterance
from bot.post import outbox
from bot.storage.sealing import Seal
from bot.storage.tables import conversations

SIGNED = {
    Role.INTERPRETER: N_("An interpreter wrote this. {reference}"),
    Role.OFFICER: N_("An officer wrote this. {reference}"),
}
BACK_IN_QUEUE = N_("The person had to stop. Your request is in the queue again. Another person will write to you here.")


@dataclass(frozen=True, slots=True)
class Voice:
    """Puts utterances of a case into the outbox, in the applicant's language."""

    seal: Seal
    catalogues: Catalogues
    registry: Registry

    async def person(
        self, db: AsyncConnection, conversation_id: UUID, language: str, role: Role, text: str, reference: str
    ) -> int:
        """A person's own words, unchanged. Returns the outbox id."""
        signed = self.catalogues.say(language, SIGNED[role], reference=reference)
        blocks = (Block(BlockKind.PERSON, text), Block(BlockKind.NOTE, signed))
        return await self._put(db, conversation_id, language, blocks, Purpose.PERSON)

    async def back_in_queue(self, db: AsyncConnection, conversation_id: UUID, language: str) -> int:
        block = Block(BlockKind.PARAGRAPH, self.catalogues.say(language, BACK_IN_QUEUE))
        return await self._put(db, conversation_id, language, (block,), Purpose.NOTICE)

    async def finished(self, db: AsyncConnection, conversation_id: UUID, language: str) -> int:
        block = Block(BlockKind.PARAGRAPH, self.catalogues.say(language, PHRASES["handoff-closed"]))
        menu = Button(self.catalogues.say(language, LABELS["menu"]), key="menu")
        return await self._put(db, conversation_id, language, (block,), Purpose.NOTICE, (menu,))

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
