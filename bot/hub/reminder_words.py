"""What a reminder says, in the language of now: pure words, chosen when the hour has come.

The details of an appointment are said only while nothing speaks against them; whatever may be out of date becomes
"please check", because a wrong hour costs somebody an appointment they waited months for.
"""

from datetime import datetime

from bot.caseapi.answer import place
from bot.caseapi.wording import Sentence, line, say
from bot.hub.render import Renderer
from bot.i18n.formats import format_day
from bot.model import Block, BlockKind, Button, Purpose, Utterance
from bot.post.reminders import ReminderDetails

CHECK_APPOINTMENT = "check:appointment"
CHECK_STATUS = "check:status"


def reminder(words: Renderer, details: ReminderDetails, *, in_doubt: bool) -> Utterance:
    """The reminder of an appointment or of a duty. `in_doubt`: its appointment may have been moved or cancelled."""
    if details.at is None:
        return _of_a_duty(words, details)
    return _may_have_changed(words) if in_doubt else _of_an_appointment(words, details, details.at)


def news(words: Renderer) -> Utterance:
    """That something changed, and nothing about what: the case system does not say it, and this is no notification."""
    buttons = [words.button("check-appointment", CHECK_APPOINTMENT), words.button("check-status", CHECK_STATUS)]
    return _unasked(words, [_paragraph(words, "news")], buttons, CHECK_APPOINTMENT)


def _of_an_appointment(words: Renderer, details: ReminderDetails, at: datetime) -> Utterance:
    blocks = [
        _paragraph(words, "reminder-appointment"),
        _line(words, line("appointment.when", when=at)),
        *(_line(words, sentence) for sentence in place(details.unit, details.address)),
        _paragraph(words, "reminder-documents"),
    ]
    button = words.button("check-appointment", CHECK_APPOINTMENT)
    return _unasked(words, blocks, [button], CHECK_APPOINTMENT)


def _may_have_changed(words: Renderer) -> Utterance:
    button = words.button("check-appointment", CHECK_APPOINTMENT)
    return _unasked(words, [_paragraph(words, "reminder-in-doubt")], [button], CHECK_APPOINTMENT)


def _of_a_duty(words: Renderer, details: ReminderDetails) -> Utterance:
    blocks = [_paragraph(words, "reminder-clock")]
    buttons: list[Button] = []
    # A topic that left the content meanwhile takes its button with it, not the day.
    topic = words.library.topics.get(details.topic)
    if topic is not None:
        blocks.append(Block(BlockKind.PARAGRAPH, words.isolated(topic.text(words.language).title)))
        buttons = words.topic_buttons([details.topic])
    if details.day is not None:
        day = format_day(details.day, words.library.languages.get(words.language))
        blocks.append(_paragraph(words, "reminder-last-day", day=day))
    blocks.append(_paragraph(words, "reminder-do-it"))
    return _unasked(words, blocks, buttons, f"topic:{details.topic}" if topic else "menu")


def _unasked(words: Renderer, blocks: list[Block], buttons: list[Button], key: str) -> Utterance:
    """`key` says it again: where the delivery is in doubt, the person is offered that."""
    below = [*buttons, words.button("remind-stop", "remind.stop"), words.person()]
    return words.utterance(blocks, below, purpose=Purpose.REMINDER, keys=[key])


def _paragraph(words: Renderer, phrase: str, **values: object) -> Block:
    return Block(BlockKind.PARAGRAPH, words.phrase(phrase, **values))


def _line(words: Renderer, sentence: Sentence) -> Block:
    return Block(BlockKind.PARAGRAPH, say(sentence, words.case_words, words.library.languages.get(words.language)))
