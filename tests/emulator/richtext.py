"""Text as Telegram measures and marks it: UTF-16 units, HTML markup, links found in plain text.

Source: https://core.telegram.org/bots/api#formatting-options. Offsets in entities are UTF-16 code units,
offsets in refusals are bytes of the UTF-8 text, as Telegram gives them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any, Final

from tests.emulator.refusals import bad_request

Entity = dict[str, Any]

_SIMPLE: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
_KNOWN: Final = {*_SIMPLE, "a", "span", "tg-emoji"}
_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>[^\s<>/]*)(?P<attributes>[^<>]*)>")
_ATTRIBUTE: Final = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_CHARACTER: Final = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_FOUND: Final = {
    "bot_command": re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\w)"),
    "url": re.compile(
        r"(?<![\w@.])(?:https?://[^\s<>\"]*[^\s<>\".,;:!?)]|(?:[a-z0-9-]+\.)+(?:com|org|net|gov\.tr)\b(?:/\S*\w)?)"
    ),
    "email": re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "mention": re.compile(r"(?<![\w/@.])@[A-Za-z][A-Za-z0-9_]{3,31}"),
}


def units(text: str) -> int:
    """Length in UTF-16 code units, the measure of every Telegram limit and offset."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    name: str
    attributes: dict[str, str]
    start: int


@dataclass
class _Page:
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities of a text in Telegram's HTML.

    Refuses with 400 unknown tags, tags that do not match and tags left open. Entities without text vanish.
    """
    page = _Page()
    at = 0
    while (start := source.find("<", at)) >= 0:
        page.text += _characters(source[at:start])
        tag = _TAG.match(source, start)
        offset = len(source[:start].encode())
        if tag is None:
            raise _unparsable(f"Unclosed start tag at byte offset {offset}")
        name = tag["name"].lower()
        if tag["close"]:
            _close(page, name, offset)
        else:
            _start(page, name, tag["attributes"], offset)
        at = tag.end()
    page.text += _characters(source[at:])
    if page.open:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{page.open[-1].name}"')
    return page.text, page.entities


def find_entities(text: str, marked: list[Entity]) -> list[Entity]:
    """`marked` and the commands, links, addresses and mentions that Telegram finds by itself.

    Nothing is found inside code, preformatted text or an explicit link. Sorted as Telegram sorts: by
    offset, the longer first.
    """
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in marked
        if entity["type"] in {"code", "pre", "text_link"}
    ]
    found = list(marked)
    for kind, pattern in _FOUND.items():
        for match in pattern.finditer(text):
            start, length = units(text[: match.start()]), units(match[0])
            if any(start < end and begin < start + length for begin, end in closed):
                continue
            found.append({"type": kind, "offset": start, "length": length})
            closed.append((start, start + length))
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text without spaces at its ends, as Telegram stores it, and the entities moved with it."""
    left = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - left, 0)
        stop = min(entity["offset"] - left + entity["length"], end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


def check_bounds(text: str, entities: list[Entity]) -> None:
    """Refuse with 400 entities that reach outside the text."""
    end = units(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > end:
            raise bad_request("ENTITY_BOUNDS_INVALID")


def _start(page: _Page, name: str, attributes: str, offset: int) -> None:
    if name not in _KNOWN:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
    values = {key.lower(): html.unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(attributes)}
    if name == "span" and values.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    page.open.append(_Open(name, values, units(page.text)))


def _close(page: _Page, name: str, offset: int) -> None:
    if not page.open:
        raise _unparsable(f"Unexpected end tag at byte offset {offset}")
    tag = page.open[-1]
    if name != tag.name:
        raise _unparsable(f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"')
    page.open.pop()
    length = units(page.text) - tag.start
    if length and (marks := _marks(tag, page.text)):
        page.entities.append({**marks, "offset": tag.start, "length": length})


def _marks(tag: _Open, text: str) -> Entity | None:
    if tag.name == "a":
        address = tag.attributes.get("href", "")
        return {"type": "text_link", "url": address} if re.match(r"https?://\w|tg://\w", address) else None
    if tag.name == "span":
        return {"type": "spoiler"}
    if tag.name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": tag.attributes.get("emoji-id", "")}
    if tag.name == "blockquote" and "expandable" in tag.attributes:
        return {"type": "expandable_blockquote"}
    return {"type": _SIMPLE[tag.name]}


def _characters(source: str) -> str:
    return _CHARACTER.sub(lambda match: html.unescape(match[0]), source)


def _unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")
