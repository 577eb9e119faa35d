"""An office on the fresh database of each test, with conversations and cases planted at moments of the past."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from bot.bootstrap import Service
from bot.storage.tables import case_entries, cases, conversations, inbox, turns

DOUBT = "nlu_fallback"


@dataclass(frozen=True, slots=True)
class Past:
    """Writes rows as the service leaves them behind, with the time that a test wants."""

    service: Service

    async def talk(
        self,
        at: datetime,
        *turns_of: tuple[str, list[str]],
        channel: str = "telegram",
        likeliest: str | None = None,
    ) -> UUID:
        """A conversation with a message and a turn (language, keys) each. Returns its id."""
        conversation_id = uuid4()
        async with self.service.engine.begin() as db:
            await db.execute(
                insert(conversations).values(
                    id=conversation_id,
                    channel=channel,
                    address_hash=conversation_id.bytes,
                    sealed_address=b"",
                    created_at=at,
                    last_at=at,
                )
            )
            for language, keys in turns_of:
                inbox_id = await db.scalar(
                    insert(inbox)
                    .values(
                        conversation_id=conversation_id,
                        channel=channel,
                        channel_message_id=uuid4().hex,
                        kind="text",
                        state="answered",
                        received_at=at,
                    )
                    .returning(inbox.c.id)
                )
                await db.execute(
                    insert(turns).values(
                        inbox_id=inbox_id,
                        conversation_id=conversation_id,
                        language=language,
                        intent=DOUBT if likeliest else "topic",
                        ranking=[[likeliest, 0.2], ["education", 0.1]] if likeliest else [],
                        keys=keys,
                        milliseconds=1,
                        at=at,
                    )
                )
        return conversation_id

    async def talks(self, number: int, at: datetime, *turns_of: tuple[str, list[str]], **kw: Any) -> list[UUID]:
        return [await self.talk(at, *turns_of, **kw) for _ in range(number)]

    async def case(
        self,
        conversation_id: UUID,
        opened: datetime,
        *,
        language: str = "ar",
        taken_after: timedelta | None = None,
        closed_after: timedelta | None = None,
        unclear: bool | None = None,
    ) -> UUID:
        """A case. `unclear`: what a person wrote in it was so, or was not; None: nobody wrote."""
        case_id = uuid4()
        async with self.service.engine.begin() as db:
            closed = None if closed_after is None else opened + closed_after
            await db.execute(
                insert(cases).values(
                    id=case_id,
                    conversation_id=conversation_id,
                    language=language,
                    opened_at=opened,
                    closed_at=closed,
                )
            )

            async def entry(kind: str, author: str, at: datetime, about: int | None = None) -> int | None:
                said = kind == "message"
                entry_id: int | None = await db.scalar(
                    insert(case_entries)
                    .values(
                        case_id=case_id,
                        kind=kind,
                        author=author,
                        audience=["applicant", "staff"] if said else ["staff"],
                        at=at,
                        about_id=about,
                    )
                    .returning(case_entries.c.id)
                )
                return entry_id

            await entry("opened", "system", opened)
            if taken_after is not None:
                await entry("claimed", "interpreter", opened + taken_after)
                # Given back and taken again: the first one counts.
                await entry("returned", "interpreter", opened + 2 * taken_after)
                await entry("claimed", "interpreter", opened + 3 * taken_after)
            if unclear is not None:
                message = await entry("message", "interpreter", opened)
                await entry("message", "interpreter", opened)
                if unclear:
                    await entry("unclear", "applicant", opened, message)
            if closed is not None:
                await entry("closed", "interpreter", closed)
        return case_id


@pytest.fixture
def past(service: Service) -> Past:
    return Past(service)
