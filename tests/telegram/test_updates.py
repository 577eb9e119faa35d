"""Every kind of update that Telegram sends, and many that it does not, becomes what we mean by it."""

from typing import Any

import pytest

from bot.channels.telegram.updates import Arrival, UnreadableUpdateError, read
from bot.model import Kind, Message

BOT = 123
USER: dict[str, Any] = {"id": 900, "is_bot": False, "first_name": "Test", "language_code": "fa"}
CHAT: dict[str, Any] = {"id": 900, "type": "private", "first_name": "Test"}
GROUP: dict[str, Any] = {"id": -4000, "type": "supergroup", "title": "Group"}
ME: dict[str, Any] = {"id": BOT, "is_bot": True, "first_name": "Rehber"}
FILE: dict[str, Any] = {"file_id": "f", "file_unique_id": "u"}
PHOTO: list[dict[str, Any]] = [{**FILE, "width": 1, "height": 1}]


def message(chat: dict[str, Any] = CHAT, **content: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1_700_000_000, "chat": chat, "from": USER, **content}


def update(**content: Any) -> dict[str, Any]:
    return {"update_id": 77, **content}


def press(**content: Any) -> dict[str, Any]:
    return update(callback_query={"id": "q1", "from": USER, "chat_instance": "i", **content})


def standing(chat: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    until = {"until_date": 0}
    return update(
        my_chat_member={
            "chat": chat,
            "from": USER,
            "date": 1_700_000_000,
            "old_chat_member": {"user": ME, "status": old, **until},
            "new_chat_member": {"user": ME, "status": new, **until},
        }
    )


def stored(kind: Kind, text: str, argument: str = "", number: str = "123:77") -> Arrival:
    return Arrival(77, Message("telegram", "900", number, kind, text, argument, "fa", "5"), language_hint="fa")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (update(message=message(text="سلام")), stored(Kind.TEXT, "سلام")),
        (update(message=message(text="hi", effect_id="1")), stored(Kind.TEXT, "hi")),
        (update(message=message(text="/start")), stored(Kind.COMMAND, "start")),
        (update(message=message(text="/start work-permit")), stored(Kind.COMMAND, "start", "work-permit")),
        (update(message=message(text="/Language@RehberBot  fa \n")), stored(Kind.COMMAND, "language", "fa")),
        (update(message=message(text="/help\nme")), stored(Kind.COMMAND, "help", "me")),
        (update(message=message(text="/status")), stored(Kind.COMMAND, "status")),
        (update(message=message(text="/human")), stored(Kind.COMMAND, "human")),
        (update(message=message(text="/forget")), stored(Kind.COMMAND, "forget")),
        (update(message=message(text="/menu")), stored(Kind.COMMAND, "menu")),
        (update(message=message(text="/restart")), stored(Kind.TEXT, "/restart")),
        (update(message=message(text="/start{}")), stored(Kind.TEXT, "/start{}")),
        (update(message=message(text="/")), stored(Kind.TEXT, "/")),
        (update(message=message(text="/ start")), stored(Kind.TEXT, "/ start")),
        (update(message=message(photo=PHOTO)), stored(Kind.UNREADABLE, "photo")),
        (update(message=message(photo=PHOTO, caption="my card")), stored(Kind.UNREADABLE, "photo", "my card")),
        (
            update(message=message(photo=PHOTO, media_group_id="11")),
            stored(Kind.UNREADABLE, "photo", number="123:album:11"),
        ),
        (update(message=message(voice={**FILE, "duration": 3})), stored(Kind.UNREADABLE, "voice")),
        (
            update(
                message=message(
                    sticker={
                        **FILE,
                        "type": "regular",
                        "width": 1,
                        "height": 1,
                        "is_animated": False,
                        "is_video": False,
                    }
                )
            ),
            stored(Kind.UNREADABLE, "sticker"),
        ),
        (update(message=message(document=FILE)), stored(Kind.UNREADABLE, "document")),
        (
            update(message=message(contact={"phone_number": "0", "first_name": "T"})),
            stored(Kind.UNREADABLE, "contact"),
        ),
        (update(message=message(location={"latitude": 1.0, "longitude": 1.0})), stored(Kind.UNREADABLE, "location")),
        (update(message=message(dice={"emoji": "🎲", "value": 3})), stored(Kind.UNREADABLE, "dice")),
        (update(message=message(hologram={"depth": 3})), stored(Kind.UNREADABLE, "other")),
        (update(message=message()), stored(Kind.UNREADABLE, "other")),
        (update(edited_message=message(text="better", edit_date=1)), stored(Kind.EDIT, "better")),
        (
            update(edited_message=message(caption="better", photo=PHOTO, edit_date=1)),
            stored(Kind.EDIT, "better"),
        ),
        (
            update(edited_message=message(location={"latitude": 1.0, "longitude": 1.0}, edit_date=1)),
            Arrival(77, language_hint="fa"),
        ),
        (update(message=message(pinned_message=message(text="x"))), Arrival(77, language_hint="fa")),
        (
            update(message=message(message_auto_delete_timer_changed={"message_auto_delete_time": 1})),
            Arrival(77, language_hint="fa"),
        ),
        (update(message=message(GROUP, text="hi")), Arrival(77, refused_chat="-4000", language_hint="fa")),
        (update(message=message(GROUP, text="/start")), Arrival(77, refused_chat="-4000", language_hint="fa")),
        (update(edited_message=message(GROUP, text="hi")), Arrival(77, refused_chat="-4000", language_hint="fa")),
        (
            update(channel_post={**message({"id": -100, "type": "channel", "title": "C"}, text="hi"), "from": None}),
            Arrival(77, refused_chat="-100"),
        ),
        (standing(GROUP, "left", "member"), Arrival(77, refused_chat="-4000", language_hint="fa")),
        (standing(GROUP, "member", "kicked"), Arrival(77)),
        (standing(CHAT, "member", "kicked"), Arrival(77, standing="blocked")),
        (standing(CHAT, "kicked", "member"), Arrival(77, standing="unblocked")),
        (update(poll={"id": "1"}), None),
        (update(purchased_dream={"depth": 3}), Arrival(77)),
        (update(), Arrival(77)),
    ],
)
def test_an_update_becomes_what_it_means(raw: dict[str, Any], expected: Arrival | None) -> None:
    if expected is None:
        with pytest.raises(UnreadableUpdateError):
            read(raw, BOT)
    else:
        assert read(raw, BOT) == expected


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (press(data="token-1", message=message(text="menu")), "900"),
        (press(data="token-1", message={"chat": CHAT, "message_id": 5, "date": 0}), "900"),
        (press(data="token-1"), "900"),
    ],
)
def test_a_pressed_button_is_a_choice_and_its_spinner_is_known(raw: dict[str, Any], address: str) -> None:
    arrival = read(raw, BOT)
    assert arrival.callback_query_id == "q1"
    assert arrival.message == Message("telegram", address, "123:77", Kind.CHOICE, "token-1", "", "fa")


