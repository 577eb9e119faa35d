"""What the emulator refuses, in Telegram's words, as the two clients see it."""

import json
from typing import Any

import aiogram
import httpx2
import pytest
import telegram
from aiogram.types import BufferedInputFile
from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest, Forbidden

from tests.emulator import ControlError, EmulatorClient, Party, running_emulator


def call(emulator: EmulatorClient, method: str, token: str | None = None, **params: Any) -> httpx2.Response:
    """One call with a JSON body, past every client library."""
    return httpx2.post(f"{emulator.url}/bot{token or emulator.token}/{method}", json=params)


def keyboard(*labels: str, data: str = "x") -> dict[str, Any]:
    """A keyboard of one row as Telegram's JSON."""
    return {"inline_keyboard": [[{"text": label, "callback_data": data} for label in labels]]}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 42}, "chat not found"),
        ({"text": "x", "chat_id": "nobody"}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "parse_mode": "XML"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"text": "x", "reply_markup": keyboard("")}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "reply_markup": keyboard("A", data="")}, "can't parse inline keyboard button: Text buttons"),
        ({"text": "x", "reply_markup": keyboard("A", data="a" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard("A", data="ش" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(*"123456789")}, "reply markup is too long"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "x"}]] * 101}},
            "reply markup is too long",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "url": "ftp://a.org"}]]}},
            "inline keyboard button URL 'ftp://a.org' is invalid: Unsupported URL protocol",
        ),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ENTITY_BOUNDS_INVALID"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ],
)
def test_wrong_messages(emulator: EmulatorClient, person: Party, params: dict[str, Any], description: str) -> None:
    answer = call(emulator, "sendMessage", **({"chat_id": person.chat_id} | params))
    assert answer.status_code == 400
    assert answer.json()["error_code"] == 400
    assert answer.json()["description"].startswith(f"Bad Request: {description}")
    assert emulator.delivered(person.chat_id) == []


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("ş <b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ş </b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_broken_html(person: Party, ptb: telegram.Bot, markup: str, reason: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await ptb.send_message(person.chat_id, markup, parse_mode="HTML")
    assert refused.value.message.lower() == f"can't parse entities: {reason}".lower()


def test_the_limits_themselves_pass(emulator: EmulatorClient, person: Party) -> None:
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "ش" * 32}] * 8] * 12}
    for text in ("a" * 4096, "😀" * 2048, f"<b>{'a' * 4096}</b>"):
        answer = call(
            emulator,
            "sendMessage",
            chat_id=person.chat_id,
            text=text,
            parse_mode="HTML",
            reply_markup=json.dumps(markup),
        )
        assert answer.status_code == 200, answer.text


def test_spaces_at_the_ends_are_cut(emulator: EmulatorClient, person: Party) -> None:
    call(emulator, "sendMessage", chat_id=person.chat_id, text="  <b> a </b> ", parse_mode="HTML")
    [shown] = emulator.delivered(person.chat_id)
    assert shown.text == "a"
    assert shown.entities == ({"type": "bold", "offset": 0, "length": 1},)


def test_tokens_and_methods(emulator: EmulatorClient) -> None:
    assert call(emulator, "getMe", token="123456789:wrong").status_code == 401
    assert call(emulator, "getMe", token="123456789:wrong").json()["description"] == "Unauthorized"
    assert call(emulator, "getMe", token="nonsense").status_code == 404
    assert call(emulator, "sendMesage").json()["description"] == "Not Found: method not found"
    assert call(emulator, "sendmessage").status_code == 400
    assert call(emulator, "sendDice", chat_id=1).status_code == 501


