"""The leaflet of a topic in a chat: a button below the topic, and the file that it sends.

The file is made when it is sent (`bot.hub.leaflets`): everybody gets the same one, so storing it for each person who
asks would only fill the outbox.
"""

from typing import Final

from bot.hub.render import Renderer
from bot.i18n.leaflet_phrases import LEAFLET
from bot.model import Attachment, Block, BlockKind, Button, Utterance

MEDIA_TYPE: Final = "application/pdf"


def leaflet_page(words: Renderer, slug: str) -> Utterance:
    """The file and what it is good for. Raises UnknownTopicError."""
    source = words.library.languages.source.code
    names = ["here"] if words.library.topic(slug).text(words.language).language == source else ["here", "two-languages"]
    said = [words.isolated(words.catalogues.say(words.language, LEAFLET[name])) for name in names]
    buttons = [*words.topic_buttons([slug]), words.button("menu", "menu"), words.person()]
    page = words.utterance([Block(BlockKind.PARAGRAPH, line) for line in said], buttons, keys=[f"leaflet:{slug}"])
    return page.with_attachment(Attachment(file_name(slug, words.language), MEDIA_TYPE, leaflet_of=slug))


def leaflet_buttons(words: Renderer, slug: str) -> list[Button]:
    """The button for it, where the channel can send a file."""
    return [words.button("leaflet", f"leaflet:{slug}")] if words.capabilities.files else []


def file_name(slug: str, language: str) -> str:
    """In Latin letters, and without a word about whoever has it."""
    return f"rehber-{slug}-{language}.pdf"
