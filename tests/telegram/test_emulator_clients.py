"""The emulator under two clients that were not written with it: python-telegram-bot and aiogram."""

from collections.abc import Iterator
from typing import Any, get_args

import aiogram
import pytest
import telegram
from aiogram.types import InlineKeyboardButton as AioButton
from aiogram.types import InlineKeyboardMarkup as AioKeyboard
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MenuButtonCommands

from tests.emulator import EmulatorClient, Party
from tests.emulator.records import MediaKind

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("کار", callback_data="k1"), InlineKeyboardButton("Sağlık", callback_data="k2")],
        [InlineKeyboardButton("goc.gov.tr", url="https://www.goc.gov.tr")],
    ]
)

# Bot API 10.1-10.3; python-telegram-bot 22.8 knows 10.0.
NEWER_THAN_PTB = frozenset({"can_send_welcome_messages"})


def strangers(value: Any) -> Iterator[str]:
    """Fields that python-telegram-bot does not know, anywhere inside one of its objects."""
    if isinstance(value, telegram.TelegramObject):
        yield from value.api_kwargs
        for name in value.__slots__:
            if not name.startswith("_"):
                yield from strangers(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from strangers(item)


async def test_ptb_sends_reads_presses_and_edits(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    [start] = await ptb.get_updates()
    assert start.message is not None
    assert start.message.from_user is not None
    assert start.message.text == "/start"
    assert [entity.type for entity in start.message.entities] == ["bot_command"]
    assert start.message.from_user.language_code == "fa"

    sent = await ptb.send_message(
        person.chat_id,
        "<b>Çalışma izni</b> 😀 &lt;e&gt; <a href='https://www.goc.gov.tr/'>kaynak</a>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text_html == '<b>Çalışma izni</b> 😀 &lt;e&gt; <a href="https://www.goc.gov.tr/">kaynak</a>'
    [shown] = emulator.delivered(person.chat_id)
    assert shown.text == "Çalışma izni 😀 <e> kaynak"
    assert shown.labels == ["کار", "Sağlık", "goc.gov.tr"]
    assert [button.row for button in shown.buttons] == [0, 0, 1]
    assert shown.protected

    pressed = emulator.press(person.chat_id, "Sağlık")
    [update] = await ptb.get_updates(offset=start.update_id + 1)
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.id, query.data, query.message.message_id) == (pressed.callback_query_id, "k2", shown.message_id)
    assert query.chat_instance
    assert emulator.presses()[0].answered is None
    await query.answer("Tamam")
    assert emulator.presses()[0].answered is not None
    assert emulator.presses()[0].text == "Tamam"

    await query.edit_message_text("Sağlık", reply_markup=None)
    [shown] = emulator.delivered(person.chat_id)
    assert (shown.text, shown.labels, shown.edits) == ("Sağlık", [], 1)
    assert await ptb.delete_message(person.chat_id, shown.message_id)
    assert emulator.delivered(person.chat_id)[0].deleted
    assert [call.ignored for call in emulator.journal() if call.ignored] == []


async def test_aiogram_sends_reads_presses_and_edits(emulator: EmulatorClient, person: Party, aio: aiogram.Bot) -> None:
    [start] = await aio.get_updates(timeout=0)
    assert start.message is not None
    sent = await start.message.as_(aio).answer(
        "<i>اقامت</i>",
        parse_mode="HTML",
        reply_markup=AioKeyboard(inline_keyboard=[[AioButton(text="بعدی", callback_data="n")]]),
    )
    assert sent.html_text == "<i>اقامت</i>"
    emulator.press(person.chat_id, "بعدی")
    [update] = await aio.get_updates(offset=start.update_id + 1)
    assert update.callback_query is not None
    assert await update.callback_query.as_(aio).answer()
    await aio.edit_message_reply_markup(chat_id=person.chat_id, message_id=sent.message_id)
    [shown] = emulator.delivered(person.chat_id)
    assert (shown.text, shown.labels) == ("اقامت", [])
    assert await aio.delete_messages(person.chat_id, [sent.message_id, 999_999])
    assert emulator.delivered(person.chat_id)[0].deleted


async def test_the_profile_is_kept_by_language(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    await ptb.set_my_commands([BotCommand("menu", "Menu")])
    await ptb.set_my_commands([BotCommand("menu", "Menü")], language_code="tr")
    await ptb.set_my_description("Guide")
    await ptb.set_my_short_description("Kısa", language_code="tr")
    await ptb.set_my_name("Rehber TR", language_code="tr")
    await ptb.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert [command.description for command in await ptb.get_my_commands(language_code="tr")] == ["Menü"]
    assert [command.description for command in await ptb.get_my_commands()] == ["Menu"]
    assert (await ptb.get_my_description(language_code="fa")).description == "Guide"
    assert (await ptb.get_my_short_description()).short_description == ""
    assert (await ptb.get_my_name(language_code="tr")).name == "Rehber TR"
    assert (await ptb.get_chat_menu_button(person.chat_id)).type == "commands"
    assert (await ptb.get_chat(person.chat_id)).first_name == "Test"


async def test_every_update_is_known_to_python_telegram_bot(
    emulator: EmulatorClient, person: Party, ptb: telegram.Bot
) -> None:
    """The second judge: whatever people do parses in full, with nothing left over."""
    chat = person.chat_id
    await ptb.send_message(chat, "Seçin", reply_markup=KEYBOARD)
    group, channel = emulator.new_group(person.user_id), emulator.new_channel(person.user_id)
    for kind in get_args(MediaKind):
        emulator.send_media(chat, kind, caption="x" if kind in ("photo", "document") else None)
    text = emulator.send_text(chat, "see https://www.goc.gov.tr and a@b.org, @someone", reply_to=None)
    assert text.message_id is not None
    emulator.send_text(chat, "again", reply_to=text.message_id)
    emulator.edit_text(chat, text.message_id, "/help now")
    emulator.press(chat, "کار")
    emulator.press(chat, "کار", inaccessible=True)
    emulator.send_text(group.chat_id, "/start@rehber_test_bot")
    emulator.block(group.chat_id)
    emulator.send_text(channel.chat_id, "post")
    emulator.block(channel.chat_id)
    emulator.unblock(channel.chat_id)
    emulator.block(chat)
    emulator.unblock(chat)
    bodies = [update.body for update in emulator.updates()]
    assert len(bodies) == len(get_args(MediaKind)) + 13
    for body in bodies:
        update = telegram.Update.de_json(body, ptb)
        leftover = [name for name in strangers(update) if name not in NEWER_THAN_PTB]
        assert leftover == [], body
        assert any(getattr(update, name) is not None for name in telegram.Update.ALL_TYPES)


async def test_entities_are_measured_in_utf16(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    emulator.send_text(person.chat_id, "😀 /menu کجا www.goc.gov.tr me@goc.gov.tr @rehber_test_bot")
    [update] = await ptb.get_updates()
    assert update.message is not None
    found = update.message.parse_entities()
    assert {entity.type: text for entity, text in found.items()} == {
        "bot_command": "/menu",
        "url": "www.goc.gov.tr",
        "email": "me@goc.gov.tr",
        "mention": "@rehber_test_bot",
    }


@pytest.mark.parametrize(
    "markup",
    [
        "<b>b</b><strong>s</strong> <i>i</i> <u>u</u> <s>s</s>",
        "<b>bold <i>both 😀</i></b> end",
        '<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>',
        "<pre>a &amp; b</pre> <code>&lt;c&gt;</code>",
        "<blockquote>q</blockquote><blockquote expandable>long</blockquote>",
    ],
)
async def test_html_means_the_same_as_to_aiogram(
    emulator: EmulatorClient, person: Party, aio: aiogram.Bot, markup: str
) -> None:
    """What the emulator understood, written out again by aiogram and sent again, is the same message."""
    first = await aio.send_message(person.chat_id, markup, parse_mode="HTML")
    second = await aio.send_message(person.chat_id, first.html_text, parse_mode="HTML")
    assert first.entities
    assert (first.text, first.entities) == (second.text, second.entities)
