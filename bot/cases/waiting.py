"""How somebody who asked for a person waits: the place in the queue, who is there, how long others have waited.

Only what is known is said. What it costs depends on the cases that are open, never on those that are stored.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Interval, Select, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.opening import open_case_of, place, silences_the_bot
from bot.cases.presence import anybody_for
from bot.storage.tables import case_entries, cases

LATELY: Final = timedelta(hours=3)
FEWEST: Final = 5
"""Fewer waits than this say nothing about the next one."""


@dataclass(frozen=True, slots=True)
class Wait:
    """`place` counts from 1; 0 means that a person has the case. `anybody`: somebody of the language is at a console.

    `usual` is how long the middle one of those waited who were taken lately, None where that would mislead.
    """

    place: int
    anybody: bool
    usual: timedelta | None


async def wait_of(db: AsyncConnection, conversation_id: UUID) -> Wait | None:
    """How the person waits; None where nobody was asked for."""
    case_id = await open_case_of(db, conversation_id)
    if case_id is None or not await silences_the_bot(db, case_id):
        return None
    spot = await place(db, case_id)
    language = (await db.execute(select(cases.c.language).where(cases.c.id == case_id))).scalar_one()
    anybody = await anybody_for(db, language)
    return Wait(spot, anybody, await _usual(db, language) if spot and anybody else None)


async def _usual(db: AsyncConnection, language: str) -> timedelta | None:
    """None after few waits, and when somebody waits longer by now: then the queue has become slower than it was."""
    row = (await db.execute(_waits(language))).one()
    if row.taken < FEWEST:
        return None
    oldest = select(func.min(cases.c.opened_at)).where(
        cases.c.closed_at.is_(None), cases.c.language == language, ~_was_claimed()
    )
    longest: timedelta | None = await db.scalar(select(func.now() - oldest.scalar_subquery()))
    usual: timedelta = row.usual
    return None if longest is not None and longest > usual else usual


def _waits(language: str) -> Select[int, timedelta]:
    """Of the cases that were opened and taken lately: how many, and the middle of their waits."""
    taken = (
        select((func.min(case_entries.c.at) - cases.c.opened_at).label("waited"))
        .join(cases, cases.c.id == case_entries.c.case_id)
        .where(
            case_entries.c.kind == "claimed",
            case_entries.c.at > func.now() - LATELY,
            cases.c.opened_at > func.now() - LATELY,
            cases.c.language == language,
        )
        .group_by(cases.c.id)
        .subquery()
    )
    middle = func.percentile_cont(0.5).within_group(taken.c.waited)
    return select(func.count().label("taken"), type_coerce(middle, Interval).label("usual")).select_from(taken)


def _was_claimed() -> ColumnElement[bool]:
    claimed = case_entries.c.kind == "claimed"
    return select(case_entries.c.id).where(case_entries.c.case_id == cases.c.id, claimed).exists()
