"""The whole of a topic on one sheet, for a screen that has room for it: the same words as in the chat, in one place.

Owns which parts stand on a sheet and in which order. Every block is one that `bot.hub.topic_page` would say; what the
sheet looks like is its reader's business.
"""

from dataclasses import dataclass, replace

from bot.content.facts import Level
from bot.hub.render import Renderer
from bot.hub.topic_blocks import card, isolated, notes, steps
from bot.hub.topic_page import topic_page
from bot.i18n.bidi import isolate
from bot.i18n.registry import Language
from bot.model import Block, BlockKind


@dataclass(frozen=True, slots=True)
class Part:
    """A section. `name` is its first id; `for_some`: it speaks to people in one legal situation only."""

    name: str
    for_some: bool
    block: Block


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a topic's page, from top to bottom. All but `card` is in `language`.

    `card` is in the reader's language. `answer` is the short answer first, and what belongs to it; of a topic that is
    withheld it is where to ask instead, and there are no parts and no notes. `person_first`: no page may advise here.
    """

    slug: str
    language: Language
    title: str
    card: tuple[Block, ...]
    answer: tuple[Block, ...]
    parts: tuple[Part, ...]
    notes: tuple[Block, ...]
    is_source: bool
    person_first: bool
    withheld: bool


def topic_sheet(words: Renderer, slug: str, *, original: bool = False) -> Sheet:
    """The sheet of a topic, or of its Turkish original. Raises UnknownTopicError."""
    topic = words.library.topic(slug)
    text = topic.original() if original else topic.text(words.language)
    language = words.library.languages.get(text.language)
    reader = words.library.languages.get(words.language)
    withheld = topic.withheld(words.today)
    sheet = Sheet(
        slug=slug,
        language=language,
        title=isolate(text.title, language.direction),
        card=tuple(isolated(block, reader.direction) for block in card(words, topic)),
        answer=tuple(
            isolated(Block(BlockKind.PARAGRAPH, line), language.direction) for line in (text.answer, *text.paragraphs)
        ),
        parts=tuple(
            Part(section.ids[0], section.is_persona, isolated(steps(section), language.direction))
            for section in text.ordered_sections
        ),
        notes=(
            isolated(
                notes(replace(words, language=text.language) if original else words, topic, text), language.direction
            ),
        ),
        is_source=text.language == words.library.languages.source.code,
        person_first=topic.facts.level in (Level.H2, Level.H3),
        withheld=withheld,
    )
    if not withheld:
        return sheet
    said = topic_page(words, slug)
    return replace(
        sheet,
        language=reader,
        title=words.isolated(topic.text(words.language).title),
        answer=tuple(block for block in said.blocks if block.kind is not BlockKind.CARD),
        parts=(),
        notes=(),
    )
