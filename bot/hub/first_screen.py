"""The first screen: who speaks here, in which language, and what a deep link leads to."""

from dataclasses import replace

from bot.hub import topic_talk
from bot.hub.deep_link import DeepLink
from bot.hub.state import TurnState
from bot.model import Block, BlockKind, Utterance


def start(turn: TurnState, payload: str) -> Utterance:
    """The first screen, or what a deep link leads to."""
    link = DeepLink.read(payload, turn.service.library)
    if link.language:
        _use(turn, link.language)
    if link.topic:
        return topic_talk.page(turn, link.topic)
    if turn.talk.language_chosen:
        return _welcome(turn)
    return turn.words.chooser(*_introduction(turn))


def speak(turn: TurnState, code: str) -> Utterance:
    """Speak this language from now on."""
    if not turn.service.registry.is_offered(code):
        return turn.words.chooser()
    _use(turn, code)
    return _welcome(turn)


def _use(turn: TurnState, code: str) -> None:
    turn.words = replace(turn.words, language=code)
    turn.talk = replace(turn.talk, language=code, language_chosen=True)


def _welcome(turn: TurnState) -> Utterance:
    menu = turn.words.menu()
    return replace(menu, blocks=(*_introduction(turn), *menu.blocks))


def _introduction(turn: TurnState) -> list[Block]:
    names = ["greeting", "privacy", *(["privacy-telegram"] if turn.words.capabilities.stored_abroad else [])]
    return [Block(BlockKind.PARAGRAPH, turn.words.phrase(name)) for name in names]
