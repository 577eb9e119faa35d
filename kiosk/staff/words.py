"""What the console calls things, in the language of its reader: states, reasons, topics, waiting times."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from markupsafe import Markup, escape

from bot.bootstrap import Service
from bot.cases.model import JOINED, Outcome, Priority, Reason, Role, State
from bot.cases.thread import Entry, Said
from bot.i18n.catalogues import N_
from bot.i18n.formats import OFFICE_ZONE, format_clock, format_date, format_duration
from bot.i18n.phrases import LABELS
from bot.i18n.registry import Language
from bot.keys import Key
from bot.model import Kind
from kiosk.web.untrusted import revealed

STATES: Final = {
    State.OPEN: N_("New"),
    State.WAITING: N_("Back in the queue"),
    State.CLAIMED: N_("With a person"),
    State.CLOSED: N_("Finished"),
}
PRIORITIES: Final = {Priority.NORMAL: N_("Normal"), Priority.HIGH: N_("Important"), Priority.URGENT: N_("Urgent")}
REASONS: Final = {
    Reason.ASKED: N_("The applicant asked for a person."),
    Reason.NOT_UNDERSTOOD: N_("The bot did not understand."),
    Reason.TROUBLE: N_("The bot could not answer."),
    Reason.SENSITIVE: N_("The topic needs a person."),
    Reason.RETURNED: N_("{name} has given the case back to the queue."),
    Reason.SIGNED_OUT: N_("{name} has signed out. The case is in the queue again."),
    Reason.TAKEN_BACK: N_("{name} has given the case back to the queue."),
    Reason.VANISHED: N_("{name} was away for too long. The case is in the queue again."),
    Reason.NOT_TAKEN: N_("{name} did not come. Everybody can take the case now."),
}
OPENED: Final = N_("The case is open.")
CLAIMED: Final = N_("{name} has taken the case.")
HANDED: Final = N_("{giver} has handed the case to {name}.")
OFFERED: Final = N_("{giver} has handed the case to {name}, who is not here now. It waits for {name} for 5 minutes.")
TAKEN: Final = N_("{name} has taken over the case from {giver}.")
REOPENED: Final = N_("{name} has opened the case again.")
INVITED: Final = N_("{giver} has asked {name} to write in this case too.")
CLOSED: Final = N_("{name} has closed the case.")
ONE_OF_TWO: Final = N_("The case is closed. The same person has another one, and this one goes on there.")
UNCLEAR: Final = N_("The applicant did not understand message {reference}. Please write it in other words.")
MOVED: Final = N_("The applicant continues on Telegram. Your messages go there now.")
OUTCOMES: Final = {
    Outcome.HELPED: N_("The question is answered."),
    Outcome.REFERRED: N_("The applicant was sent to an office or a lawyer."),
    Outcome.NO_REPLY: N_("The applicant does not write any more."),
    Outcome.OTHER: N_("It ended in another way"),
}
DELIVERIES: Final = {
    "queued": N_("Not delivered yet"),
    "sending": N_("Not delivered yet"),
    "sent": N_("Delivered"),
    "uncertain": N_("Not certain: it may have arrived, even twice"),
    "blocked": N_("Not delivered: the applicant has blocked the bot"),
    "failed": N_("Not delivered"),
}
PROVENANCES: Final = {
    "machine": N_("Machine translation"),
    "phrase": N_("Approved phrase"),
    "interpreter": N_("Translated by an interpreter"),
}
AUTHORS: Final = {
    "applicant": N_("Applicant"),
    "bot": N_("Bot"),
    "interpreter": N_("Interpreter"),
    "officer": N_("Officer"),
    "supervisor": N_("Supervisor"),
    "system": N_("Rehber"),
}
ROLES: Final = {
    Role.INTERPRETER: AUTHORS["interpreter"],
    Role.OFFICER: AUTHORS["officer"],
    Role.SUPERVISOR: AUTHORS["supervisor"],
    Role.CONTENT_EDITOR: N_("Content editor"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.DATA_OFFICER: N_("Data officer"),
}
UNREADABLE: Final = N_("Sent something that the bot cannot read: {what}")
PRESSED: Final = N_("Pressed the button: {label}")
CHANGED: Final = N_("Changed an earlier message to: {text}")
ERASED: Final = N_("This text has been erased.")
SHORT_WAIT: Final = N_("less than a minute")
_CHANGES: Final = {"handed": HANDED, "offered": OFFERED, "taken": TAKEN, "reopened": REOPENED, "invited": INVITED}
_BUTTONS: Final = {
    "handoff.open": "person",
    "languages": "languages",
    "menu": "menu",
    "check:appointment": "check-appointment",
    "check:status": "check-status",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The console's words in one language."""

    service: Service
    code: str

    def state(self, state: State) -> str:
        return self._say(STATES[state])

    def priority(self, priority: Priority) -> str:
        return self._say(PRIORITIES[priority])

    def role(self, role: Role) -> str:
        return self._say(ROLES[role])

    def outcomes(self) -> list[tuple[str, str]]:
        return [(outcome.value, self._say(OUTCOMES[outcome])) for outcome in Outcome]

    def author(self, name: str) -> str:
        return self._say(AUTHORS[name])

    def event(self, entry: Entry) -> Markup:
        """What an entry that is no message means, with the name of who did it set apart."""
        match entry.kind:
            case "opened":
                sentences = [OPENED, REASONS[Reason(entry.text)]]
            case "claimed":
                sentences = [CLAIMED]
            case "handed" | "offered" | "taken" | "reopened" | "invited":
                sentences = [_CHANGES[entry.kind]]
            case "returned":
                sentences = [REASONS[Reason(entry.text)]]
            case "unclear":
                sentences = [UNCLEAR]
            case "moved":
                sentences = [MOVED]
            case "closed" if entry.text == JOINED:
                sentences = [ONE_OF_TWO]
            case _:
                sentences = [CLOSED, OUTCOMES[Outcome(entry.text)]]
        name, giver = (
            Markup("<bdi>{}</bdi>").format(revealed(who or "")) for who in (entry.staff_name, entry.giver_name)
        )
        reference = Markup('<span dir="ltr">{}</span>').format(entry.reference or "")
        said = " ".join(self.service.catalogues.gettext(self.code)(sentence) for sentence in sentences)
        return escape(said).format(name=name, giver=giver, reference=reference)

    def delivery(self, entry: Entry) -> str:
        return self._say(DELIVERIES[entry.delivery]) if entry.delivery else ""

    def provenance(self, provenance: str) -> str:
        """Who made a translation."""
        return self._say(PROVENANCES[provenance])

    def language(self, code: str) -> Language:
        return self.service.registry.get(code)

    def topic(self, slug: str) -> str:
        """A topic's title; the name itself of a topic or intent that has none."""
        topic = self.service.library.topics.get(slug)
        return slug if topic is None else topic.text(self.code).title

    def said(self, message: Said) -> str:
        """What a message from before the case was, whatever its kind."""
        if message.text is None:
            return self._say(ERASED)
        match message.kind:
            case Kind.CHOICE:
                return self._say(PRESSED, label=self._button(message.key))
            case Kind.UNREADABLE:
                return self._say(UNREADABLE, what=message.text)
            case Kind.EDIT:
                return self._say(CHANGED, text=message.text)
            case Kind.COMMAND:
                return f"/{message.text}"
            case Kind.TEXT:
                return message.text

    def own(self, message: Said) -> bool:
        """Whether `said` gives the person's own words, and not ours about them."""
        return message.text is not None and message.kind in (Kind.TEXT, Kind.COMMAND)

    def wait(self, duration: timedelta) -> str:
        if duration < timedelta(minutes=1):
            return self._say(SHORT_WAIT)
        return format_duration(duration, self.language(self.code))

    def time(self, moment: datetime) -> str:
        """The time in the office; with the date when it is not today."""
        language = self.language(self.code)
        local = moment.astimezone(OFFICE_ZONE)
        clock = format_clock(local, language)
        if local.date() == datetime.now(OFFICE_ZONE).date():
            return clock
        return f"{self.day(local.date())} {clock}"

    def day(self, day: date) -> str:
        return format_date(day, self.language(self.code))

    def short(self, case_id: UUID) -> str:
        """What colleagues call a case when they talk about it."""
        return case_id.hex[:6].upper()

    def short_of(self, subject: str) -> str:
        """The same for what the audit has as text: a case or an alarm."""
        try:
            return self.short(UUID(subject))
        except ValueError:
            return revealed(subject)

    def _button(self, text: str | None) -> str:
        if text is None:
            return "?"
        key = Key.parse(text)
        if key.name == "topic":
            return self.topic(key.argument)
        if key.name == "language":
            return self.language(key.argument).name
        if key.name in ("unclear", "unclear.person"):
            return self._say(LABELS["unclear"])
        return self._say(LABELS[_BUTTONS[text]]) if text in _BUTTONS else text

    def _say(self, msgid: str, **values: object) -> str:
        return self.service.catalogues.say(self.code, msgid, **values)
