"""Cuts an utterance that is too long for its channel, at the borders where a reader would pause."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.model import Block, Utterance

_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟۔…])\s+")


def split(utterance: Utterance, longest: int) -> list[Utterance]:
    """The utterance in parts of at most `longest` characters; the buttons stand under the last part."""
    if len(utterance.plain_text()) <= longest:
        return [utterance]
    parts: list[list[Block]] = [[]]
    for block in (piece for whole in utterance.blocks for piece in _pieces(whole, longest)):
        if parts[-1] and _length([*parts[-1], block]) > longest:
            parts.append([])
        parts[-1].append(block)
    last = len(parts) - 1
    return [
        replace(utterance, blocks=tuple(blocks), buttons=utterance.buttons if number == last else ())
        for number, blocks in enumerate(parts)
    ]


def _length(blocks: list[Block]) -> int:
    return sum(len(b.text) + 1 + sum(len(item) + 3 for item in b.items) for b in blocks)


def _pieces(block: Block, longest: int) -> Iterator[Block]:
    if _length([block]) <= longest:
        yield block
        return
    if block.text:
        for text in _cut(block.text, longest - 1):
            yield replace(block, text=text, items=())
    for item in block.items:
        for text in _cut(item, longest - 4):
            yield replace(block, text="", items=(text,))


def _cut(text: str, longest: int) -> Iterator[str]:
    """Sentences gathered up to `longest`; a sentence that is longer still is cut between words, a word anywhere."""
    part = ""
    for sentence in _SENTENCE_END.split(text):
        for piece in _words(sentence, longest):
            if part and len(part) + 1 + len(piece) > longest:
                yield part
                part = piece
            else:
                part = f"{part} {piece}" if part else piece
    if part:
        yield part


def _words(sentence: str, longest: int) -> Iterator[str]:
    while len(sentence) > longest:
        cut = sentence.rfind(" ", 0, longest + 1)
        cut = cut if cut > 0 else longest
        yield sentence[:cut]
        sentence = sentence[cut:].lstrip()
    if sentence:
        yield sentence
