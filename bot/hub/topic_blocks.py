"""The parts that every page of a topic is put together from, so that the chat and the kiosk's pages say the same.

Owns the emergency card, a section as a list, and the notes on where a text stands in law. Which parts stand on a page,
and the buttons below it, belong to `bot.hub.topic_page` and `bot.hub.topic_sheet`.
"""

from bot.content import LegalBasis, Section, TextStatus, Topic, TopicText
from bot.content.facts import Level
from bot.hub.render import Renderer
from bot.i18n.bidi import isolate
from bot.i18n.formats import format_date
from bot.i18n.phrases import NOTES
from bot.i18n.registry import Direction
from bot.model import Block, BlockKind


def card(words: Renderer, topic: Topic) -> list[Block]:
    """Emergency numbers before anything else, where the topic is an emergency."""
    if topic.facts.level is not Level.H3:
        return []
    lines = tuple(f"{number}: {name}" for number, name in topic.phone_names(words.language).items())
    return [Block(BlockKind.CARD, "", lines)]


def steps(section: Section) -> Block:
    return Block(BlockKind.STEPS, "\n".join([section.heading, *section.paragraphs]), section.items)


def notes(words: Renderer, topic: Topic, text: TopicText) -> Block:
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


def isolated(block: Block, direction: Direction) -> Block:
    """The block with its numbers and Latin names kept in their order inside text of this direction."""
    items = tuple(isolate(item, direction) for item in block.items)
    return Block(block.kind, isolate(block.text, direction), items)


def _law(words: Renderer, language: str, basis: LegalBasis) -> str:
    note = NOTES["law-with-article" if basis.article else "law-as-a-whole"]
    return words.catalogues.say(language, note, law=basis.law_name, number=basis.law_number, article=basis.article)
