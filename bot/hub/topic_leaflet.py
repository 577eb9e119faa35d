"""What stands on the paper of a topic: the words of its sheet, in Turkish and in the reader's language.

Owns which words and in which order. The sheets are those of the kiosk's page (`bot.hub.topic_sheet`), so paper and
screen say the same; how it looks is `bot.printing`'s. Nothing of it is about a person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bot.bootstrap import Service
from bot.content import TextStatus
from bot.hub.deep_link import DeepLink
from bot.hub.render import Renderer, renderer
from bot.hub.topic_page import INFORMATION_LINE
from bot.hub.topic_sheet import Sheet, topic_sheet
from bot.i18n.formats import format_date
from bot.i18n.leaflet_phrases import LEAFLET
from bot.i18n.phrases import NOTES, PHRASES
from bot.i18n.registry import Language
from bot.model import Block, BlockKind
from bot.printing.codes import Code, code
from bot.printing.columns import Cell, Leaflet, Part, Row, Slip

CHANNEL: Final = "paper"
"""Paper can do nothing that a channel can."""
_ON_A_SLIP: Final = ("do", "bring", "who")


def telegram_code(service: Service, slug: str, language: str) -> Code | None:
    """The code that opens the topic in Telegram in this language; None where the office has no bot."""
    name = service.settings.telegram_bot_name
    return code(DeepLink(language, slug).address(name)) if name else None


def leaflet(service: Service, slug: str, language: str) -> Leaflet:
    """The leaflet of a topic for readers of a language. Raises UnknownTopicError."""
    both = _both(service, slug, language)
    sheets = [topic_sheet(words, slug) for words in both]
    columns = [[*_cells(sheet), *_standing(words, sheet, language)] for words, sheet in zip(both, sheets, strict=True)]
    names: Row = tuple(_cell(Part.LANGUAGE, sheet.language, lines=(sheet.language.name,)) for sheet in sheets)
    drawn = telegram_code(service, slug, language)
    said = ("code", "code-private") if drawn else ()
    below: Row = tuple(_below(words, *said) for words in both)
    return Leaflet(
        title=sheets[-1].title,
        language=sheets[-1].language.code,
        office=service.settings.office_name,
        rows=(*([names] if len(both) > 1 else []), *_rows(columns)),
        below=below,
        code=drawn,
    )


def slip(service: Service, slug: str, language: str) -> Slip:
    """The slip of a topic: the reader's language, the code, then Turkish. Raises UnknownTopicError."""
    *turkish, own = _both(service, slug, language)
    sheet = topic_sheet(own, slug)
    return Slip(
        title=sheet.title,
        language=sheet.language.code,
        office=service.settings.office_name,
        own=tuple(_on_a_slip(own, sheet, language)),
        turkish=tuple(cell for words in turkish for cell in _on_a_slip(words, topic_sheet(words, slug), language)),
        code=telegram_code(service, slug, language),
        code_words=_said(own, "code", "code-private"),
    )


def _both(service: Service, slug: str, language: str) -> list[Renderer]:
    """Words in Turkish and in the reader's language; once, where the topic has no text but the Turkish one."""
    source = service.registry.source.code
    own = service.library.topic(slug).text(language).language
    return [renderer(service, CHANNEL, code) for code in dict.fromkeys([source, language if own != source else source])]


def _on_a_slip(words: Renderer, sheet: Sheet, reader: str) -> Iterator[Cell]:
    kept = replace(sheet, parts=tuple(part for part in sheet.parts if part.name in _ON_A_SLIP))
    yield from _cells(kept)
    yield from _standing(words, sheet, reader)
    yield _below(words)


def _cells(sheet: Sheet) -> Iterator[Cell]:
    yield from (_of(Part.CARD, sheet.language, block) for block in sheet.card)
    yield _cell(Part.TITLE, sheet.language, heading=sheet.title)
    yield from (_of(Part.ANSWER, sheet.language, block) for block in sheet.answer)
    yield from (_of(Part.SECTION, sheet.language, part.block) for part in sheet.parts)


def _standing(words: Renderer, sheet: Sheet, reader: str) -> Iterator[Cell]:
    """Legal basis, review, translation. The officer reads beside it, in Turkish, how far that can be trusted."""
    if not sheet.notes:
        return
    lines = [line for block in sheet.notes for line in (*block.text.split("\n"), *block.items) if line]
    status = words.library.topic(sheet.slug).text(reader).status
    if sheet.is_source and status in (TextStatus.DRAFT, TextStatus.MACHINE):
        lines.append(words.catalogues.say(sheet.language.code, NOTES[status.value]))
    yield _cell(Part.NOTE, sheet.language, lines=tuple(lines))


def _below(words: Renderer, *of_the_code: str) -> Cell:
    """What is said of the code, if there is one, and what holds for every paper: whom to call, what it is, its day."""
    language = words.library.languages.get(words.language)
    say = words.catalogues.say
    lines = (
        say(words.language, LEAFLET["line"], phone=INFORMATION_LINE),
        say(words.language, PHRASES["not-official"]),
        say(words.language, LEAFLET["made"], date=format_date(words.today, language)),
    )
    code_lines = _said(words, *of_the_code).lines
    return _cell(Part.NOTE, language, lines=(*code_lines, *map(words.isolated, lines)))


def _said(words: Renderer, *names: str) -> Cell:
    language = words.library.languages.get(words.language)
    lines = tuple(words.isolated(words.catalogues.say(words.language, LEAFLET[name])) for name in names)
    return _cell(Part.NOTE, language, lines=lines)


def _of(part: Part, language: Language, block: Block) -> Cell:
    lines = [line for line in block.text.split("\n") if line]
    heading = lines.pop(0) if block.kind is BlockKind.STEPS and lines else ""
    return _cell(part, language, heading=heading, lines=tuple(lines), items=block.items)


def _cell(
    part: Part, language: Language, *, heading: str = "", lines: tuple[str, ...] = (), items: tuple[str, ...] = ()
) -> Cell:
    return Cell(part, language.code, language.direction, heading, lines, items)


def _rows(columns: Iterable[Iterable[Cell]]) -> tuple[Row, ...]:
    """Cells beside each other, down to the single point, so that a finger on one finds the other.

    Translations have the parts of the Turkish text: the content's own check sees to it.
    """
    split = [[piece for cell in cells for piece in _pieces(cell)] for cells in columns]
    return tuple(zip(*split, strict=True))


def _pieces(cell: Cell) -> Iterator[Cell]:
    if cell.part is not Part.SECTION:
        yield cell
        return
    yield replace(cell, items=())
    yield from (replace(cell, part=Part.POINT, heading="", lines=(), items=(item,)) for item in cell.items)
