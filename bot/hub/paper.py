"""Asks once which paper a person has, and remembers the answer for the conversation.

The rules differ by legal status, and people know their paper, not their status. The answer is what they said, not what
is true: it chooses which sentences are shown, and nothing else.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.content import Section
from bot.content.papers import PAPERS, papers_for
from bot.hub.render import Renderer
from bot.hub.topic_page import above_the_notes
from bot.keys import Key
from bot.model import Block, BlockKind, Button, Utterance
from bot.post.conversations import ASKED, UNKNOWN, Conversation

MOST_WORDS_OF_AN_ANSWER: Final = 6
"""A longer text that names a paper is a question of its own, and not only the answer to ours."""
_NEVER_ONLY_AN_ANSWER: Final = frozenset({"danger", "handoff.open"})
_SAY_SOMETHING_OF_THE_PERSON: Final = frozenset({"paper", "holds", "clock.day"})


def known(talk: Conversation) -> str | None:
    """The paper the person said to have."""
    return talk.paper if talk.paper in PAPERS else None


def said(talk: Conversation, paper: str) -> Conversation:
    """The conversation after the person named a paper; anything but a paper means that they do not know."""
    return replace(talk, paper=paper if paper in PAPERS else UNKNOWN)


def at_the_next_turn(talk: Conversation, *, again: bool) -> Conversation:
    """A question that was not answered is not asked again, unless its page is said `again`."""
    return replace(talk, paper=None if again else UNKNOWN) if talk.paper == ASKED else talk


def as_an_answer(talk: Conversation, keys: tuple[Key, ...], text: str) -> tuple[Key, ...]:
    """What was understood, taken as the answer to our question where it is one: "temporary protection card".

    Words of danger, or for a person, are never only that.
    """
    if talk.paper != ASKED or len(text.split()) > MOST_WORDS_OF_AN_ANSWER:
        return keys
    if any(key.name in _NEVER_ONLY_AN_ANSWER for key in keys):
        return keys
    named = next((key for key in keys if key.name == "holds"), None)
    return (Key("paper", named.argument),) if named else keys


def on_record(key: Key) -> str:
    """The key as a turn may keep it in plain: which paper the person named, or which day, is nobody else's business."""
    return key.name if key.name in _SAY_SOMETHING_OF_THE_PERSON else str(key)


def with_the_question(
    words: Renderer, talk: Conversation, slug: str, page: Utterance
) -> tuple[Utterance, Conversation]:
    """The page, and below it the question where the rules differ and it was never asked."""
    topic = words.library.topic(slug)
    papers = papers_for(topic.text(words.language))
    if talk.paper is not None or not papers or topic.withheld(words.today):
        return page, talk
    sections = {f"topic:{slug}#{section.ids[0]}" for section in _sections(words, slug)}
    rest = [button for button in page.buttons if button.key not in sections]
    question = Block(BlockKind.PARAGRAPH, words.phrase("which-paper"))
    asking = replace(above_the_notes(page, question), buttons=(*_buttons(words, papers), *rest))
    return asking, replace(talk, paper=ASKED)


def question(words: Renderer, talk: Conversation) -> tuple[Utterance, Conversation]:
    """The question alone, with every paper. What was said before is no longer so."""
    asking = words.say("which-paper", buttons=[*_buttons(words, PAPERS), words.person()], key="papers")
    return asking, replace(talk, paper=ASKED)


def _sections(words: Renderer, slug: str) -> Iterable[Section]:
    sections = words.library.topic(slug).text(words.language).ordered_sections
    return (section for section in sections if section.is_persona)


def _buttons(words: Renderer, papers: Iterable[str]) -> list[Button]:
    names = [*papers, UNKNOWN]
    return [words.button(f"paper-{name}", f"paper:{name}") for name in names]
