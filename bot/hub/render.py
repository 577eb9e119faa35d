"""Turns the interface's phrases into utterances: greetings, choosers, menus, offers.

Reads the catalogues, knows the channel's capabilities, has no state and touches no database. Topics are rendered by
`bot.hub.topic_page` with the same renderer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.bootstrap import Service
from bot.caseapi.wording import Words
from bot.content import Library
from bot.content.facts import Level
from bot.hub.capabilities import Capabilities, capabilities
from bot.hub.split import split
from bot.i18n.bidi import isolate, isolate_unknown
from bot.i18n.catalogues import Catalogues
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.phrases import LABELS, PHRASES
from bot.keys import Key
from bot.model import Block, BlockKind, Button, Purpose, Utterance

SERVICES: Final = {
    "check-appointment": Key("check", "appointment"),
    "check-case-status": Key("check", "status"),
    "talk-to-a-person": Key("handoff.open"),
    "change-language": Key("languages"),
    "out-of-scope": Key("say", "out-of-scope"),
}
_SERVICE_LABELS: Final = {
    "check-appointment": "check-appointment",
    "check-case-status": "check-status",
    "talk-to-a-person": "person",
    "change-language": "languages",
}
ANSWERS: Final = frozenset(
    {"greeting", "help", "thanks", "goodbye", "out-of-scope", "trouble", "not-understood-again", "which-topic"}
)
"""Phrases that answer by themselves; the others are remarks, or need values."""
_WITH_MENU: Final = ANSWERS | {"unreadable", "button-expired"}


@dataclass(frozen=True, slots=True)
class Renderer:
    """Words in one language for one channel."""

    library: Library
    catalogues: Catalogues
    language: str
    capabilities: Capabilities
    today: date

    @property
    def direction(self) -> str:
        return self.library.languages.get(self.language).direction

    @property
    def case_words(self) -> Words:
        """What `bot.caseapi.wording.say` reads."""
        return Words(self.catalogues, self.library.case_words)

    def phrase(self, name: str, /, **values: object) -> str:
        return self.isolated(self.catalogues.say(self.language, PHRASES[name], **values))

    def button(self, label: str, key: Key | str) -> Button:
        return Button(self.catalogues.say(self.language, LABELS[label]), key=str(key))

    def say(
        self,
        *names: str,
        buttons: Iterable[Button] = (),
        purpose: Purpose = Purpose.ANSWER,
        key: str = "",
        **values: object,
    ) -> Utterance:
        """Phrases of the interface as one utterance. `key` is what leads to it, where that is more than the phrase."""
        blocks = [Block(BlockKind.PARAGRAPH, self.phrase(name, **values)) for name in names]
        return self.utterance(blocks, buttons, purpose=purpose, keys=[key] if key else [f"say:{n}" for n in names])

    def phrase_alone(self, name: str) -> Utterance:
        """A phrase that was named by a key, with the ways on that it needs."""
        buttons = [self.person()]
        if name in _WITH_MENU:
            buttons = [self.button("menu", "menu"), *buttons, self.button("languages", "languages")]
        return self.say(name, buttons=buttons)

    def remark(self, name: str) -> Utterance:
        """A phrase that ends something, with a way back."""
        return self.say(name, buttons=[self.button("menu", "menu"), self.person()])

    def utterance(
        self,
        blocks: Iterable[Block],
        buttons: Iterable[Button] = (),
        *,
        purpose: Purpose = Purpose.ANSWER,
        keys: Iterable[str] = (),
        language: str | None = None,
    ) -> Utterance:
        code = language or self.language
        direction = self.library.languages.get(code).direction
        return Utterance(code, direction, tuple(blocks), tuple(buttons), purpose, tuple(keys))

    def fitted(self, utterances: Iterable[Utterance]) -> list[Utterance]:
        """The same utterances, none longer than the channel takes."""
        return [part for utterance in utterances for part in split(utterance, self.capabilities.longest)]

    def person(self) -> Button:
        return self.button("person", "handoff.open")

    def menu(self) -> Utterance:
        """The topics asked most, the groups of all topics, and the services, as buttons."""
        arrangement = self.library.arrangement
        return self.utterance(
            [Block(BlockKind.PARAGRAPH, self.phrase("menu"))],
            [
                *self.topic_buttons(arrangement.first),
                *self._group_buttons(),
                *self._service_buttons(),
                self.person(),
            ],
            keys=["menu"],
        )

    def group(self, name: str) -> Utterance:
        """The topics of one group as buttons; the menu where there is no such group."""
        group = self.library.arrangement.groups.get(name)
        if group is None:
            return self.menu()
        heading = self.isolated(group.name(self.library.languages.chain(self.language)))
        buttons = [*self.topic_buttons(group.topics), self.button("menu", "menu"), self.person()]
        return self.utterance([Block(BlockKind.HEADING, heading)], buttons, keys=[f"group:{name}"])

    def _group_buttons(self) -> list[Button]:
        codes = self.library.languages.chain(self.language)
        groups = self.library.arrangement.groups.values()
        return [Button(self.isolated(group.name(codes)), key=f"group:{group.id}") for group in groups]

    def topic_buttons(self, slugs: Iterable[str]) -> list[Button]:
        return [
            Button(self.isolated(self.library.topic(slug).text(self.language).title), key=f"topic:{slug}")
            for slug in slugs
        ]

    def _service_buttons(self) -> list[Button]:
        return [
            self.button("check-appointment", "check:appointment"),
            self.button("check-status", "check:status"),
            self.button("languages", "languages"),
        ]

    def chooser(self, *blocks: Block) -> Utterance:
        """Every offered language by its own name in its own script, and a person."""
        names = [
            Button(isolate_unknown(language.name), key=f"language:{language.code}")
            for language in self.library.languages.offered()
        ]
        words = [*blocks, Block(BlockKind.PARAGRAPH, self.phrase("choose-language"))]
        return self.utterance(words, [*names, self.person()], keys=["languages"])

    def offer(self, names: Iterable[str], phrase: str = "not-understood") -> Utterance:
        """The likely topics and services as buttons, and a person."""
        buttons: list[Button] = []
        for name in names:
            if name in self.library.topics:
                urgent = self.library.topic(name).facts.level is Level.H3
                buttons += [replace(b, key=f"danger:{name}") if urgent else b for b in self.topic_buttons([name])]
            elif name in _SERVICE_LABELS:
                buttons.append(self.button(_SERVICE_LABELS[name], SERVICES[name]))
        if not any(button.key == "handoff.open" for button in buttons):
            buttons.append(self.person())
        buttons.append(self.button("menu", "menu"))
        return self.utterance(
            [Block(BlockKind.PARAGRAPH, self.phrase(phrase))], buttons, keys=[f"topics:{','.join(names)}"]
        )

    def isolated(self, text: str) -> str:
        """`text` in this language with its numbers and Latin names kept in their order."""
        return isolate(text, self.library.languages.get(self.language).direction)


def renderer(service: Service, channel: str, language: str) -> Renderer:
    """Words in a language for a channel, as of today in the office."""
    return Renderer(
        service.library, service.catalogues, language, capabilities(channel), datetime.now(OFFICE_ZONE).date()
    )