def test_bodies_of_every_kind(emulator: EmulatorClient, person: Party) -> None:
    url = f"{emulator.url}/bot{emulator.token}/sendMessage"
    fields = {"chat_id": str(person.chat_id), "text": "x", "reply_markup": json.dumps(keyboard("A"))}
    assert httpx2.get(url, params=fields).status_code == 200
    assert httpx2.post(url, data=fields).status_code == 200
    assert httpx2.post(url, files={name: (None, value) for name, value in fields.items()}).status_code == 200
    assert httpx2.post(url, json=fields | {"reply_markup": keyboard("A")}).status_code == 200
    assert [message.labels for message in emulator.delivered(person.chat_id)] == [["A"]] * 4
    broken = httpx2.post(url, content=b"{", headers={"content-type": "application/json"})
    assert broken.status_code == 400


def test_parameters_that_do_not_exist_are_noted(emulator: EmulatorClient, person: Party) -> None:
    call(emulator, "sendMessage", chat_id=person.chat_id, text="x", reply_keyboard="[]")
    assert emulator.journal("sendMessage")[0].ignored == ("reply_keyboard",)


async def test_two_clients_send_a_file_each_in_its_own_way(
    emulator: EmulatorClient, person: Party, ptb: telegram.Bot, aio: aiogram.Bot
) -> None:
    await ptb.send_document(
        person.chat_id, telegram.InputFile(b"one", filename="a.ics"), caption="<b>x</b>", parse_mode="HTML"
    )
    await aio.send_document(person.chat_id, BufferedInputFile(b"two", "b.ics"), caption="y", protect_content=True)
    first, second = emulator.delivered(person.chat_id)
    assert (first.file, first.text, first.protected) == ("one", "x", False)
    assert first.entities == ({"type": "bold", "offset": 0, "length": 1},)
    assert (second.file, second.text, second.protected) == ("two", "y", True)
    assert [message.raw["document"]["file_name"] for message in (first, second)] == ["a.ics", "b.ics"]
    assert {call.ignored for call in emulator.journal("sendDocument")} == {()}


@pytest.mark.parametrize(
    ("fields", "file", "description"),
    [
        ({}, None, "there is no document in the request"),
        ({"document": ""}, None, "there is no document in the request"),
        ({"document": "AgADBQ"}, None, "wrong file identifier/HTTP URL specified"),
        ({"document": "attach://other"}, b"x", "wrong file identifier/HTTP URL specified"),
        ({}, b"", "file must be non-empty"),
        ({"caption": "a" * 1025}, b"x", "message caption is too long"),
        ({"caption": "<b>x", "parse_mode": "HTML"}, b"x", "can't parse entities"),
        ({"chat_id": "42"}, b"x", "chat not found"),
    ],
)
def test_wrong_files(
    emulator: EmulatorClient, person: Party, fields: dict[str, str], file: bytes | None, description: str
) -> None:
    name = "x" if "document" in fields else "document"
    answer = httpx2.post(
        f"{emulator.url}/bot{emulator.token}/sendDocument",
        data={"chat_id": str(person.chat_id)} | fields,
        files=None if file is None else {name: ("a.ics", file)},
    )
    assert answer.status_code == 400
    assert answer.json()["description"].startswith(f"Bad Request: {description}")
    assert emulator.delivered(person.chat_id) == []


async def test_in_a_private_chat_a_bot_deletes_what_the_person_wrote(
    emulator: EmulatorClient, person: Party, ptb: telegram.Bot
) -> None:
    """https://core.telegram.org/bots/api#deletemessage"""
    sent = emulator.send_text(person.chat_id, "mine").message_id
    assert sent is not None
    await ptb.delete_message(person.chat_id, sent)
    assert emulator.words(person.chat_id) == ["/start"]
    with pytest.raises(BadRequest, match="essage to delete not found"):
        await ptb.delete_message(person.chat_id, sent)
    old = emulator.send_text(person.chat_id, "old").message_id
    assert old is not None
    emulator.advance(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="essage can't be deleted"):
        await ptb.delete_message(person.chat_id, old)
    group = emulator.new_group(person.user_id)
    theirs = emulator.send_text(group.chat_id, "x").message_id
    assert theirs is not None
    with pytest.raises(BadRequest, match="essage can't be deleted"):
        await ptb.delete_message(group.chat_id, theirs)


