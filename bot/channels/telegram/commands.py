"""The commands that the bot offers in Telegram's menu, and their descriptions in every offered language."""

from typing import Final

from telegram import Bot, BotCommand

from bot.bootstrap import Service
from bot.i18n.catalogues import N_

COMMANDS: Final = {
    "start": N_("Begin"),
    "menu": N_("All topics"),
    "help": N_("What you can ask"),
    "language": N_("Change language"),
    "human": N_("Talk to a person"),
    "status": N_("Who is answering you now"),
    "stop": N_("Stop reminders"),
    "forget": N_("Erase this conversation"),
}
"""What `updates` reads as a command; any other word with a slash is text."""


async def announce(bot: Bot, service: Service) -> None:
    """Put the commands into Telegram's menu. Raises TelegramError."""
    await _announce(bot, service, service.settings.default_language, None)
    for language in service.registry.offered():
        # Telegram takes ISO 639-1 here; people whose language has three letters see the default.
        if len(language.code) == 2:
            await _announce(bot, service, language.code, language.code)


async def _announce(bot: Bot, service: Service, language: str, shown_to: str | None) -> None:
    words = [BotCommand(name, service.catalogues.say(language, text)) for name, text in COMMANDS.items()]
    await bot.set_my_commands(words, language_code=shown_to)
