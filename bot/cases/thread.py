"""Reads one case: what was said with the bot before, and the case's entries since.

Owns who may read it (`Staff.may_read`). What the identity check showed a person never appears here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries, translations
from bot.cases.model import CaseNotFound, NotYours, Staff, reference
from bot.cases.queue import QueueItem, item
from bot.model import Kind, Purpose, Utterance
from bot.post import taking_back
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries, choices, inbox, outbox, staff, turns

BEFORE = 20
"""How many messages of the conversation with the bot are shown."""

_NOT_FOR_STAFF: Final = sorted(p.value for p in Purpose if p.is_covered or p in taking_back.PURPOSES)
"""What the person sees covered, or what leaves their chat again."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message from before the case. `text` is None once it has been erased.

    For a button `key` says what it means. `intent` and `confidence` (0 to 1) are what Rasa understood.
    """

    author: str
    at: datetime
    kind: Kind
    text: str | None
    language: str | None
    key: str | None = None
    intent: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the case. `delivery` is the outbox state of what was sent to the applicant.

    `unclear`: the applicant did not understand this message. An entry that says so has the message's `reference`.
    `translation`: of an applicant's words into the office's language, of a person's words what the applicant got.
    `giver_name` is the colleague from whom `staff_name` has the case, or who invited them.
    """

    id: int
    kind: str
    author: str
    staff_name: str | None
    internal: bool
    text: str
    at: datetime
    delivery: str | None
    reference: str | None
    unclear: bool = False
    translation: translations.Translation | None = None
    giver_name: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A case with all that may be read of it, oldest first."""

    case: QueueItem
    before: tuple[Said, ...]
    entries: tuple[Entry, ...]


async def thread(db: AsyncConnection, seal: Seal, case_id: UUID, reader: Staff) -> Thread:
    """Read a case. Whoever gave it to its holder may still explain it, and reads on until the holder has no more need.

    Raises CaseNotFound, or NotYours when a colleague has it or it is finished.
    """
    case = await item(db, case_id)
    if case is None or not (reader.may_take(case.language) or reader.id in (case.holder, case.came_from)):
        raise CaseNotFound("There is no such case for you. Go back to the queue.")
    if not (reader.may_read(case.language, case.state, case.holder) or reader.id == case.came_from):
        raise NotYours("A colleague has this case, or it is finished.")
    said = await _heard(db, seal, case) + await _answered(db, seal, case)
    before = sorted(said, key=lambda message: message.at)[-BEFORE:]
    return Thread(case, tuple(before), await _entries(db, seal, case))


async def _heard(db: AsyncConnection, seal: Seal, case: QueueItem) -> list[Said]:
    rows = (
        await db.execute(
            select(inbox, turns.c.language, turns.c.intent, turns.c.confidence)
            .outerjoin(turns, turns.c.inbox_id == inbox.c.id)
            .where(inbox.c.conversation_id == case.conversation_id, inbox.c.received_at <= case.opened_at)
            .order_by(inbox.c.id.desc())
            .limit(BEFORE)
        )
    ).all()
    texts = {row.id: seal.open(row.sealed_payload)["text"] for row in rows if row.sealed_payload is not None}
    # All of them: what a person sent as a button's token may be anything, and is compared here instead of in SQL.
    keys = await _meanings(db, case.conversation_id)
    return [
        Said(
            author="applicant",
            at=row.received_at,
            kind=Kind(row.kind),
            text=texts.get(row.id),
            language=row.language,
            key=keys.get(texts.get(row.id, "")) if row.kind == "choice" else None,
            intent=row.intent,
            confidence=row.confidence,
        )
        for row in rows
    ]


async def _meanings(db: AsyncConnection, conversation_id: UUID) -> dict[str, str]:
    rows = await db.execute(select(choices.c.token, choices.c.key).where(choices.c.conversation_id == conversation_id))
    return {row.token: row.key for row in rows}


async def _answered(db: AsyncConnection, seal: Seal, case: QueueItem) -> list[Said]:
    rows = await db.execute(
        select(outbox.c.purpose, outbox.c.queued_at, outbox.c.sealed_payload)
        .where(
            outbox.c.conversation_id == case.conversation_id,
            outbox.c.queued_at <= case.opened_at,
            outbox.c.purpose.not_in(_NOT_FOR_STAFF),
        )
        .order_by(outbox.c.id.desc())
        .limit(BEFORE)
    )
    said = []
    for row in reversed(rows.all()):
        utterance = Utterance.from_json(seal.open(row.sealed_payload))
        author = "interpreter" if utterance.purpose is Purpose.PERSON else "bot"
        said.append(Said(author, row.queued_at, Kind.TEXT, utterance.plain_text(), utterance.language))
    return said


async def _entries(db: AsyncConnection, seal: Seal, case: QueueItem) -> tuple[Entry, ...]:
    givers = staff.alias("givers")
    rows = (
        await db.execute(
            select(case_entries, staff.c.name, givers.c.name.label("giver_name"), outbox.c.state)
            .outerjoin(staff, staff.c.id == case_entries.c.staff_id)
            .outerjoin(givers, givers.c.id == case_entries.c.from_id)
            .outerjoin(outbox, outbox.c.id == case_entries.c.outbox_id)
            .where(case_entries.c.case_id == case.case_id)
            .order_by(case_entries.c.id)
        )
    ).all()
    unclear = {row.about_id for row in rows if row.about_id is not None}
    ordinal = await entries.ordinal(db, case.conversation_id, case.opened_at)
    translated = await translations.of_case(db, seal, case.case_id)
    found = []
    references: dict[int, str] = {}
    for row in rows:
        if row.kind == "message" and row.author != "applicant" and row.audience:
            references[row.id] = reference(ordinal, len(references) + 1)
        found.append(
            Entry(
                id=row.id,
                kind=row.kind,
                author=row.author,
                staff_name=row.name,
                internal=not row.audience,
                text="" if row.sealed_text is None else seal.open(row.sealed_text),
                at=row.at,
                delivery=row.state,
                reference=references.get(row.about_id or row.id),
                unclear=row.id in unclear,
                translation=translated.get(row.id),
                giver_name=row.giver_name,
            )
        )
    return tuple(found)
