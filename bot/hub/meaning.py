"""What a message means, as keys: a button and a command say it themselves, words are understood by the assistant.

Says nothing and changes nothing. What Rasa makes of words is read here in the light of the conversation.
"""

from dataclasses import replace
from typing import Final

from bot.assistant import Assistant, Reply
from bot.content.facts import Level
from bot.hub import paper
from bot.hub.deep_link import DeepLink
from bot.hub.shield import instead_of_doubt
from bot.hub.state import TYPED, TurnState
from bot.keys import Key
from bot.model import Kind
from bot.post import outbox
from bot.storage import tracker

STOP: Final = Key("remind.stop")
_COMMANDS: Final = {
    "language": Key("languages"),
    "help": Key("say", "help"),
    "status": Key("status"),
    "human": Key("handoff.open"),
    "forget": Key("forget"),
    "stop": STOP,
    "menu": Key("menu"),
}


async def understand(assistant: Assistant, turn: TurnState) -> Reply:
    """What the message says, before the conversation is looked at. Raises AssistantAway, AssistantFailed."""
    waiting = turn.waiting
    match waiting.kind:
        case Kind.TEXT:
            return await assistant.ask(_sender(turn), waiting.text)
        case Kind.CHOICE:
            meaning = await outbox.meaning(turn.db, turn.talk.id, waiting.text)
            return Reply((Key.parse(meaning or "say:button-expired"),), None)
        case Kind.COMMAND if waiting.text == "start":
            return Reply((Key("start", str(DeepLink.read(waiting.argument, turn.service.library))),), None)
        case Kind.COMMAND:
            return Reply((_COMMANDS.get(waiting.text, Key("say", "help")),), None)
        case Kind.EDIT:
            return Reply((Key("say", "edited"),), None)
        case Kind.UNREADABLE if waiting.argument:
            # A picture with words below it: the words are a question like any other.
            reply = await assistant.ask(_sender(turn), waiting.argument)
            return replace(reply, keys=(Key("say", "picture-unseen"), *reply.keys))
        case Kind.UNREADABLE:
            return Reply((Key("say", "unreadable"),), None)


def meant(turn: TurnState, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """What to do about words that a person wrote; a button means what it says."""
    waiting = turn.waiting
    if waiting.kind in TYPED:
        keys = tuple(_danger_first(turn, key) for key in keys)
    if waiting.kind is Kind.TEXT:
        keys = paper.as_an_answer(turn.talk, keys, waiting.text)
    return instead_of_doubt(waiting.own_words, keys)


async def stops_reminders(turn: TurnState) -> bool:
    """Whether the message is the button or the command that stops reminders."""
    waiting = turn.waiting
    if waiting.kind is Kind.CHOICE:
        return await outbox.meaning(turn.db, waiting.conversation_id, waiting.text) == str(STOP)
    return waiting.kind is Kind.COMMAND and _COMMANDS.get(waiting.text) == STOP


async def as_words(turn: TurnState) -> str:
    """What the interpreter reads of a message, also of one that is not plain text."""
    waiting = turn.waiting
    match waiting.kind:
        case Kind.TEXT | Kind.EDIT:
            return waiting.text
        case Kind.COMMAND:
            return f"/{waiting.text}"
        case Kind.CHOICE:
            return f"[{await outbox.meaning(turn.db, waiting.conversation_id, waiting.text) or waiting.kind.value}]"
        case Kind.UNREADABLE:
            return f"[{waiting.text}] {waiting.argument}".rstrip()


def _danger_first(turn: TurnState, key: Key) -> Key:
    topics = turn.service.library.topics
    danger = key.name == "topic" and key.argument in topics and topics[key.argument].facts.level is Level.H3
    return Key("danger", key.argument) if danger else key


def _sender(turn: TurnState) -> str:
    # A question that failed may still be running in Rasa, under the conversation's lock: it is asked again beside it.
    return tracker.sender(turn.talk.id, turn.waiting.inbox_id if turn.waiting.attempts else None)
