"""What a test can learn from the emulator, as the same frozen objects on both sides of the wire.

Times named `arrived`, `started`, `finished`, `pressed`, `answered`, `handed` and `confirmed` are
`time.monotonic()` seconds, which all processes of one Linux machine share.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

ChatType = Literal["private", "group", "supergroup", "channel"]
MediaKind = Literal["photo", "sticker", "voice", "contact", "document", "location", "poll"]
FaultKind = Literal["status", "reset", "deaf", "slow"]


class Record(BaseModel):
    """A value: frozen, with no field that the other side does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(Record):
    """Somebody or something to talk with. In a private chat `chat_id` equals `user_id`."""

    chat_id: int
    user_id: int
    type: ChatType


class Sent(Record):
    """What the phone sent: which update it became, and the message or the button press inside."""

    update_id: int
    chat_id: int | None = None
    message_id: int | None = None
    callback_query_id: str | None = None


class Button(Record):
    """One button under a message. `row` counts from 0. Reply keyboards have neither data nor url."""

    label: str
    row: int
    callback_data: str | None = None
    url: str | None = None


class Delivered(Record):
    """A message of the bot as the person's phone shows it now, after edits.

    `text` of a document is its caption, and `file` what is in it (UTF-8; of a PDF each byte as one
    character).
    """

    chat_id: int
    message_id: int
    text: str
    entities: tuple[dict[str, Any], ...]
    buttons: tuple[Button, ...]
    date: int
    protected: bool
    edits: int
    deleted: bool
    arrived: float
    raw: dict[str, Any]
    file: str | None = None

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, row by row."""
        return [button.label for button in self.buttons]


class Call(Record):
    """One request to the Bot API. `ignored` names parameters that the Bot API does not have.

    `answered` is false when a fault kept the answer from the caller; `result` then still tells what
    Telegram did. `fault` names the fault that struck.
    """

    seq: int
    method: str
    params: dict[str, Any]
    chat_id: int | None
    status: int
    result: Any = None
    description: str | None = None
    ignored: tuple[str, ...] = ()
    fault: str | None = None
    answered: bool = True
    started: float
    finished: float

    @property
    def ok(self) -> bool:
        """Whether Telegram did what was asked, seen or not."""
        return self.status == 200


class UpdateRecord(Record):
    """One update and what became of it. `handed` has one time for each attempt to hand it over."""

    update_id: int
    kind: str
    chat_id: int | None
    body: dict[str, Any]
    created: float
    handed: tuple[float, ...]
    confirmed: float | None
    state: Literal["held", "pending", "confirmed", "dropped", "expired"]


class Press(Record):
    """One press of an inline button. The phone's spinner turns until `answered`."""

    callback_query_id: str
    chat_id: int
    data: str
    pressed: float
    answered: float | None = None
    text: str | None = None
    alert: bool = False
