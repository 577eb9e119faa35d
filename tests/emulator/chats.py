"""Who and what the bot can talk with: people, chats and the messages that stand in them.

Message ids rise per chat and start low in each, so that equal ids in two chats are the normal case: a
message is known by chat and id together. Identities are synthetic and meaningless.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any, Final

from tests.emulator import keyboards
from tests.emulator.records import ChatType, Delivered, Party
from tests.emulator.refusals import Refusal, bad_request, forbidden

Json = dict[str, Any]

_FIRST_USER: Final = 900_000_000
_FIRST_GROUP: Final = 4_000_000
_FIRST_CHANNEL: Final = 1_002_000_000_000


@dataclass
class Posted:
    """One message. `payload` is its Telegram JSON as it stands now; `monotonic` when it arrived."""

    payload: Json
    from_bot: bool
    posted: float
    monotonic: float
    edits: int = 0
    deleted: bool = False
    file: bytes | None = None

    @property
    def message_id(self) -> int:
        """Its number in its chat."""
        return int(self.payload["message_id"])


@dataclass
class Chat:
    """A chat as the bot may or may not reach it.

    `standing` is the bot's own: `stranger` before a person has written, `member`, `kicked` (blocked, in a
    private chat), `left`, `administrator` or `gone` (the account was deleted).
    """

    chat_id: int
    type: ChatType
    title: Json
    owner: Json
    standing: str
    instance: str
    next_message_id: int
    messages: dict[int, Posted] = field(default_factory=dict)

    def brief(self) -> Json:
        """The `Chat` object inside messages and updates."""
        return {"id": self.chat_id, "type": self.type, **self.title}

    def post(self, content: Json, *, date: int, now: float, sender: Json | None, from_bot: bool) -> Posted:
        """Add a message with the next id. A channel's messages have no sender but the channel."""
        payload: Json = {"message_id": self.next_message_id, "date": date, "chat": self.brief()}
        if self.type == "channel" or sender is None:
            payload["sender_chat"] = self.brief()
        else:
            payload["from"] = sender
        posted = Posted({**payload, **content}, from_bot=from_bot, posted=now, monotonic=time.monotonic())
        self.messages[self.next_message_id] = posted
        self.next_message_id += 1
        return posted

    def check_writable(self) -> None:
        """Refuse as Telegram does when the bot may not write here."""
        refusals: dict[str, Refusal] = {
            "stranger": forbidden("bot can't initiate conversation with a user"),
            "gone": forbidden("user is deactivated"),
            "left": forbidden(f"bot is not a member of the {self.type} chat"),
            "kicked": forbidden(
                "bot was blocked by the user" if self.type == "private" else f"bot was kicked from the {self.type} chat"
            ),
        }
        if self.standing in refusals:
            raise refusals[self.standing]
        if self.type == "channel" and self.standing != "administrator":
            raise bad_request("need administrator rights in the channel chat")

    def standing_message(self, message_id: int | None) -> Posted | None:
        """The message with this id that has not been deleted."""
        posted = self.messages.get(message_id or 0)
        return None if posted is None or posted.deleted else posted

    def delivered(self) -> list[Delivered]:
        """What the bot has sent here, in order, as the phone shows it now; deleted messages are marked."""
        return [
            Delivered(
                chat_id=self.chat_id,
                message_id=posted.message_id,
                text=posted.payload.get("text") or posted.payload.get("caption", ""),
                entities=tuple(posted.payload.get("entities") or posted.payload.get("caption_entities", ())),
                buttons=keyboards.buttons(posted.payload.get("reply_markup")),
                date=posted.payload["date"],
                protected=posted.payload.get("has_protected_content", False),
                edits=posted.edits,
                deleted=posted.deleted,
                arrived=posted.monotonic,
                raw=posted.payload,
                file=None
                if posted.file is None
                else posted.file.decode("latin-1" if posted.file.startswith(b"%PDF") else "utf-8"),
            )
            for posted in self.messages.values()
            if posted.from_bot
        ]

    def words(self) -> list[str]:
        """What every message says that has not been deleted, of both sides, in order; of a picture, its caption."""
        return [
            posted.payload.get("text") or posted.payload.get("caption", "")
            for posted in self.messages.values()
            if not posted.deleted
        ]


class Directory:
    """All chats of one emulator, found by id or by public @username."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}
        self._people: dict[int, Json] = {}

    def find(self, chat_id: int | str | None) -> Chat:
        """The chat that a request means. Refuses with 400 what does not exist."""
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        name = str(chat_id)
        if name.startswith("@"):
            for chat in self._chats.values():
                if chat.type != "private" and chat.title.get("username") == name[1:]:
                    return chat
        elif name.removeprefix("-").isascii() and name.removeprefix("-").isdigit() and int(name) in self._chats:
            return self._chats[int(name)]
        raise bad_request("chat not found")

    def writable(self, chat_id: int | str | None) -> Chat:
        """The chat that a request means, if the bot may write there."""
        chat = self.find(chat_id)
        chat.check_writable()
        return chat

    def person(self, user_id: int) -> Json:
        """The `User` object of somebody who exists. Raises KeyError for nobody."""
        return self._people[user_id]

    def new_person(self, first_name: str, language_code: str | None, username: str | None) -> Party:
        """Somebody who has never written to the bot."""
        user_id = _FIRST_USER + len(self._people) + 1
        names: Json = {"first_name": first_name}
        if username:
            names["username"] = username
        user: Json = {"id": user_id, "is_bot": False, **names}
        if language_code:
            user["language_code"] = language_code
        self._people[user_id] = user
        return self._add(user_id, "private", names, user, "stranger")

    def new_chat(self, kind: ChatType, title: str, username: str | None, owner: Json, standing: str) -> Party:
        """A group, supergroup or channel that `owner` opened."""
        number = len(self._chats) + 1
        chat_id = -(_FIRST_GROUP + number) if kind == "group" else -(_FIRST_CHANNEL + number)
        names: Json = {"title": title} | ({"username": username} if username else {})
        return self._add(chat_id, kind, names, owner, standing)

    def _add(self, chat_id: int, kind: ChatType, title: Json, owner: Json, standing: str) -> Party:
        self._chats[chat_id] = Chat(
            chat_id=chat_id,
            type=kind,
            title=title,
            owner=owner,
            standing=standing,
            instance=str(random.getrandbits(62)),
            next_message_id=random.randint(2, 9),
        )
        return Party(chat_id=chat_id, user_id=int(owner["id"]), type=kind)


def _as_text(content: bytes) -> str:
    return content.decode("latin-1" if content.startswith(b"%PDF") else "utf-8")
