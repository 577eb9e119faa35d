"""What a person has agreed to, separately from everything else: what, in which words, in which language, since when.

Nothing else is ever refused for want of a consent, and nothing is said on account of one that was withdrawn.
"""

from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.post.conversations import Conversation
from bot.storage.tables import consents


def version(*asked: str) -> str:
    """Names the words of a question for consent, by their English message ids: other words are another version."""
    return sha256("\n".join(asked).encode()).hexdigest()[:12]


async def give(db: AsyncConnection, talk: Conversation, what: str, version: str, language: str) -> None:
    """Note a consent as it was asked for. Giving it again changes nothing."""
    await db.execute(
        insert(consents)
        .values(conversation_id=talk.id, what=what, version=version, language=language, channel=talk.channel)
        .on_conflict_do_nothing(
            index_elements=["conversation_id", "what"], index_where=consents.c.withdrawn_at.is_(None)
        )
    )


async def withdraw(db: AsyncConnection, conversation_id: UUID) -> None:
    """Take back all consents of a conversation."""
    await db.execute(
        update(consents)
        .where(consents.c.conversation_id == conversation_id, consents.c.withdrawn_at.is_(None))
        .values(withdrawn_at=func.now())
    )
