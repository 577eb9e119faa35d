"""Calls a person of the office: because somebody asked for one, or because danger was spoken of.

What the person says next is for them, or about the danger: no form may take it for a name or a number.
"""

from collections.abc import Mapping
from typing import Final

from bot.cases.model import Priority, Reason
from bot.cases.opening import Opened, open_case
from bot.cases.presence import anybody_for
from bot.content.facts import Level
from bot.hub import topic_talk
from bot.hub.state import TurnState
from bot.hub.topic_page import above_the_notes
from bot.model import Block, BlockKind, Utterance

_PRIORITIES: Final[Mapping[Level | None, Priority]] = {Level.H2: Priority.HIGH, Level.H3: Priority.URGENT}


async def because_asked(turn: TurnState) -> Utterance:
    """The person wants a person: from now on the bot is silent."""
    topic = topic_talk.focus_of(turn)
    level = turn.service.library.topics[topic].facts.level if topic else None
    opened = await _open(turn, topic, _PRIORITIES.get(level, Priority.NORMAL), Reason.ASKED, quiet=True)
    blocks = [
        _paragraph(turn, "handoff-opened" if opened.new else "handoff-already"),
        _paragraph(turn, "handoff-place", place=opened.place),
        *await _if_nobody_is_there(turn),
    ]
    return turn.words.utterance(blocks, keys=["handoff.open"])


async def because_of_danger(turn: TurnState, slug: str) -> Utterance:
    """Danger was spoken of: somebody of the office is asked to come, and the bot goes on answering until then."""
    page = topic_talk.page(turn, slug)
    opened = await _open(turn, slug, Priority.URGENT, Reason.SENSITIVE, quiet=False)
    turn.joined = opened.case_id
    if not opened.new:
        return page
    return above_the_notes(page, _paragraph(turn, "person-called"), *await _if_nobody_is_there(turn))


async def _open(turn: TurnState, topic: str | None, priority: Priority, reason: Reason, *, quiet: bool) -> Opened:
    await turn.check.drop(turn.db, turn.talk)
    return await open_case(
        turn.db,
        turn.service.seal,
        turn.talk.id,
        language=turn.words.language,
        topic=topic,
        priority=priority,
        reason=reason,
        quiet=quiet,
    )


async def _if_nobody_is_there(turn: TurnState) -> list[Block]:
    """What to do meanwhile, where nobody who speaks the language is signed in."""
    return [] if await anybody_for(turn.db, turn.words.language) else [_paragraph(turn, "handoff-nobody-now")]


def _paragraph(turn: TurnState, phrase: str, **values: object) -> Block:
    return Block(BlockKind.PARAGRAPH, turn.words.phrase(phrase, **values))
