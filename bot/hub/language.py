"""Which language to answer in: chosen by the person, else that of the message, else remembered, else a default.

A detected language is remembered but gives way to a later message that is surely in another; a chosen one never does.
"""

from bot.i18n.identify import guess_by_letters, identify
from bot.i18n.registry import Registry
from bot.model import Kind
from bot.post.conversations import Conversation

SURE_ENOUGH_TO_SWITCH = 0.85


def language_of(
    registry: Registry, conversation: Conversation, kind: Kind, text: str, argument: str, hint: str | None, default: str
) -> str:
    """The offered language for an answer to a message, judged by its words where it has any of the person's own."""
    words = {Kind.TEXT: text, Kind.UNREADABLE: argument}.get(kind, "")
    if words:
        return language_of_text(registry, conversation, words, hint, default)
    return language_without_text(registry, conversation, hint, default)


def language_of_text(registry: Registry, conversation: Conversation, text: str, hint: str | None, default: str) -> str:
    """The offered language for an answer to `text`."""
    if conversation.language_chosen and conversation.language and registry.is_offered(conversation.language):
        return conversation.language
    found = identify(text)
    if found.language and (conversation.language is None or found.confidence >= SURE_ENOUGH_TO_SWITCH):
        offered = _nearest(registry, found.language)
        if offered:
            return offered
    usual = language_without_text(registry, conversation, hint, default)
    guessed = guess_by_letters(text)
    if guessed and not _written_alike(registry, usual, guessed):
        return _nearest(registry, guessed) or usual
    return usual


def language_without_text(registry: Registry, conversation: Conversation, hint: str | None, default: str) -> str:
    """The offered language where there are no words to judge by: a button, a command, a sticker.

    `hint` is the language of the person's app, a BCP-47 tag. It is a guess: the chooser is always near.
    """
    if conversation.language and registry.is_offered(conversation.language):
        return conversation.language
    return (_nearest(registry, hint.partition("-")[0].lower()) if hint else None) or default


def _written_alike(registry: Registry, language: str, guessed: str) -> bool:
    """Whether both are written in one script, so that a short word may be either: an Afghan's "سلام" is not Arabic."""
    own = guess_by_letters(registry.get(language).name)
    return own is not None and registry.get(own).direction == registry.get(guessed).direction


def _nearest(registry: Registry, code: str) -> str | None:
    """`code` itself when it is offered, else the first language that its readers are likely to know."""
    if code not in registry.languages:
        return None
    if registry.is_offered(code):
        return code
    return next((c for c in registry.get(code).fallback if registry.is_offered(c)), None)
