"""Turns a topic into utterances: the answer, a part of it, what it says for one paper, or the Turkish original.

Every utterance about the law ends with where it stands: the legal basis, when it was last checked, and how far the
translation can be trusted. A topic whose review is overdue is withheld.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.content import Section, TextStatus, Topic, TopicText
from bot.content.aspects import ANSWER, Aspect, Passage, passages
from bot.content.facts import Level
from bot.content.papers import sections_for
from bot.content.personas import PERSONA_PREFIX
from bot.hub import clock_words
from bot.hub.leaflet_page import leaflet_buttons
from bot.hub.render import Renderer
from bot.hub.topic_blocks import card, isolated, notes, steps
from bot.i18n.bidi import isolate
from bot.i18n.phrases import NOTES
from bot.model import Block, BlockKind, Button, Utterance

INFORMATION_LINE: Final = "157"
OWN: Final = "own"
"""The section of a key that means what is said for the person's paper, without naming it."""
_ASPECTS: Final = frozenset(Aspect)


def topic_page(words: Renderer, slug: str, section: str = "", *, paper: str | None = None) -> Utterance:
    """The answer of a topic, or the part of it that `section` names: a section, an aspect, or the answer alone.

    With a `paper` the answer holds what is said for people who have it; `OWN` is that part alone.
    Raises UnknownTopicError.
    """
    topic = words.library.topic(slug)
    if topic.withheld(words.today):
        return _withheld(words, topic)
    text = topic.text(words.language)
    if section == ANSWER:
        return _short(words, topic, text)
    if section in text.sections:
        return _section(words, topic, text, text.sections[section])
    if section == OWN and paper:
        return paper_page(words, slug, paper)
    if section in _ASPECTS:
        return _aspect(words, topic, text, Aspect(section), paper)
    return _answer(words, topic, text, paper)


def paper_page(words: Renderer, slug: str, paper: str) -> Utterance:
    """What a topic says for people with this paper; the whole answer where it says nothing of its own for them."""
    topic = words.library.topic(slug)
    text = topic.text(words.language)
    sections = sections_for(text, paper)
    if topic.withheld(words.today) or not sections:
        return topic_page(words, slug, paper=paper)
    blocks = [Block(BlockKind.HEADING, text.title), *map(steps, sections), notes(words, topic, text)]
    buttons = [
        *clock_words.offers(words, topic.clocks.values()),
        words.button("whole", f"topic:{slug}"),
        words.button("other-paper", "papers"),
    ]
    return _page(words, topic, text, blocks, f"topic:{slug}#{OWN}", buttons)


def original_page(words: Renderer, slug: str) -> Utterance:
    """The whole Turkish text, which the others are translated from."""
    topic = words.library.topic(slug)
    if topic.withheld(words.today):
        return topic_page(words, slug)
    text = topic.original()
    blocks = [
        Block(BlockKind.HEADING, text.title),
        *(Block(BlockKind.PARAGRAPH, sentence) for sentence in (text.answer, *text.paragraphs)),
        *(steps(section) for section in text.ordered_sections),
        notes(replace(words, language=text.language), topic, text),
    ]
    buttons = [words.person(), *words.topic_buttons([slug])]
    return words.utterance(blocks, buttons, keys=[f"original:{slug}"], language=text.language)


def above_the_notes(page: Utterance, *blocks: Block) -> Utterance:
    """The page with more said on it. Where it stands in law remains its last block."""
    last = tuple(block for block in page.blocks if block.kind is BlockKind.NOTE)
    rest = tuple(block for block in page.blocks if block.kind is not BlockKind.NOTE)
    return replace(page, blocks=(*rest, *blocks, *last))


def _withheld(words: Renderer, topic: Topic) -> Utterance:
    """Where to ask instead. Emergency numbers stay, however old the review of the words around them is."""
    buttons = [words.person(), words.button("menu", "menu")]
    said = words.say("withheld", buttons=buttons, key=f"topic:{topic.slug}", phone=INFORMATION_LINE)
    numbers = [isolated(block, words.library.languages.get(words.language).direction) for block in card(words, topic)]
    return replace(said, blocks=(*numbers, *said.blocks))


