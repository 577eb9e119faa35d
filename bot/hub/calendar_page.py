"""The calendar file of an appointment as an utterance: asked for by a button, taken back like the answer above it."""

from datetime import datetime

from bot.bootstrap import Service
from bot.caseapi.calendar_file import FILE_NAME, MEDIA_TYPE, calendar_file
from bot.caseapi.models import Appointment
from bot.hub.render import Renderer
from bot.model import Attachment, Block, BlockKind, Button, Purpose, Utterance

MOST_FILES = 3
"""Buttons for files below one answer: who has more appointments asks again after the next one."""


def calendar_of(service: Service, entry: Appointment, language: str, now: datetime) -> bytes:
    """The file of an appointment. The installation's keyed hash names it."""
    name = f"{service.seal.fingerprint('calendar', entry.id).hex()[:32]}@rehber"
    return calendar_file(entry, name, service.case_words, service.registry.get(language), now)


def calendar_page(service: Service, words: Renderer, entry: Appointment, now: datetime) -> Utterance:
    """The file and what to do with it."""
    content = calendar_of(service, entry, words.language, now)
    blocks = [Block(BlockKind.PARAGRAPH, words.phrase(phrase)) for phrase in ("calendar-file", "calendar-care")]
    buttons = [words.button("menu", "menu"), words.person()]
    page = words.utterance(blocks, buttons, purpose=Purpose.PRIVATE)
    return page.with_attachment(Attachment(FILE_NAME, MEDIA_TYPE, content))


def calendar_buttons(words: Renderer, to_come: int) -> list[Button]:
    """One for each of the next appointments, where the channel can send a file.

    They are told apart by their number only: a button is not covered, and somebody may stand behind.
    """
    if not words.capabilities.files:
        return []
    numbers = range(1, min(to_come, MOST_FILES) + 1)
    label = words.button("calendar", "").label
    return [Button(label if to_come == 1 else f"{label} ({n})", key=f"calendar:{n}") for n in numbers]
