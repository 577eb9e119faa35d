"""A person goes on here with what they began at the kiosk: `/start c_<code>`, the code of the screen's QR.

The conversation, its open case and the place in the queue become those of this chat, all in the turn's transaction. A
code that is used, too old or unknown is told to be so, in one way. That Telegram stores chats abroad stood beside it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.cases import moving
from bot.cases.opening import open_case_of, place, silences_the_bot
from bot.hub import visits
from bot.hub.deep_link import CODE
from bot.hub.render import renderer
from bot.hub.state import Ending, TurnState
from bot.model import Button, Kind, Utterance
from bot.post import continuations, conversations, inbox
from bot.post.handing_on import hand_on

_START: Final = "start"


def code_of(turn: TurnState) -> str | None:
    """The code that the message brings, where the chat is one that a person can be written to."""
    waiting = turn.waiting
    is_start = waiting.kind is Kind.COMMAND and waiting.text == _START
    if not is_start or not waiting.argument.startswith(CODE) or not turn.words.capabilities.writes_first:
        return None
    return waiting.argument.removeprefix(CODE)


async def arrive(turn: TurnState, code: str) -> Ending:
    """Take over what the code leads to, and say how things stand. Nothing of the code is kept."""
    seal = turn.service.seal
    found = await continuations.find(turn.db, seal, code)
    if found is None:
        return await _over(turn)
    if found.used:
        # Telegram's own button is touched twice as easily as ours.
        return await (_arrived(turn) if found.conversation_id == turn.talk.id else _over(turn))
    # In this order, as everybody: the turn, the visit, the cases, the conversation.
    await inbox.hold_turn(turn.db, found.conversation_id)
    await visits.leave_for_another_place(turn.db, found.conversation_id)
    await moving.hold_open(turn.db, found.conversation_id, turn.talk.id)
    left = await conversations.shut(turn.db, seal, found.conversation_id)
    if left is None or not await continuations.use(turn.db, seal, code, left, turn.talk.id):
        return await _over(turn)
    language = left.language or turn.words.language
    turn.words = renderer(turn.service, turn.talk.channel, language)
    await moving.move(turn.db, seal, left.id, turn.talk.id, turn.talk.channel)
    await hand_on(turn.db, seal, left, turn.talk, turn.words.fitted)
    turn.talk = replace(
        turn.talk,
        language=language,
        language_chosen=True,
        focus=left.focus or turn.talk.focus,
        paper=left.paper or turn.talk.paper,
    )
    return await _arrived(turn)


async def _arrived(turn: TurnState) -> Ending:
    return Ending([await _said(turn, ["moved-here"], ["privacy-telegram"])], keep_text=False)


async def _over(turn: TurnState) -> Ending:
    return Ending([await _said(turn, ["code-over"], [])], keep_text=False)


async def _said(turn: TurnState, first: Sequence[str], last: Sequence[str]) -> Utterance:
    """These phrases around how the wait for a person stands; the menu where the bot answers."""
    words = turn.words
    case_id = await open_case_of(turn.db, turn.talk.id)
    if case_id is None or not await silences_the_bot(turn.db, case_id):
        buttons: list[Button] = [words.button("menu", "menu"), words.person(), words.button("languages", "languages")]
        return words.say(*first, *last, buttons=buttons)
    spot = await place(turn.db, case_id)
    wait = ["handoff-already", *(["handoff-place"] if spot else [])]
    return words.say(*first, *wait, *last, place=spot)