@pytest.mark.parametrize(
    "raw", [press(data="token-1", message=message(GROUP, text="menu")), press(game_short_name="chess")]
)
def test_a_button_that_means_nothing_to_us_still_stops_spinning(raw: dict[str, Any]) -> None:
    assert read(raw, BOT) == Arrival(77, callback_query_id="q1", language_hint="fa")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "update",
        {},
        {"update_id": None},
        {"update_id": "77"},
        {"update_id": True},
        update(message="text"),
        update(message={"text": "no chat"}),
        update(message=message(text=5)),
        update(message=message(text=["a"])),
        update(message=message({"id": "900", "type": "private"}, text="x")),
        update(message=message({"id": None, "type": "private"}, text="x")),
        update(message=message(photo="none")),
        update(callback_query={"id": 3, "from": USER, "chat_instance": "i", "data": "t"}),
        update(callback_query="q"),
        update(my_chat_member={"chat": CHAT}),
        update(message=message(reply_to_message=7)),
    ],
)
def test_a_broken_update_is_named_as_such_and_says_nothing_of_its_content(raw: Any) -> None:
    with pytest.raises(UnreadableUpdateError) as error:
        read(raw, BOT)
    assert "900" not in str(error.value)


def test_a_nest_of_replies_without_end_is_broken_too() -> None:
    nest: dict[str, Any] = message(text="x")
    for _ in range(5000):
        nest = message(text="x", reply_to_message=nest)
    with pytest.raises(UnreadableUpdateError):
        read(update(message=nest), BOT)


def test_text_that_no_database_takes_is_made_whole() -> None:
    arrival = read(update(message=message(text="a\ud800b\0c\ud83d\ude00")), BOT)
    assert arrival.message is not None
    assert arrival.message.text == "a\ufffdb\ufffdc😀"


def test_a_megabyte_of_text_is_cut_to_what_a_phone_can_send() -> None:
    arrival = read(update(message=message(text="x" * (1 << 20))), BOT)
    assert arrival.message is not None
    assert len(arrival.message.text) == 4096


@pytest.mark.parametrize("code", ["", "x", "fa\0", "'; DROP TABLE inbox; --", "a" * 200, 7, None])
def test_a_language_hint_that_is_no_language_is_dropped(code: Any) -> None:
    arrival = read(update(message=message(text="x") | {"from": {**USER, "language_code": code}}), BOT)
    assert arrival.message is not None
    assert arrival.message.language_hint is None


def test_a_language_hint_with_a_region_is_kept() -> None:
    arrival = read(update(message=message(text="x") | {"from": {**USER, "language_code": "pt-BR"}}), BOT)
    assert arrival.language_hint == "pt-br"