def _answer(words: Renderer, topic: Topic, text: TopicText, paper: str | None) -> Utterance:
    mine = sections_for(text, paper) if paper else ()
    blocks = [
        *card(words, topic),
        Block(BlockKind.HEADING, text.title),
        *(Block(BlockKind.PARAGRAPH, sentence) for sentence in (text.answer, *text.paragraphs)),
        *map(steps, mine),
    ]
    if "do" in text.sections:
        blocks.append(steps(text.sections["do"]))
    blocks.append(notes(words, topic, text))
    others = [s for s in text.ordered_sections if "do" not in s.ids and not (mine and s.is_persona)]
    buttons = [*clock_words.offers(words, topic.clocks.values()), *_section_buttons(topic, text, others, words)]
    if mine:
        buttons.append(words.button("other-paper", "papers"))
    return _page(words, topic, text, blocks, f"topic:{topic.slug}", buttons)


def _short(words: Renderer, topic: Topic, text: TopicText) -> Utterance:
    blocks = [
        *card(words, topic),
        Block(BlockKind.HEADING, text.title),
        Block(BlockKind.PARAGRAPH, text.answer),
        notes(words, topic, text),
    ]
    buttons = [words.button("whole", f"topic:{topic.slug}")]
    return _page(words, topic, text, blocks, f"topic:{topic.slug}#{ANSWER}", buttons)


def _section(words: Renderer, topic: Topic, text: TopicText, section: Section) -> Utterance:
    blocks = [*card(words, topic), Block(BlockKind.HEADING, text.title), steps(section), notes(words, topic, text)]
    name = section.ids[0]
    others = [other for other in text.ordered_sections if other is not section]
    buttons = [words.button("whole", f"topic:{topic.slug}"), *_section_buttons(topic, text, others, words)]
    return _page(words, topic, text, blocks, f"topic:{topic.slug}#{name}", buttons)


def _aspect(words: Renderer, topic: Topic, text: TopicText, aspect: Aspect, paper: str | None) -> Utterance:
    """What the topic says of one aspect. Where it says nothing, that is said, and a person is offered."""
    found = passages(text, topic.facts.aspects.get(aspect, ()))
    if paper and (mine := {name for section in sections_for(text, paper) for name in section.ids}):
        found = tuple(p for p in found if not p.personas or any(PERSONA_PREFIX + q in mine for q in p.personas))
    blocks = [*card(words, topic), Block(BlockKind.HEADING, text.title)]
    if found:
        blocks += [block for passage in found for block in _lines(passage)]
        blocks.append(notes(words, topic, text))
    else:
        blocks.append(Block(BlockKind.PARAGRAPH, words.catalogues.say(text.language, NOTES["not-on-the-page"])))
    buttons = [words.button("whole", f"topic:{topic.slug}")]
    return _page(words, topic, text, blocks, f"topic:{topic.slug}#{aspect}", buttons)


def _section_buttons(topic: Topic, text: TopicText, sections: Iterable[Section], words: Renderer) -> list[Button]:
    direction = words.library.languages.get(text.language).direction
    return [Button(isolate(s.heading, direction), key=f"topic:{topic.slug}#{s.ids[0]}") for s in sections]


def _page(
    words: Renderer, topic: Topic, text: TopicText, blocks: list[Block], key: str, buttons: Iterable[Button]
) -> Utterance:
    direction = words.library.languages.get(text.language).direction
    shown = [isolated(block, direction) for block in blocks]
    ways = list(buttons)
    if text.status is not TextStatus.SOURCE:
        ways.append(words.button("turkish", f"original:{topic.slug}"))
    ways += leaflet_buttons(words, topic.slug)
    if not key.endswith(f"#{ANSWER}"):
        ways.append(words.button("unclear", f"unclear:{topic.slug}"))
    # Where no page may advise, the person comes before everything else.
    first = topic.facts.level in (Level.H2, Level.H3)
    ways.insert(0 if first else len(ways), words.person())
    return words.utterance(shown, ways, keys=[key], language=text.language)


def _lines(passage: Passage) -> list[Block]:
    if passage.heading:
        return [Block(BlockKind.STEPS, passage.heading, passage.lines)]
    return [Block(BlockKind.PARAGRAPH, line) for line in passage.lines]
