"""Something that was said is not clear: an answer is said in another way, a person of the office is told.

While a person has the conversation, the bot says no more than that they were told.
"""

from bot.cases.opening import say_unclear
from bot.content.aspects import ANSWER
from bot.hub.render import Renderer
from bot.hub.state import TurnState
from bot.keys import Key
from bot.model import Kind, Utterance
from bot.post import outbox


async def pressed(turn: TurnState) -> Key | None:
    """The key of the button below a person's message, where that was pressed."""
    if turn.waiting.kind is not Kind.CHOICE:
        return None
    meaning = await outbox.meaning(turn.db, turn.talk.id, turn.waiting.text)
    key = Key.parse(meaning) if meaning else None
    return key if key and key.name == "unclear.person" else None


async def tell_the_person(turn: TurnState, entry: str) -> Utterance:
    """Tell the person of the office which of their messages was not clear. Their case may be finished by now."""
    if entry.isdecimal() and await say_unclear(turn.db, turn.service.seal, turn.talk.id, int(entry)):
        return turn.words.say("unclear-told")
    return turn.words.remark("handoff-closed")


def ways_on(words: Renderer, slug: str) -> Utterance:
    """The same in one sentence, in Turkish to show to somebody, or a person."""
    buttons = [words.button("menu", "menu"), words.person()]
    if slug in words.library.topics:
        shorter, turkish = (
            words.button("shorter", f"topic:{slug}#{ANSWER}"),
            words.button("turkish", f"original:{slug}"),
        )
        buttons = [shorter, turkish, words.person()]
    return words.say("unclear-ways", buttons=buttons, key=f"unclear:{slug}")
