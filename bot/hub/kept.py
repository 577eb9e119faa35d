"""What a conversation keeps for some minutes: the question that is open, and the session of a confirmed person.

Sealed rows of `forms`, one of a kind for a conversation. While a question is open, what is typed belongs to it and
never reaches Rasa; a session alone takes no words. What the states mean belongs to those who keep them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.sealing import Seal
from bot.storage.tables import forms


class Kept(StrEnum):
    """What is kept."""

    CHECK = "check"
    SESSION = "session"
    CLOCK = "clock"
    LAST_DAY = "last-day"


QUESTIONS: Final = frozenset({Kept.CHECK, Kept.CLOCK})
"""Kinds that take what is typed. At most one of them is open in a conversation."""


def takes_words() -> ColumnElement[bool]:
    """Whether a row of `forms` is an open question."""
    return and_(forms.c.kind.in_(sorted(QUESTIONS)), forms.c.expires_at > func.now())


async def keep(
    db: AsyncConnection, seal: Seal, conversation_id: UUID, kind: Kept, state: Any, *, until: datetime
) -> None:
    """Keep `state` (JSON) until then, in the place of what was kept of this kind. A question replaces every other."""
    if kind in QUESTIONS:
        await _drop(db, conversation_id, QUESTIONS - {kind})
    values = {"sealed_state": seal.close(state), "expires_at": until}
    await db.execute(
        insert(forms)
        .values(conversation_id=conversation_id, kind=kind.value, **values)
        .on_conflict_do_update(index_elements=["conversation_id", "kind"], set_=values)
    )


async def find(db: AsyncConnection, seal: Seal, conversation_id: UUID, kind: Kept) -> Any | None:
    """What is kept of this kind; None when there is nothing, or its time is over."""
    sealed = await db.scalar(
        select(forms.c.sealed_state).where(
            forms.c.conversation_id == conversation_id, forms.c.kind == kind.value, forms.c.expires_at > func.now()
        )
    )
    return None if sealed is None else seal.open(sealed)


async def open_question(db: AsyncConnection, conversation_id: UUID) -> Kept | None:
    """Which question takes what is typed now."""
    found = await db.scalar(select(forms.c.kind).where(forms.c.conversation_id == conversation_id, takes_words()))
    return None if found is None else Kept(found)


async def drop_questions(db: AsyncConnection, conversation_id: UUID) -> None:
    """Close the open question; a session stays."""
    await _drop(db, conversation_id, QUESTIONS)


async def drop_everything(db: AsyncConnection, conversation_id: UUID) -> None:
    await _drop(db, conversation_id, frozenset(Kept))


async def _drop(db: AsyncConnection, conversation_id: UUID, kinds: frozenset[Kept]) -> None:
    await db.execute(delete(forms).where(forms.c.conversation_id == conversation_id, forms.c.kind.in_(sorted(kinds))))