async def test_who_may_be_written_to(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    stranger = emulator.new_person()
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await ptb.send_message(stranger.chat_id, "x")
    emulator.block(person.chat_id)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await ptb.send_message(person.chat_id, "x")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await ptb.send_chat_action(person.chat_id, "typing")
    with pytest.raises(ControlError):
        emulator.send_text(person.chat_id, "x")
    emulator.unblock(person.chat_id)
    assert await ptb.send_message(person.chat_id, "x")
    group = emulator.new_group(person.user_id)
    emulator.block(group.chat_id)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await ptb.send_message(group.chat_id, "x")
    emulator.delete_account(person.chat_id)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await ptb.send_message(person.chat_id, "x")


async def test_edits_that_cannot_be(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    sent = await ptb.send_message(person.chat_id, "x")
    theirs = emulator.send_text(person.chat_id, "mine").message_id
    with pytest.raises(BadRequest, match="essage is not modified"):
        await ptb.edit_message_text("x", person.chat_id, sent.message_id)
    with pytest.raises(BadRequest, match="essage to edit not found"):
        await ptb.edit_message_text("y", person.chat_id, 999)
    with pytest.raises(BadRequest, match="essage can't be edited"):
        await ptb.edit_message_text("y", person.chat_id, theirs)
    emulator.advance(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="essage can't be deleted"):
        await ptb.delete_message(person.chat_id, sent.message_id)


async def test_a_press_is_answered_once_and_in_time(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    await ptb.send_message(person.chat_id, "x", reply_markup=markup)
    first = emulator.press(person.chat_id, "A").callback_query_id
    late = emulator.press(person.chat_id, "A").callback_query_id
    assert first is not None
    assert late is not None
    assert first != late
    await ptb.answer_callback_query(first)
    for query_id in (first, "12345"):
        with pytest.raises(BadRequest, match="uery is too old"):
            await ptb.answer_callback_query(query_id)
    emulator.advance(15 * 60 + 1)
    with pytest.raises(BadRequest, match="uery is too old"):
        await ptb.answer_callback_query(late)
    with pytest.raises(ControlError, match=r"\['A'\]"):
        emulator.press(person.chat_id, "B")


async def test_small_rules(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="rong parameter action in request"):
        await ptb.send_chat_action(person.chat_id, "dancing")
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await ptb.set_my_commands([("Başla", "x")])
    with pytest.raises(BadRequest, match="too long"):
        await ptb.set_my_short_description("a" * 121)
    await ptb.send_message(person.chat_id, "x", reply_markup=ForceReply())
    await ptb.send_message(person.chat_id, "x", entities=[MessageEntity("bold", 0, 1)])
    assert emulator.delivered(person.chat_id)[1].entities == ({"type": "bold", "offset": 0, "length": 1},)


async def test_equal_message_ids_in_two_chats(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    """A message is known by chat and id together: ids of one chat rise, ids of two chats meet."""
    ids: list[set[int]] = []
    emulator.limits(on=False)
    for _ in range(2):
        person = emulator.new_person()
        emulator.send_text(person.chat_id, "x")
        sent = [await ptb.send_message(person.chat_id, "x") for _ in range(15)]
        numbers = [message.message_id for message in sent]
        assert numbers == sorted(set(numbers))
        ids.append(set(numbers))
    assert ids[0] & ids[1]


def test_an_emulator_that_leaves_the_bot_api_fails_the_test() -> None:
    """The judge: an update with a field that Telegram does not have is refused, and remembered."""
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "mood": "good"}
    with (
        pytest.raises(ControlError, match="the emulator left the Bot API"),
        running_emulator() as emulator,
        pytest.raises(ControlError, match=r"update\.message\.mood"),
    ):
        emulator.send_raw({"message": message}, checked=True)
