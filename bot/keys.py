"""Keys: what Rasa, its actions and the buttons say instead of prose.

A key is `name`, `name:argument` or `name:argument#section`, for example `topic:work-permit#bring`. The hub turns keys
into words; nothing else does. Standard library only, because the action server's environment imports this module too.
"""

from dataclasses import dataclass
from typing import Final, Self

NAMES: Final = frozenset(
    {
        "topic",  # topic:<slug>[#section]   the answer, one section of it, or one aspect
        "danger",  # danger:<slug>            the answer, and a person of the office is called to it
        "aspect",  # aspect:<aspect>          one aspect of the topic that is talked about
        "simpler",  # that topic in one sentence
        "in-turkish",  # that topic in Turkish
        "go-on",  # that topic once more: "yes"
        "papers",  # ask which paper the person has
        "paper",  # paper:<paper>            the answer to that
        "holds",  # holds:<paper>            the paper that a question spoke of
        "unclear",  # unclear:<slug>           that topic is not clear: shorter, in Turkish, or a person
        "unclear.person",  # unclear.person:<entry>   that message of a person is not clear: they are told
        "topics",  # topics:<slug>,<slug>     the likely topics as buttons, and a person
        "original",  # original:<slug>         the Turkish text
        "say",  # say:<phrase>             a phrase of the interface
        "languages",  # the language chooser
        "language",  # language:<code>          speak this language from now on
        "handoff.open",  # a person is wanted
        "check",  # check:appointment | check:status
        "check.anew",  # the same from the first question, about whoever has another document
        "calendar",  # calendar:<n>           the calendar file of the n-th appointment to come
        "form",  # form:<value>             an answer to the identity check that has buttons
        "form.cancel",  # leave the identity check
        "leaflet",  # leaflet:<slug>          that topic as a paper, in Turkish beside the person's language
        "clock",  # clock:<slug>#<clock>     work out the last day of a duty: ask when it happened
        "clock.day",  # clock.day:<days ago> | clock.day:type | clock.day:yes   the answer to that
        "group",  # group:<id>               the topics of a group as buttons
        "menu",  # the topics asked most, the groups and the services as buttons
        "repeat",  # say the last answer again
        "forget",  # ask whether to erase the conversation
        "forget.confirm",  # erase it
        "start",  # start:<payload>          the first screen; the payload is a deep link's
        "status",  # how things stand: language, waiting for a person or not, reminders
        "remind",  # remind:<kind>           say what a reminder means, and ask for consent
        "remind.yes",  # remind.yes:<kind>       the consent to that
        "remind.stop",  # withdraw it: no reminder and no news any more
    }
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `str(key)` is its wire form; `Key.parse` reads it back."""

    name: str
    argument: str = ""
    section: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key from its wire form. Raises ValueError for a name that nobody can turn into words."""
        name, _, rest = text.partition(":")
        argument, _, section = rest.partition("#")
        if name not in NAMES:
            raise ValueError(f"unknown key {name!r}: the names are listed in bot/keys.py")
        return cls(name, argument, section)

    def __str__(self) -> str:
        text = f"{self.name}:{self.argument}" if self.argument else self.name
        return f"{text}#{self.section}" if self.section else text
