"""Translates for the staff what applicants write to a case, as it comes. The original is shown without waiting for it.

Several workers may translate the same message; one result is kept.
"""

import structlog

from bot.bootstrap import Service
from bot.cases import translations
from bot.cases.model import BELL
from bot.cases.translations import OFFICE_LANGUAGE
from bot.errors import TranslationError
from bot.storage.database import Bell
from bot.translation.translator import Translator

log = structlog.get_logger()


async def keep_translating(service: Service, translator: Translator) -> None:
    """Translate until cancelled. What fails is written down as that and not tried again."""
    async for _ in Bell(service.settings.database_url, BELL).rings():
        try:
            while await translate_next(service, translator):
                pass
        except Exception:
            log.exception("translating.failed")


async def translate_next(service: Service, translator: Translator) -> bool:
    """Translate the oldest message that waits for it. False when none does."""
    others = service.registry.languages.keys() - {OFFICE_LANGUAGE}
    ways = [code for code in others if translator.leads(code, OFFICE_LANGUAGE)]
    if not ways:
        return False
    async with service.engine.connect() as db:
        missing = await translations.next_missing(db, service.seal, ways)
    if missing is None:
        return False
    text: str | None = None
    try:
        text = await translator.translate(missing.text, missing.language, OFFICE_LANGUAGE)
    except TranslationError as error:
        log.warning("translating.without", case=str(missing.case_id), reason=type(error).__name__)
    async with service.engine.begin() as db:
        await translations.keep(db, service.seal, missing.entry_id, missing.case_id, OFFICE_LANGUAGE, text)
    return True
