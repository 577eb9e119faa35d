"""What an utterance says and what a text says, line by line, so that the two can be compared."""

from bot.content import TopicText
from bot.i18n.bidi import ISOLATES
from bot.model import Block, BlockKind, Utterance


def plain(text: str) -> str:
    return "".join(character for character in text if character not in ISOLATES)


def lines(page: Utterance) -> list[str]:
    """What the page says below its title, without headings and notes."""
    return [plain(line) for block in page.blocks for line in _lines(block)]


def _lines(block: Block) -> list[str]:
    match block.kind:
        case BlockKind.PARAGRAPH:
            return [block.text]
        case BlockKind.STEPS:
            return [*block.text.split("\n")[1:], *block.items]
        case _:
            return []


def standing_in(text: TopicText, *places: str) -> list[str]:
    """The lines of a text in these places."""
    found = []
    for place in places:
        name, _, number = place.partition("/")
        if name == "answer":
            part = [text.answer]
        elif name == "lead":
            part = [*text.paragraphs]
        else:
            part = [*text.sections[name].paragraphs, *text.sections[name].items]
        found += [part[int(number) - 1]] if number else part
    return found
