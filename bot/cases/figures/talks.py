"""Counts conversations: by channel, language and topic, and where Rehber was not sure. The numbers are still exact.

A conversation is counted where it has a message or a turn in the period. Reads keys, intents and times, never words.
No index leads from a time to a message: what is read is what is kept, and a conversation without a case is not kept
longer than the longest period that is counted of it.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    String,
    TableValuedAlias,
    and_,
    distinct,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.figures.period import Period
from bot.storage.tables import cases, conversations, inbox, turns

ANSWERS: Final = (
    "topic",
    "danger",
    "aspect",
    "simpler",
    "in-turkish",
    "original",
    "leaflet",
    "paper",
    "check",
    "calendar",
    "clock",
)
"""The keys with which the bot answers a question: a text, a check, a calendar. A greeting or a menu is no answer."""

OUT_OF_SCOPE: Final = "out-of-scope"
NOTHING: Final = "nothing"
"""The names of questions without a topic: about something else, and like none of the topics."""

_DOUBT: Final = "topics"
_NOTHING_FITS: Final = "say:not-understood-again"
_OUT_OF_SCOPE: Final = f"say:{OUT_OF_SCOPE}"


@dataclass(frozen=True, slots=True)
class Talks:
    """The conversations of a language: all, those with an answer of the bot, of these those in which no person was
    asked for, and those in which an answer was called unclear."""

    all: int
    answered: int
    alone: int
    unclear: int


NO_TALKS: Final = Talks(0, 0, 0, 0)


async def by_channel(db: AsyncConnection, period: Period) -> dict[str, int]:
    """Conversations with a message of the applicant, by the channel they are on now."""
    wrote = select(inbox.c.conversation_id).where(inbox.c.received_at >= period.begin, inbox.c.received_at < period.end)
    rows = await db.execute(
        select(conversations.c.channel, func.count().label("number"))
        .where(conversations.c.id.in_(wrote))
        .group_by(conversations.c.channel)
    )
    return {row.channel: row.number for row in rows}


async def by_language(db: AsyncConnection, period: Period) -> dict[str, Talks]:
    """Conversations by the language that the bot spoke; one in two languages counts in both."""
    talks = _talks(period)
    case = select(cases.c.id).where(
        cases.c.conversation_id == talks.c.conversation_id,
        cases.c.opened_at < period.end,
        or_(cases.c.closed_at.is_(None), cases.c.closed_at >= period.begin),
    )
    number = func.count()
    rows = await db.execute(
        select(
            talks.c.language,
            number.label("all"),
            number.filter(talks.c.answered).label("answered"),
            number.filter(talks.c.answered, ~case.exists()).label("alone"),
            number.filter(talks.c.answered, talks.c.unclear).label("unclear"),
        ).group_by(talks.c.language)
    )
    return {row.language: Talks(row.all, row.answered, row.alone, row.unclear) for row in rows}


async def by_topic(db: AsyncConnection, period: Period) -> dict[str, int]:
    """Conversations in which the text of a topic was shown, by its slug."""
    key = _keys()
    slug = func.split_part(func.split_part(key.c.value, ":", 2), "#", 1)
    return await _by_name(db, period, key, slug, _name(key).in_(["topic", "danger"]))


async def in_doubt(db: AsyncConnection, period: Period) -> dict[str, int]:
    """Conversations with a question that got no answer, by the intent that was likeliest.

    `OUT_OF_SCOPE` and `NOTHING` are those about something else and those that were like nothing.
    """
    key = _keys()
    likeliest = func.coalesce(turns.c.ranking[0][0].astext, NOTHING)
    about = sql_case(
        (key.c.value == _OUT_OF_SCOPE, literal(OUT_OF_SCOPE)),
        (key.c.value == _NOTHING_FITS, literal(NOTHING)),
        else_=likeliest,
    )
    doubt = or_(_name(key) == _DOUBT, key.c.value.in_([_OUT_OF_SCOPE, _NOTHING_FITS]))
    return await _by_name(db, period, key, about, doubt)


async def _by_name(
    db: AsyncConnection,
    period: Period,
    key: TableValuedAlias,
    name: ColumnElement[str],
    which: ColumnElement[bool],
) -> dict[str, int]:
    rows = await db.execute(
        select(name.label("name"), func.count(distinct(turns.c.conversation_id)).label("number"))
        .select_from(turns.join(key, true()))
        .where(_in(period), which)
        .group_by("name")
    )
    return {row.name: row.number for row in rows}


def _talks(period: Period) -> CTE:
    """A row for each language of each conversation."""
    key = _keys()
    return (
        select(
            turns.c.conversation_id,
            turns.c.language,
            func.coalesce(func.bool_or(_name(key).in_(ANSWERS)), false()).label("answered"),
            func.coalesce(func.bool_or(_name(key) == "unclear"), false()).label("unclear"),
        )
        .select_from(turns.outerjoin(key, true()))
        .where(_in(period))
        .group_by(turns.c.conversation_id, turns.c.language)
        .cte("talks")
    )


def _keys() -> TableValuedAlias:
    return func.jsonb_array_elements_text(turns.c["keys"]).table_valued("value", name="key")


def _name(key: TableValuedAlias) -> ColumnElement[str]:
    return func.split_part(key.c.value, ":", 1, type_=String)


def _in(period: Period) -> ColumnElement[bool]:
    return and_(turns.c.at >= period.begin, turns.c.at < period.end)
