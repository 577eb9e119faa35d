"""While a question of ours is open, what is typed belongs to it.

It may be a name, a number or a date: it never reaches Rasa, says nothing about the language, and is erased by the turn
that answers it. What the answers mean belongs to the check and to the clock.
"""

from bot.hub import kept
from bot.hub.clock import ClockTalk
from bot.hub.kept import Kept
from bot.hub.language import language_without_text
from bot.hub.render import Renderer, renderer
from bot.hub.state import TYPED, Ending, TurnState
from bot.model import Kind, Utterance


async def answer(turn: TurnState) -> Ending | None:
    """What follows from the person's words; None when no question takes them."""
    question = await _open(turn)
    if question is None:
        return None
    default = turn.service.settings.default_language
    language = language_without_text(turn.service.registry, turn.talk, turn.waiting.language_hint, default)
    words = renderer(turn.service, turn.talk.channel, language)
    said = await (_to_the_clock if question is Kept.CLOCK else _to_the_check)(turn, words)
    if said is None:
        return None
    turn.words = words
    # A date alone says nothing about anybody: only what a check took leaves the chat too.
    return Ending(said, keep_text=False, take_back=question is Kept.CHECK)


async def is_of_a_check(turn: TurnState) -> bool:
    """Whether a check takes the message."""
    return await _open(turn) is Kept.CHECK


async def _open(turn: TurnState) -> Kept | None:
    return await kept.open_question(turn.db, turn.talk.id) if turn.waiting.kind in TYPED else None


async def _to_the_clock(turn: TurnState, words: Renderer) -> list[Utterance] | None:
    """A clock takes dates only: everything else goes where it always goes."""
    if turn.waiting.kind is not Kind.TEXT:
        return None
    clock = ClockTalk(turn.service, turn.reminders, turn.db, turn.talk, words)
    told = await clock.typed(turn.waiting.text)
    return None if told is None else [told]


async def _to_the_check(turn: TurnState, words: Renderer) -> list[Utterance]:
    if turn.waiting.kind is Kind.TEXT:
        return await turn.check.continue_with(turn.db, turn.talk, words, turn.waiting.text) or []
    phrase = "edited" if turn.waiting.kind is Kind.EDIT else "unreadable"
    return [words.say(phrase, buttons=[words.button("cancel", "form.cancel"), words.person()])]
