"""Cuts an utterance that is too long for its channel, at the borders where a reader would pause."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.i18n.bidi import is_balanced
from bot.model import Block, Utterance

_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟۔…])\s+")


def split(utterance: Utterance, longest: int) -> list[Utterance]:
    """The utterance in parts of at most `longest` characters; buttons and file stand with the last part."""
    if len(utterance.plain_text()) <= longest:
        return [utterance]
    parts: list[list[Block]] = [[]]
    for block in (piece for whole in utterance.blocks for piece in _pieces(whole, longest)):
        if parts[-1] and _length([*parts[-1], block]) > longest:
            parts.append([])
        parts[-1].append(block)
    *first, last = (tuple(blocks) for blocks in parts)
    before = [replace(utterance, blocks=blocks, buttons=(), attachment=None) for blocks in first]
    return [*before, replace(utterance, blocks=last)]


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
    for sentence in _sentences(text):
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
        cut = _border(sentence, longest)
        yield sentence[:cut]
        sentence = sentence[cut:].lstrip()
    if sentence:
        yield sentence


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if is_balanced(text[start : end.start()]):
            yield text[start : end.start()]
            start = end.end()
    yield text[start:]


def _border(sentence: str, longest: int) -> int:
    """The last space up to `longest` that is not inside a number or name that bidi isolates hold together."""
    at = spare = sentence.rfind(" ", 0, longest + 1)
    while at > 0 and not is_balanced(sentence[:at]):
        at = sentence.rfind(" ", 0, at)
    return next((cut for cut in (at, spare) if cut > 0), longest)
