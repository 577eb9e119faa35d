"""Turns a topic into utterances: the answer, one of its sections, or the Turkish original.

Every utterance about the law ends with where it stands: the legal basis, when it was last checked, and how far the
translation can be trusted. A topic whose review is overdue is withheld.
"""

from dataclasses import replace
from typing import Final

from bot.content import LegalBasis, Section, TextStatus, Topic, TopicText
from bot.content.facts import Level
from bot.hub.render import Renderer
from bot.i18n.bidi import isolate
from bot.i18n.formats import format_date
from bot.i18n.phrases import NOTES
from bot.model import Block, BlockKind, Button, Utterance

INFORMATION_LINE: Final = "157"


def topic_page(words: Renderer, slug: str, section: str = "") -> Utterance:
    """The answer of a topic, or its section with this id. Raises UnknownTopicError."""
    topic = words.library.topic(slug)
    if topic.withheld(words.today):
        return _withheld(words, topic)
    text = topic.text(words.language)
    if section in text.sections:
        return _section(words, topic, text, text.sections[section])
    return _answer(words, topic, text)


def original_page(words: Renderer, slug: str) -> Utterance:
    """The whole Turkish text, which the others are translated from."""
    topic = words.library.topic(slug)
    if topic.withheld(words.today):
        return topic_page(words, slug)
    text = topic.original()
    blocks = [
        Block(BlockKind.HEADING, text.title),
        *(Block(BlockKind.PARAGRAPH, sentence) for sentence in (text.answer, *text.paragraphs)),
        *(_steps(section) for section in text.ordered_sections),
        _notes(words, topic, text),
    ]
    buttons = [words.person(), *words.topic_buttons([slug])]
    return words.utterance(blocks, buttons, keys=[f"original:{slug}"], language=text.language)


def _withheld(words: Renderer, topic: Topic) -> Utterance:
    """Where to ask instead. Emergency numbers stay, however old the review of the words around them is."""
    buttons = [words.person(), words.button("menu", "menu")]
    said = words.say("withheld", buttons=buttons, key=f"topic:{topic.slug}", phone=INFORMATION_LINE)
    card = [replace(b, items=tuple(words.isolated(item) for item in b.items)) for b in _card(words, topic)]
    return replace(said, blocks=(*card, *said.blocks))


def _answer(words: Renderer, topic: Topic, text: TopicText) -> Utterance:
    blocks = [
        *_card(words, topic),
        Block(BlockKind.HEADING, text.title),
        *(Block(BlockKind.PARAGRAPH, sentence) for sentence in (text.answer, *text.paragraphs)),
    ]
    if "do" in text.sections:
        blocks.append(_steps(text.sections["do"]))
    blocks.append(_notes(words, topic, text))
    return _page(words, topic, text, blocks, f"topic:{topic.slug}", shown="do")


def _section(words: Renderer, topic: Topic, text: TopicText, section: Section) -> Utterance:
    blocks = [Block(BlockKind.HEADING, text.title), _steps(section), _notes(words, topic, text)]
    name = section.ids[0]
    return _page(words, topic, text, blocks, f"topic:{topic.slug}#{name}", shown=name)


def _page(words: Renderer, topic: Topic, text: TopicText, blocks: list[Block], key: str, *, shown: str) -> Utterance:
    direction = words.library.languages.get(text.language).direction
    isolated = [
        Block(b.kind, isolate(b.text, direction), tuple(isolate(item, direction) for item in b.items)) for b in blocks
    ]
    buttons = [
        Button(isolate(section.heading, direction), key=f"topic:{topic.slug}#{section.ids[0]}")
        for section in text.ordered_sections
        if shown not in section.ids
    ]
    if text.status is not TextStatus.SOURCE:
        buttons.append(words.button("turkish", f"original:{topic.slug}"))
    buttons.append(words.person())
    return words.utterance(isolated, buttons, keys=[key], language=text.language)


def _card(words: Renderer, topic: Topic) -> list[Block]:
    """Emergency numbers before anything else, where the topic is an emergency."""
    if topic.facts.level is not Level.H3:
        return []
    lines = tuple(f"{number}: {name}" for number, name in topic.phone_names(words.language).items())
    return [Block(BlockKind.CARD, "", lines)]


def _notes(words: Renderer, topic: Topic, text: TopicText) -> Block:
    """Legal basis, date of the last check, and how far the translation can be trusted."""
    language = words.library.languages.get(text.language)
    lines = []
    if laws := [_law(words, text.language, basis) for basis in topic.legal_basis(text.language)]:
        lines.append(words.catalogues.say(text.language, NOTES["law"], laws=" · ".join(laws)))
    checked = format_date(topic.facts.last_reviewed, language)
    lines.append(words.catalogues.say(text.language, NOTES["reviewed"], date=checked))
    if text.status in (TextStatus.DRAFT, TextStatus.MACHINE):
        lines.append(words.catalogues.say(text.language, NOTES[text.status.value]))
    if text.outdated:
        lines.append(words.catalogues.say(text.language, NOTES["outdated"]))
    if text.language != words.language:
        lines.append(words.catalogues.say(words.language, NOTES["other-language"], language=language.name))
    return Block(BlockKind.NOTE, "", tuple(lines))


def _law(words: Renderer, language: str, basis: LegalBasis) -> str:
    note = NOTES["law-with-article" if basis.article else "law-as-a-whole"]
    return words.catalogues.say(language, note, law=basis.law_name, number=basis.law_number, article=basis.article)


def _steps(section: Section) -> Block:
    return Block(BlockKind.STEPS, "\n".join([section.heading, *section.paragraphs]), section.items)
