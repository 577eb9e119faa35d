"""Translations of a case's entries: which are missing, and keeping one that was made.

The words themselves are never replaced: a translation stands beside them with its provenance. It is kept sealed like
them and erased with them, so that no text is translated twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.model import BELL
from bot.storage.database import ring
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries, cases, translations

OFFICE_LANGUAGE: Final = "tr"
"""What the staff reads, and what an officer writes."""

MACHINE: Final = "machine"


@dataclass(frozen=True, slots=True)
class Translation:
    """An entry in another language. `text` is None where none could be made."""

    language: str
    provenance: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """An applicant's message that the office has no translation of. `language` is that of the case."""

    entry_id: int
    case_id: UUID
    language: str
    text: str


async def next_missing(db: AsyncConnection, seal: Seal, languages: Collection[str]) -> Missing | None:
    """The oldest message of an applicant in an open case of these languages that was not translated or tried yet."""
    kept = exists().where(translations.c.entry_id == case_entries.c.id, translations.c.language == OFFICE_LANGUAGE)
    row = (
        await db.execute(
            select(case_entries.c.id, case_entries.c.case_id, case_entries.c.sealed_text, cases.c.language)
            .join(cases, and_(cases.c.id == case_entries.c.case_id, cases.c.closed_at.is_(None)))
            .where(
                cases.c.language.in_(list(languages)),
                case_entries.c.kind == "message",
                case_entries.c.author == "applicant",
                case_entries.c.sealed_text.is_not(None),
                ~kept,
            )
            .order_by(case_entries.c.id)
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else Missing(row.id, row.case_id, row.language, seal.open(row.sealed_text))


async def keep(db: AsyncConnection, seal: Seal, entry_id: int, case_id: UUID, language: str, text: str | None) -> None:
    """Put a machine's translation, or that there is none, beside an entry, and ring. The first one stays."""
    await db.execute(
        insert(translations)
        .values(
            entry_id=entry_id,
            language=language,
            provenance=MACHINE,
            sealed_text=None if text is None else seal.close(text),
        )
        .on_conflict_do_nothing()
    )
    await ring(db, BELL, str(case_id))


async def of_case(db: AsyncConnection, seal: Seal, case_id: UUID) -> dict[int, Translation]:
    """A case's translations by entry: of an applicant's words for the office, of the office's for the applicant."""
    rows = await db.execute(
        select(translations)
        .join(case_entries, case_entries.c.id == translations.c.entry_id)
        .where(case_entries.c.case_id == case_id)
    )
    return {
        row.entry_id: Translation(
            row.language, row.provenance, None if row.sealed_text is None else seal.open(row.sealed_text)
        )
        for row in rows
    }
