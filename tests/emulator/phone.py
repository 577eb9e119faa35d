"""The people's side: they write, press buttons, block the bot. Each act becomes an update for the bot."""

from __future__ import annotations

from typing import Any

from tests.emulator import keyboards, media, richtext
from tests.emulator.chats import Chat
from tests.emulator.records import ChatType, MediaKind, Party, Sent
from tests.emulator.world import World

Json = dict[str, Any]


class Phone:
    """Acts for any person in any chat. Raises ValueError for what no phone could do."""

    def __init__(self, world: World) -> None:
        self._world = world

    def new_person(
        self, first_name: str = "Test", language_code: str | None = None, username: str | None = None
    ) -> Party:
        """Somebody with an empty private chat. The bot may write only after their first message."""
        return self._world.chats.new_person(first_name, language_code, username)

    def new_group(self, user_id: int, title: str = "Group", kind: ChatType = "supergroup") -> Party:
        """A group of `user_id` with the bot as a member."""
        if kind not in ("group", "supergroup"):
            raise ValueError(f"{kind} is no group")
        return self._world.chats.new_chat(kind, title, None, self._world.chats.person(user_id), "member")

    def new_channel(self, user_id: int, title: str = "Channel", username: str | None = None) -> Party:
        """A channel of `user_id` with the bot as an administrator."""
        owner = self._world.chats.person(user_id)
        return self._world.chats.new_chat("channel", title, username, owner, "administrator")

    def send_text(self, chat_id: int, text: str, user_id: int | None = None, reply_to: int | None = None) -> Sent:
        """A text or a command. In a group or channel the owner speaks unless `user_id` says who."""
        text, _ = richtext.trimmed(text, [])
        if not 1 <= richtext.units(text) <= 4096:
            raise ValueError("a phone sends 1-4096 UTF-16 units of text")
        content: Json = {"text": text}
        if entities := richtext.find_entities(text, []):
            content["entities"] = entities
        if reply_to is not None:
            content["reply_to_message"] = self._chat(chat_id).messages[reply_to].payload
        return self._post(chat_id, content, user_id)

    def send_media(self, chat_id: int, kind: MediaKind, caption: str | None = None, user_id: int | None = None) -> Sent:
        """A photo, sticker, voice message, contact, document, location or poll."""
        sender = self._sender(self._chat(chat_id), user_id)
        return self._post(chat_id, media.content(kind, sender, caption), user_id)

    def edit_text(self, chat_id: int, message_id: int, text: str) -> Sent:
        """Change a message that this side has sent."""
        chat = self._chat(chat_id)
        posted = chat.standing_message(message_id)
        if posted is None or posted.from_bot:
            raise ValueError(f"no message {message_id} of a person in chat {chat_id}")
        posted.payload = {name: value for name, value in posted.payload.items() if name != "entities"}
        posted.payload |= {"text": text, "edit_date": self._world.clock.date()}
        if entities := richtext.find_entities(text, []):
            posted.payload["entities"] = entities
        posted.edits += 1
        kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
        return Sent(update_id=self._add({kind: posted.payload}), chat_id=chat_id, message_id=message_id)

    def press(
        self,
        chat_id: int,
        label: str,
        message_id: int | None = None,
        user_id: int | None = None,
        inaccessible: bool = False,
    ) -> Sent:
        """Press an inline button by its label, on the newest message that has it or on `message_id`.

        `inaccessible` sends the message as Telegram does when it has become too old to be shown.
        """
        chat = self._chat(chat_id)
        shown = [
            posted
            for posted in reversed(chat.messages.values())
            if posted.from_bot and not posted.deleted and message_id in (None, posted.message_id)
        ]
        for posted in shown:
            for button in keyboards.buttons(posted.payload.get("reply_markup")):
                if button.label == label and button.callback_data is not None:
                    return self._press(chat, posted.payload, button.callback_data, user_id, inaccessible)
        labels = [button.label for posted in shown for button in keyboards.buttons(posted.payload.get("reply_markup"))]
        raise ValueError(f"no button {label!r} to press in chat {chat_id}; there are {labels}")

    def block(self, chat_id: int) -> Sent:
        """Block the bot; in a group or channel, throw it out."""
        return self._stand(chat_id, "kicked")

    def unblock(self, chat_id: int) -> Sent:
        """Let the bot in again."""
        return self._stand(chat_id, "administrator" if self._chat(chat_id).type == "channel" else "member")

    def delete_account(self, chat_id: int) -> None:
        """The person is gone; Telegram tells the bot nothing."""
        self._chat(chat_id).standing = "gone"

    def send_raw(self, content: Json, checked: bool = False) -> Sent:
        """Any update without its `update_id`. It is not checked against the Bot API unless `checked`."""
        return Sent(update_id=self._world.queue.add(content, checked=checked))

    def _chat(self, chat_id: int) -> Chat:
        return self._world.chats.find(chat_id)

    def _sender(self, chat: Chat, user_id: int | None) -> Json:
        return chat.owner if user_id is None else self._world.chats.person(user_id)

    def _post(self, chat_id: int, content: Json, user_id: int | None) -> Sent:
        chat = self._chat(chat_id)
        if chat.standing in ("kicked", "gone"):
            raise ValueError(f"nobody can write to the bot in chat {chat_id}: it is {chat.standing}")
        if chat.standing == "stranger":
            chat.standing = "member"
        clock = self._world.clock
        posted = chat.post(
            content, date=clock.date(), now=clock.now(), sender=self._sender(chat, user_id), from_bot=False
        )
        kind = "channel_post" if chat.type == "channel" else "message"
        update_id = self._add({kind: posted.payload})
        return Sent(update_id=update_id, chat_id=chat_id, message_id=posted.message_id)

    def _press(self, chat: Chat, payload: Json, data: str, user_id: int | None, inaccessible: bool) -> Sent:
        query_id = self._world.callbacks.press(chat.chat_id, data)
        too_old = {"chat": chat.brief(), "message_id": payload["message_id"], "date": 0}
        query = {
            "id": query_id,
            "from": self._sender(chat, user_id),
            "message": too_old if inaccessible else payload,
            "chat_instance": chat.instance,
            "data": data,
        }
        return Sent(
            update_id=self._add({"callback_query": query}),
            chat_id=chat.chat_id,
            message_id=int(payload["message_id"]),
            callback_query_id=query_id,
        )

    def _stand(self, chat_id: int, standing: str) -> Sent:
        chat = self._chat(chat_id)
        old, chat.standing = chat.standing, standing
        change = {
            "chat": chat.brief(),
            "from": chat.owner,
            "date": self._world.clock.date(),
            "old_chat_member": self._member(old),
            "new_chat_member": self._member(standing),
        }
        return Sent(update_id=self._add({"my_chat_member": change}), chat_id=chat_id)

    def _member(self, standing: str) -> Json:
        if standing == "kicked":
            return {"user": self._world.bot, "status": "kicked", "until_date": 0}
        if standing == "administrator":
            rights = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
                      "can_manage_video_chats", "can_restrict_members", "can_promote_members",
                      "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
                      "can_delete_stories", "can_send_welcome_messages")  # fmt: skip
            return {"user": self._world.bot, "status": "administrator", **dict.fromkeys(rights, False)}
        return {"user": self._world.bot, "status": "left" if standing == "stranger" else "member"}

    def _add(self, content: Json) -> int:
        return self._world.queue.add(content)
