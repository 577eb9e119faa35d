"""An utterance as Telegram shows it: HTML texts that fit into messages (https://core.telegram.org/bots/api#html-style).

Everything that a person or a file wrote is escaped here, and only here. The renderer keeps utterances below Telegram's
limit; what is longer all the same is cut at the best border there is, so that no word is lost.
"""

import html
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from telegram.constants import MessageLimit

from bot.model import Block, BlockKind, Utterance

LONGEST: Final = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 units of one message, without its tags."""

_BORDERS: Final = ("\n", ". ", "! ", "? ", "؟ ", "۔ ", "。", " ")
_JOINERS: Final = frozenset("\u200d\u2069")
_TAG: Final = {BlockKind.HEADING: "b", BlockKind.NOTE: "i", BlockKind.CARD: "blockquote"}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message: `html` with tags, `plain` without them."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class _Span:
    """Text with the same tags from end to end."""

    text: str
    tags: tuple[str, ...] = ()


def bubbles(utterance: Utterance) -> list[Bubble]:
    """The utterance as one message, or as several when it is longer than one may be."""
    outer = ("tg-spoiler",) if utterance.purpose.is_covered else ()
    spans = [span for number, block in enumerate(utterance.blocks) for span in _block(block, outer, first=number == 0)]
    return [Bubble(_html(part), "".join(span.text for span in part)) for part in _fit(spans)]


def units(text: str) -> int:
    """Length in UTF-16 code units, Telegram's measure."""
    return len(text.encode("utf-16-le")) // 2


def _block(block: Block, outer: tuple[str, ...], *, first: bool) -> Iterator[_Span]:
    if not first:
        yield _Span("\n\n")
    tag = _TAG.get(block.kind)
    tags = (*outer, tag) if tag else outer
    if block.text:
        # What stands over a list is its heading.
        yield _Span(block.text, (*tags, "b") if block.items and tag != "b" else tags)
    if block.items:
        lines = "\n".join(f"• {item}" for item in block.items)
        yield _Span(f"\n{lines}" if block.text else lines, tags)


def _html(spans: Iterable[_Span]) -> str:
    """Tags are kept open across spans that share them, so that a card is one card."""
    parts: list[str] = []
    open_tags: list[str] = []
    for span in spans:
        shared = 0
        while shared < min(len(open_tags), len(span.tags)) and open_tags[shared] == span.tags[shared]:
            shared += 1
        parts += [f"</{tag}>" for tag in reversed(open_tags[shared:])]
        parts += [f"<{tag}>" for tag in span.tags[shared:]]
        open_tags = list(span.tags)
        parts.append(html.escape(span.text, quote=False))
    parts += [f"</{tag}>" for tag in reversed(open_tags)]
    return "".join(parts)


def _fit(spans: Iterable[_Span]) -> list[list[_Span]]:
    parts: list[list[_Span]] = [[]]
    room = LONGEST
    for span in spans:
        text = span.text.lstrip() if room == LONGEST else span.text
        while units(text) > room:
            cut = _border(text, room, must=room == LONGEST)
            if cut:
                parts[-1].append(_Span(text[:cut], span.tags))
            text = text[cut:].lstrip()
            parts.append([])
            room = LONGEST
        if text:
            parts[-1].append(_Span(text, span.tags))
            room -= units(text)
    return [part for part in parts if part]


def _border(text: str, room: int, *, must: bool) -> int:
    """Where to cut so that at most `room` units stay: after a line, a sentence or a word, else between characters.

    0 when the text may go whole into the next message and nothing but a word would be cut.
    """
    most = len(text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore"))
    for border in _BORDERS:
        at = text.rfind(border, most // 2, most)
        if at > 0:
            return at + len(border)
    if not must:
        return 0
    at = most
    while at > 1 and (_continues(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    return at if at > 1 else most


def _continues(character: str) -> bool:
    """Whether this character belongs to the one before it (combining marks, joiners, skin tones)."""
    return (
        unicodedata.category(character).startswith("M")
        or character in _JOINERS
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
