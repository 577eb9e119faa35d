"""What people and the service say to each other, free of any channel, database or framework.

`Message` comes in, `Utterance` goes out. Both are frozen; `to_json`/`from_json` give the form that is stored, sealed,
in the inbox and the outbox.
"""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a person sent."""

    TEXT = "text"
    CHOICE = "choice"  # a button: `text` is its opaque token
    COMMAND = "command"  # a command the channel offers: `text` is its name, `argument` what follows
    UNREADABLE = "unreadable"  # a picture, a voice note, a sticker …: `text` names which
    EDIT = "edit"  # a changed message: stored, never a turn of its own


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a person sent. `(channel, channel_message_id)` names it for ever; `address` is where answers go.

    `reference` is by what name the channel takes it out of the chat again; "" where it cannot.
    """

    channel: str
    address: str
    channel_message_id: str
    kind: Kind
    text: str
    argument: str = ""
    language_hint: str | None = None
    reference: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "text": self.text, "argument": self.argument}


class BlockKind(StrEnum):
    """How a part of an utterance is meant, so that every channel can show it in its own way."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    STEPS = "steps"  # an ordered or unordered list of things: `items`
    CARD = "card"  # an emergency or safety card: shown first and set apart
    NOTE = "note"  # legal basis, review date, translation status
    PERSON = "person"  # words of an interpreter
    QUOTE = "quote"  # what the person wrote, shown to them again as it is, and never as a link


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an utterance: `text`, or a heading in `text` over `items`."""

    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered to the person.

    The renderer sets `key` (what the choice means); before the utterance is stored it is exchanged for `token`, which
    is opaque, at most 64 bytes long, and good for this conversation only. `link` is set instead where the choice opens
    a page of this service (the kiosk's identity form).
    """

    label: str
    key: str = ""
    token: str = ""
    link: str = ""


class Purpose(StrEnum):
    """Why an utterance is sent: it decides what happens when the delivery is in doubt."""

    ANSWER = "answer"
    NOTICE = "notice"  # "your message is saved, please wait"
    FORM = "form"  # a question of the identity check
    PRIVATE = "private"  # the result of the identity check: protected, deleted after ten minutes
    PERSON = "person"  # an interpreter's words: sent again once when the delivery is in doubt
    REMINDER = "reminder"  # what the service says unasked: covered and protected, because it stands on a lock screen

    @property
    def is_covered(self) -> bool:
        """Whether the words are hidden until they are touched, and may not be passed on."""
        return self in {Purpose.PRIVATE, Purpose.REMINDER}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an utterance. `name` is ASCII and the same for everybody: it stands in other people's lists
    of files.

    `leaflet_of` names a topic instead of `content`: the file is public, and made in the utterance's language when it
    is sent.
    """

    name: str
    media_type: str
    content: bytes = b""
    leaflet_of: str = ""

    def to_json(self) -> dict[str, str]:
        return {
            "name": self.name,
            "media_type": self.media_type,
            "content": b64encode(self.content).decode("ascii"),
            "leaflet_of": self.leaflet_of,
        }

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Self:
        content = b64decode(data["content"], validate=True)
        return cls(data["name"], data["media_type"], content, data.get("leaflet_of", ""))


@dataclass(frozen=True, slots=True)
class Utterance:
    """One bubble: blocks in one language, with rows of buttons below, and a file where the channel takes files."""

    language: str
    direction: str
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    purpose: Purpose = Purpose.ANSWER
    keys: tuple[str, ...] = field(default=())
    attachment: Attachment | None = None

    def with_attachment(self, attachment: Attachment) -> Self:
        return replace(self, attachment=attachment)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "attachment": self.attachment.to_json() if self.attachment else None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            language=data["language"],
            direction=data["direction"],
            blocks=tuple(Block(BlockKind(b["kind"]), b["text"], tuple(b["items"])) for b in data["blocks"]),
            buttons=tuple(Button(**b) for b in data["buttons"]),
            purpose=Purpose(data["purpose"]),
            keys=tuple(data["keys"]),
            # What was stored before there were files has none.
            attachment=Attachment.from_json(data["attachment"]) if data.get("attachment") else None,
        )

    def plain_text(self) -> str:
        """The words in the order they are shown, without buttons."""
        lines: list[str] = []
        for block in self.blocks:
            if block.text:
                lines.append(block.text)
            lines += [f"• {item}" for item in block.items]
        return "\n".join(lines)
