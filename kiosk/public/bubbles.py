"""What a page shows of an utterance, as plain data: the template and the event stream render the same thing from it.

Words only, never markup: the template escapes them, the script sets them as text.
"""

from typing import TypedDict

from bot.model import Block, BlockKind, Button, Purpose, Utterance


class BlockView(TypedDict):
    """`heading` is empty for most kinds; `lines` are paragraphs; `items` are the points of a list."""

    kind: str
    heading: str
    lines: list[str]
    items: list[str]


class ButtonView(TypedDict):
    """Either `token` (send it) or `link` (open that page of this door) is set."""

    label: str
    token: str
    link: str


class BubbleView(TypedDict):
    """`private`: it may say something about this person, so it is read aloud only after asking."""

    language: str
    direction: str
    purpose: str
    private: bool
    blocks: list[BlockView]
    buttons: list[ButtonView]


def bubble(utterance: Utterance) -> BubbleView:
    return BubbleView(
        language=utterance.language,
        direction=utterance.direction,
        purpose=utterance.purpose.value,
        private=utterance.purpose.is_covered or utterance.purpose is Purpose.PERSON,
        blocks=[block(part) for part in utterance.blocks],
        buttons=[_button(button) for button in utterance.buttons],
    )


def block(part: Block) -> BlockView:
    lines = [line for line in part.text.split("\n") if line]
    heading = ""
    # A list's first line is its heading; a heading is nothing else.
    if part.kind in (BlockKind.HEADING, BlockKind.STEPS) and lines:
        heading = lines.pop(0)
    items = list(part.items)
    if part.kind is BlockKind.NOTE:
        lines, items = [*lines, *items], []
    return BlockView(kind=part.kind.value, heading=heading, lines=lines, items=items)


def _button(button: Button) -> ButtonView:
    # A link leads to a page of this door and to nowhere else, whatever was stored.
    link = button.link if button.link.startswith("/") and not button.link.startswith(("//", "/\\")) else ""
    return ButtonView(label=button.label, token=button.token, link=link)
