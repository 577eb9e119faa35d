"""What each key does: some are only words, some change the conversation, open a case, or erase everything.

One `Acts` lives for one turn and its transaction. `talk` and `words` change when a key changes the language.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.cases.model import Priority, Reason
from bot.cases.opening import open_case, open_case_of
from bot.cases.presence import anybody_for
from bot.content.aspects import ANSWER
from bot.content.facts import Level
from bot.hub.clock import ClockTalk
from bot.hub.deep_link import DeepLink
from bot.hub.identity_check import IdentityCheck
from bot.hub.paper import at_the_next_turn, known, question, said, with_the_question
from bot.hub.reminders import Kind, Reminders
from bot.hub.render import Renderer
from bot.hub.topic_page import above_the_notes, original_page, paper_page, topic_page
from bot.keys import Key
from bot.model import Block, BlockKind, Utterance
from bot.post import conversations, outbox
from bot.post.conversations import Conversation
from bot.post.forgetting import begin_anew

MISUNDERSTANDINGS_BEFORE_A_PERSON: Final = 2
_REPEATABLE: Final = frozenset({"topic", "topics", "original", "say", "menu", "languages", "check", "papers"})
_PRIORITIES: Final = {Level.H2: Priority.HIGH, Level.H3: Priority.URGENT}
_ANSWERS: Final = frozenset(
    {"greeting", "help", "thanks", "goodbye", "out-of-scope", "trouble", "not-understood-again", "which-topic"}
)
"""Phrases that answer by themselves; the others are remarks, or need values."""
_WITH_MENU: Final = _ANSWERS | {"unreadable", "button-expired"}


def is_repeatable(key: Key) -> bool:
    """Whether performing the key once more says the same again."""
    return key.name in _REPEATABLE and (key.name != "say" or key.argument in _ANSWERS)


class Acts:
    """Performs the keys of one turn, the turn of the inbox row `inbox_id`.

    Afterwards `erased` says whether the conversation is gone, and `joined` is a case that the turn's words belong to.
    """

    def __init__(
        self,
        service: Service,
        check: IdentityCheck,
        reminders: Reminders,
        db: AsyncConnection,
        talk: Conversation,
        words: Renderer,
        inbox_id: int,
    ) -> None:
        self._service = service
        self._check = check
        self._reminders = reminders
        self._db = db
        self.talk = talk
        self.words = words
        self._inbox_id = inbox_id
        self.erased = False
        self.joined: UUID | None = None
        # Of this turn only: who asks about a paper need not have it.
        self._spoken_of: str | None = None

    async def perform(self, key: Key) -> list[Utterance]:
        """Do what the key says and return what to tell the person."""
        misunderstood = self.talk.misunderstood
        self.talk = replace(at_the_next_turn(self.talk, again=key.name == "repeat"), misunderstood=0)
        match key.name:
            case "topic":
                return [self._topic(key.argument, key.section)]
            case "danger":
                return [await self._danger(key.argument)]
            case "original":
                self._look_at(key.argument)
                return [original_page(self.words, key.argument)]
            case "aspect" | "simpler" | "in-turkish" | "go-on":
                return await self._of_the_focus(key)
            case "papers":
                asking, self.talk = question(self.words, self.talk)
                return [asking]
            case "paper":
                return [self._paper(key.argument)]
            case "holds":
                self._spoken_of = key.argument
                return []
            case "topics":
                return [self._offer(key, misunderstood + 1)]
            case "say":
                return [self._say(key.argument)]
            case "menu":
                self.talk = replace(self.talk, focus=None)
                return [self.words.menu()]
            case "group":
                return [self.words.group(key.argument)]
            case "start":
                return self._start(key.argument)
            case "languages":
                return [self.words.chooser()]
            case "language":
                return self._speak(key.argument)
            case "repeat":
                return await self._repeat()
            case "status":
                return [await self._status()]
            case "remind":
                return [self._reminders.explain(self.words, Kind(key.argument))]
            case "remind.yes" if key.argument == Kind.CLOCK:
                return [await self._clock().remind()]
            case "remind.yes":
                return await self._reminders.agree(self._db, self.talk, self.words)
            case "remind.stop":
                return [await self._reminders.stop(self._db, self.talk, self.words)]
            case "handoff.open":
                return [await self._hand_over()]
            case "check":
                return await self._check.begin(self._db, self.talk, self.words, key.argument)
            case "check.anew":
                return await self._check.begin_anew(self._db, self.talk, self.words, key.argument)
            case "calendar":
                return await self._check.calendar(self._db, self.talk, self.words, key.argument)
            case "form":
                told = await self._check.continue_with(self._db, self.talk, self.words, key.argument)
                return told or [self._check.over(self.words)]
            case "form.cancel":
                return [await self._clock().stop() or await self._check.cancel(self._db, self.talk, self.words)]
            case "clock":
                return [await self._clock().ask(key.argument, key.section)]
            case "clock.day":
                return [await self._clock().chosen(key.argument)]
            case "forget" | "forget.confirm" if await open_case_of(self._db, self.talk.id):
                # A call for help outlives the wish, whoever holds the phone by now.
                return [self._say("forget-not-now")]
            case "forget":
                return [self._ask_before_erasing()]
            case "forget.confirm":
                return await self._erase()
            case _:
                raise AssertionError(f"bot/keys.py lists {key.name!r}, and nothing performs it")

    def _clock(self) -> ClockTalk:
        return ClockTalk(self._service, self._reminders, self._db, self.talk, self.words)

    def _topic(self, slug: str, section: str = "") -> Utterance:
        """A page or a part of it; below a whole page the question which paper the person has, once."""
        page = topic_page(self.words, slug, section, paper=self._spoken_of or known(self.talk))
        self._look_at(slug)
        if section or self._spoken_of:
            return page
        page, self.talk = with_the_question(self.words, self.talk, slug, page)
        return page

    def _look_at(self, slug: str) -> None:
        self.talk = replace(self.talk, focus=slug)

    async def _of_the_focus(self, key: Key) -> list[Utterance]:
        """Words that only mean something with the topic that is talked about: "how long?", "simpler", "yes"."""
        focus = self.talk.focus
        if focus is None or focus not in self._service.library.topics:
            return [self._which_topic(key)]
        match key.name:
            case "aspect":
                return [self._topic(focus, key.argument)]
            case "simpler":
                return [self._topic(focus, ANSWER)]
            case "in-turkish":
                return [original_page(self.words, focus)]
            case _:
                return [self._topic(focus)]

    def _which_topic(self, key: Key) -> Utterance:
        match key.name:
            case "in-turkish":
                return self.words.chooser()
            case "go-on":
                return self._say("help")
            case _:
                buttons = self.words.topic_buttons(self._service.library.arrangement.first)
                menu = self.words.button("menu", "menu")
                return self.words.say("which-topic", buttons=[*buttons, menu, self.words.person()])

    def _paper(self, paper: str) -> Utterance:
        """The rules for the paper the person named, of the topic that is talked about."""
        self.talk = said(self.talk, paper)
        focus = self.talk.focus
        if focus is None or focus not in self._service.library.topics:
            return self.words.say("paper-noted", buttons=[self.words.button("menu", "menu"), self.words.person()])
        return paper_page(self.words, focus, paper)

    async def _danger(self, slug: str) -> Utterance:
        """Danger was spoken of: somebody of the office is asked to come, and the bot goes on answering until then."""
        # What is typed next is about the danger: no form may take it for a name or a number.
        await self._check.drop(self._db, self.talk)
        page = self._topic(slug)
        opened = await open_case(
            self._db,
            self._service.seal,
            self.talk.id,
            language=self.words.language,
            topic=slug,
            priority=Priority.URGENT,
            reason=Reason.SENSITIVE,
            quiet=False,
        )
        self.joined = opened.case_id
        if not opened.new:
            return page
        told = Block(BlockKind.PARAGRAPH, self.words.phrase("person-called"))
        return above_the_notes(page, told, *await self._if_nobody_is_there())

    async def _if_nobody_is_there(self) -> list[Block]:
        """What to do meanwhile, where nobody who speaks the language is signed in."""
        if await anybody_for(self._db, self.words.language):
            return []
        return [Block(BlockKind.PARAGRAPH, self.words.phrase("handoff-nobody-now"))]

    def _offer(self, key: Key, misunderstandings: int) -> Utterance:
        self.talk = replace(self.talk, misunderstood=misunderstandings)
        phrase = "not-understood"
        if misunderstandings >= MISUNDERSTANDINGS_BEFORE_A_PERSON:
            phrase = "not-understood-again"
        return self.words.offer([name for name in key.argument.split(",") if name], phrase)

    def _say(self, phrase: str) -> Utterance:
        buttons = [self.words.person()]
        if phrase in _WITH_MENU:
            buttons = [self.words.button("menu", "menu"), *buttons, self.words.button("languages", "languages")]
        return self.words.say(phrase, buttons=buttons)

    def _start(self, payload: str) -> list[Utterance]:
        """The first screen, or what a deep link leads to."""
        link = DeepLink.read(payload, self._service.library)
        if link.language:
            self._use(link.language, chosen=True)
        if link.topic:
            return [self._topic(link.topic)]
        if self.talk.language_chosen:
            return self._welcome()
        return [self.words.chooser(*self._introduction())]

    def _introduction(self) -> list[Block]:
        names = ["greeting", "privacy", *(["privacy-telegram"] if self.words.capabilities.stored_abroad else [])]
        return [Block(BlockKind.PARAGRAPH, self.words.phrase(name)) for name in names]

    def _welcome(self) -> list[Utterance]:
        menu = self.words.menu()
        return [replace(menu, blocks=(*self._introduction(), *menu.blocks))]

    def _speak(self, code: str) -> list[Utterance]:
        if not self._service.registry.is_offered(code):
            return [self.words.chooser()]
        self._use(code, chosen=True)
        return self._welcome()

    def _use(self, code: str, *, chosen: bool) -> None:
        self.words = replace(self.words, language=code)
        self.talk = replace(self.talk, language=code, language_chosen=chosen)

    async def _repeat(self) -> list[Utterance]:
        """The last answer again, in the language of now; without one, the menu."""
        said = [u for text in self.talk.last_keys for u in await self.perform(Key.parse(text))]
        return said or [self.words.menu()]

    async def _status(self) -> Utterance:
        """How things stand; about reminders where they are possible, or were once agreed to."""
        name = self._service.registry.get(self.words.language).name
        on = await self._reminders.are_on(self._db, self.talk)
        of_reminders = ["remind-on" if on else "remind-off"] if on or self._reminders.are_possible(self.words) else []
        stop = [self.words.button("remind-stop", "remind.stop")] if on else []
        return self.words.say(
            "status-bot",
            *of_reminders,
            buttons=[*stop, self.words.button("languages", "languages"), self.words.person()],
            key="status",
            language=name,
        )

    async def _hand_over(self) -> Utterance:
        await self._check.drop(self._db, self.talk)
        topics = self._service.library.topics
        topic = self.talk.focus if self.talk.focus in topics else None
        opened = await open_case(
            self._db,
            self._service.seal,
            self.talk.id,
            language=self.words.language,
            topic=topic,
            priority=_PRIORITIES.get(topics[topic].facts.level, Priority.NORMAL) if topic else Priority.NORMAL,
            reason=Reason.ASKED,
        )
        blocks = [
            Block(BlockKind.PARAGRAPH, self.words.phrase("handoff-opened" if opened.new else "handoff-already")),
            Block(BlockKind.PARAGRAPH, self.words.phrase("handoff-place", place=opened.place)),
            *await self._if_nobody_is_there(),
        ]
        return self.words.utterance(blocks, keys=["handoff.open"])

    def _ask_before_erasing(self) -> Utterance:
        yes = self.words.button("forget-yes", "forget.confirm")
        return self.words.say(
            "forget", buttons=[yes, self.words.button("no", "menu"), self.words.person()], key="forget"
        )

    async def _erase(self) -> list[Utterance]:
        """Erase everything and say so in a new, empty conversation with the same person."""
        fresh = await begin_anew(self._db, self._service.seal, self.talk, self._inbox_id)
        await conversations.remember(
            self._db, fresh, language=self.words.language, language_chosen=self.talk.language_chosen
        )
        goodbye = self.words.say("forgotten", buttons=[self.words.button("menu", "menu"), self.words.person()])
        await outbox.put(self._db, self._service.seal, fresh, self.talk.channel, [goodbye])
        self.erased = True
        return []
