"""Counts the cases in which something that a person of the office wrote was called unclear."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.figures.period import Period
from bot.cases.model import Role
from bot.storage.tables import case_entries, cases


@dataclass(frozen=True, slots=True)
class Clearness:
    """The cases of a language with a message of a person to the applicant, and those in which one was unclear."""

    written: int
    unclear: int


NOTHING_WRITTEN = Clearness(0, 0)


async def by_language(db: AsyncConnection, period: Period) -> dict[str, Clearness]:
    """By the case's language; what counts is when the person wrote."""
    said, called = case_entries.alias("said"), case_entries.alias("called")
    each = (
        select(cases.c.language, func.bool_or(called.c.id.is_not(None)).label("unclear"))
        .select_from(said)
        .join(cases, cases.c.id == said.c.case_id)
        .outerjoin(called, called.c.about_id == said.c.id)
        .where(
            said.c.kind == "message",
            said.c.author.in_([role.value for role in Role]),
            said.c.audience != [],
            said.c.at >= period.begin,
            said.c.at < period.end,
        )
        .group_by(cases.c.id)
        .cte("each")
    )
    rows = await db.execute(
        select(
            each.c.language, func.count().label("written"), func.count().filter(each.c.unclear).label("unclear")
        ).group_by(each.c.language)
    )
    return {row.language: Clearness(row.written, row.unclear) for row in rows}
