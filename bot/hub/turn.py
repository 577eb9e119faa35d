"""One turn: from a waiting message to utterances in the outbox, in one transaction.

Reads as the journey of a message: a person speaking? an identity check open? otherwise understand, act, answer. Nothing
here knows a channel or Rasa; failures of the assistant end in another try or in an honest notice, never in silence.
"""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistant import Assistant, AssistantAway, AssistantFailed, AssistantSlow, Reply
from bot.bootstrap import Service
from bot.cases import entries
from bot.cases.opening import add_applicant_message, open_case_of, place, silences_the_bot
from bot.content.facts import Level
from bot.hub import kept, paper
from bot.hub.acts import Acts, is_repeatable
from bot.hub.capabilities import capabilities
from bot.hub.clock import ClockTalk
from bot.hub.deep_link import DeepLink
from bot.hub.identity_check import IdentityCheck
from bot.hub.kept import Kept
from bot.hub.language import language_of, language_without_text
from bot.hub.reminders import Reminders
from bot.hub.render import Renderer
from bot.hub.shield import in_danger, instead_of_doubt, shield
from bot.i18n.formats import OFFICE_ZONE
from bot.keys import Key
from bot.model import Kind, Utterance
from bot.post import conversations, inbox, outbox, reminders
from bot.post.conversations import Conversation
from bot.post.inbox import Waiting
from bot.storage import tracker
from bot.storage.tables import turns

log = structlog.get_logger()

TRIES_OF_A_FAILING_QUESTION: Final = 2
TRIES_WITHOUT_AN_ANSWER: Final = 5
"""Rasa answers nothing while its action server starts again: ten seconds of tries outlast that."""
LONGEST_PAUSE_SECONDS: Final = 5.0
_DATABASE_IN_TROUBLE: Final = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
_TYPED: Final = frozenset({Kind.TEXT, Kind.EDIT, Kind.UNREADABLE})
"""What can hold a person's own words."""
_COMMANDS: Final = {
    "language": Key("languages"),
    "help": Key("say", "help"),
    "status": Key("status"),
    "human": Key("handoff.open"),
    "forget": Key("forget"),
    "stop": Key("remind.stop"),
    "menu": Key("menu"),
}
_OF_THE_WAIT: Final = {"status": "handoff-already", "human": "handoff-already", "forget": "forget-not-now"}
"""Commands that are answered while a case waits in the queue, and with which phrase."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Takes turns. Any number of these, in any number of processes, share the inbox."""

    service: Service
    assistant: Assistant
    check: IdentityCheck
    reminders: Reminders

    async def take_turn(self) -> bool:
        """Answer the oldest message whose turn it is. False when nothing waits."""
        async with self.service.engine.begin() as db:
            waiting = await inbox.claim(db, self.service.seal)
            if waiting is None:
                return False
            try:
                # What a defect undoes is undone without letting go of the message: another worker would fail alike.
                async with db.begin_nested():
                    await self._turn(db, waiting)
            except _DATABASE_IN_TROUBLE:
                # Nothing was closed: everything is tried again.
                raise
            except Exception:
                log.exception("turn.failed", inbox_id=waiting.inbox_id)
                await self._after_a_defect(db, waiting)
        return True

    async def _after_a_defect(self, db: AsyncConnection, waiting: Waiting) -> None:
        """A defect of ours must not hold up the conversation for ever, nor pass in silence."""
        try:
            async with db.begin_nested():
                talk = await conversations.load(db, self.service.seal, waiting.conversation_id)
                words = self._words(talk, waiting)
                await self._try_again(db, talk, waiting, words, tries=TRIES_OF_A_FAILING_QUESTION)
        except _DATABASE_IN_TROUBLE:
            raise
        except Exception:
            # Not even the notice could be said: the message stays for later, and nobody else waits for it.
            log.exception("turn.notice_failed", inbox_id=waiting.inbox_id)
            await inbox.postpone(db, waiting.inbox_id, LONGEST_PAUSE_SECONDS)

    async def _turn(self, db: AsyncConnection, waiting: Waiting) -> None:
        began = time.monotonic()
        talk = await conversations.load(db, self.service.seal, waiting.conversation_id)
        case_id = await open_case_of(db, talk.id)
        if case_id and (told := await self._of_the_wait(db, talk, waiting, case_id)):
            words = self._words(talk, waiting)
            await self._finish(db, waiting, talk, words, [told], Reply((), None), began)
            return
        if case_id and await self._danger_in_the_queue(db, talk, waiting, case_id, began):
            return
        if case_id and await self._goes_to_the_case(db, waiting, case_id):
            return
        if waiting.kind in _TYPED and await self._answers_a_question(db, talk, waiting, began):
            return
        words = self._words(talk, waiting)
        try:
            reply = await self._understand(db, talk, waiting)
        except AssistantAway:
            await self._try_again(db, talk, waiting, words)
            return
        except AssistantFailed as error:
            log.warning("turn.assistant_failed", inbox_id=waiting.inbox_id, reason=str(error))
            slow = isinstance(error, AssistantSlow)
            tries = TRIES_OF_A_FAILING_QUESTION if slow else TRIES_WITHOUT_AN_ANSWER
            await self._try_again(db, talk, waiting, words, tries=tries)
            return
        # Somebody may have come while Rasa thought: then they answer.
        if case_id and await self._taken_meanwhile(db, waiting, case_id):
            return
        acts = Acts(self.service, self.check, self.reminders, db, talk, words, waiting.inbox_id)
        meant = instead_of_doubt(waiting.own_words, self._meant(talk, waiting, reply.keys))
        said = [utterance for key in meant for utterance in await acts.perform(key)]
        if acts.erased:
            return
        compared = shield(acts.words, waiting.own_words, meant)
        said = [*said, *compared] if in_danger(meant) else [*compared, *said]
        if joined := acts.joined or case_id:
            await add_applicant_message(db, self.service.seal, joined, await self._as_words(db, waiting))
        # A changed message is answered with a remark; its words are kept for nobody.
        await self._finish(
            db, waiting, acts.talk, acts.words, said, reply, began, keep_text=waiting.kind is not Kind.EDIT
        )

    async def _goes_to_the_case(self, db: AsyncConnection, waiting: Waiting, case_id: UUID) -> bool:
        """Whether a person answers this message. It is theirs then, and the bot says nothing."""
        if not await silences_the_bot(db, case_id):
            return False
        if not await add_applicant_message(db, self.service.seal, case_id, await self._as_words(db, waiting)):
            return False
        await inbox.close(db, waiting.inbox_id, "handed_over")
        return True

    async def _danger_in_the_queue(
        self, db: AsyncConnection, talk: Conversation, waiting: Waiting, case_id: UUID, began: float
    ) -> bool:
        """Whether somebody who waits in the silent queue wrote of danger: the numbers come, and the case goes first.

        The queue may be long and the night longer. Everything else they write is for the person to come.
        """
        if waiting.kind is not Kind.TEXT or not await _waits_in_silence(db, case_id):
            return False
        try:
            reply = await self.assistant.ask(_sender(talk, waiting), waiting.text)
        except (AssistantAway, AssistantFailed):
            return False
        danger = next((key for key in self._meant(talk, waiting, reply.keys) if key.name == "danger"), None)
        if danger is None:
            return False
        # Somebody may have come while Rasa thought.
        await entries.lock(db, case_id)
        if not await _waits_in_silence(db, case_id):
            return False
        acts = Acts(self.service, self.check, self.reminders, db, talk, self._words(talk, waiting), waiting.inbox_id)
        said = await acts.perform(danger)
        await add_applicant_message(db, self.service.seal, case_id, waiting.text)
        await self._finish(db, waiting, acts.talk, acts.words, said, reply, began)
        return True

    async def _taken_meanwhile(self, db: AsyncConnection, waiting: Waiting, case_id: UUID) -> bool:
        """The same at the end of a turn: from here on nobody can take the case before the answer is written."""
        await entries.lock(db, case_id)
        return await self._goes_to_the_case(db, waiting, case_id)

    def _meant(self, talk: Conversation, waiting: Waiting, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        """What to do about words that a person wrote; a button means what it says."""
        if waiting.kind not in _TYPED:
            return keys
        topics = self.service.library.topics
        keys = tuple(
            Key("danger", key.argument)
            if key.name == "topic" and key.argument in topics and topics[key.argument].facts.level is Level.H3
            else key
            for key in keys
        )
        return paper.as_an_answer(talk, keys, waiting.text) if waiting.kind is Kind.TEXT else keys

    async def _answers_a_question(
        self, db: AsyncConnection, talk: Conversation, waiting: Waiting, began: float
    ) -> bool:
        """Whether it belongs to a question of ours that is open.

        Then it may be a name, a number or a date: it never reaches Rasa, and says nothing about the language.
        """
        question = await kept.open_question(db, talk.id)
        if question is None:
            return False
        default = self.service.settings.default_language
        language = language_without_text(self.service.registry, talk, waiting.language_hint, default)
        words = renderer(self.service, talk.channel, language)
        is_text = waiting.kind is Kind.TEXT
        if question is Kept.CLOCK:
            # A clock takes dates only: everything else goes where it always goes.
            told = (
                await ClockTalk(self.service, self.reminders, db, talk, words).typed(waiting.text) if is_text else None
            )
            if told is None:
                return False
            said = [told]
        elif is_text:
            said = await self.check.continue_with(db, talk, words, waiting.text) or []
        else:
            phrase = "edited" if waiting.kind is Kind.EDIT else "unreadable"
            said = [words.say(phrase, buttons=[words.button("cancel", "form.cancel"), words.person()])]
        # A date alone says nothing about anybody: only what a check took leaves the chat too.
        of_a_check = question is Kept.CHECK
        await self._finish(
            db, waiting, talk, words, said, Reply((), None), began, keep_text=False, take_back=of_a_check
        )
        return True

    async def _of_the_wait(
        self, db: AsyncConnection, talk: Conversation, waiting: Waiting, case_id: UUID
    ) -> Utterance | None:
        """What a person who waits in the queue is told on asking for it; nothing once somebody has their case."""
        phrase = _OF_THE_WAIT.get(waiting.text) if waiting.kind is Kind.COMMAND else None
        if await self._stops_reminders(db, waiting):
            # One tap stops them, also beside a person, where it is done without a word.
            await reminders.stop(db, talk.id)
            phrase = "remind-stopped"
        if phrase is None:
            return None
        # Held, so that nobody takes it while the wait is told: beside a person the bot is silent.
        await entries.lock(db, case_id)
        if (spot := await place(db, case_id)) == 0:
            return None
        words = self._words(talk, waiting)
        return words.say(phrase, "handoff-place", place=spot)

    async def _stops_reminders(self, db: AsyncConnection, waiting: Waiting) -> bool:
        stop = str(_COMMANDS["stop"])
        if waiting.kind is Kind.CHOICE:
            return await outbox.meaning(db, waiting.conversation_id, waiting.text) == stop
        return waiting.kind is Kind.COMMAND and waiting.text == "stop"

    async def _understand(self, db: AsyncConnection, talk: Conversation, waiting: Waiting) -> Reply:
        match waiting.kind:
            case Kind.TEXT:
                return await self.assistant.ask(_sender(talk, waiting), waiting.text)
            case Kind.CHOICE:
                meaning = await outbox.meaning(db, talk.id, waiting.text)
                return Reply((Key.parse(meaning or "say:button-expired"),), None)
            case Kind.COMMAND if waiting.text == "start":
                return Reply((Key("start", str(DeepLink.read(waiting.argument, self.service.library))),), None)
            case Kind.COMMAND:
                return Reply((_COMMANDS.get(waiting.text, Key("say", "help")),), None)
            case Kind.EDIT:
                return Reply((Key("say", "edited"),), None)
            case Kind.UNREADABLE if waiting.argument:
                # A picture with words below it: the words are a question like any other.
                reply = await self.assistant.ask(_sender(talk, waiting), waiting.argument)
                return replace(reply, keys=(Key("say", "picture-unseen"), *reply.keys))
            case Kind.UNREADABLE:
                return Reply((Key("say", "unreadable"),), None)

    async def _as_words(self, db: AsyncConnection, waiting: Waiting) -> str:
        """What the interpreter reads of a message, also of one that is not plain text."""
        match waiting.kind:
            case Kind.TEXT | Kind.EDIT:
                return waiting.text
            case Kind.COMMAND:
                return f"/{waiting.text}"
            case Kind.CHOICE:
                return f"[{await outbox.meaning(db, waiting.conversation_id, waiting.text) or waiting.kind.value}]"
            case Kind.UNREADABLE:
                return f"[{waiting.text}] {waiting.argument}".rstrip()

    async def _finish(
        self,
        db: AsyncConnection,
        waiting: Waiting,
        talk: Conversation,
        words: Renderer,
        said: list[Utterance],
        reply: Reply,
        began: float,
        *,
        keep_text: bool = True,
        take_back: bool = False,
    ) -> None:
        keys = [key for utterance in said for key in utterance.keys if is_repeatable(Key.parse(key))]
        await outbox.put(db, self.service.seal, talk.id, talk.channel, words.fitted(said), waiting.inbox_id)
        await inbox.close(db, waiting.inbox_id, "answered", keep_text=keep_text, take_back=take_back)
        understood = reply.understanding
        await db.execute(
            turns.insert().values(
                inbox_id=waiting.inbox_id,
                conversation_id=talk.id,
                language=words.language,
                intent=understood.intent if understood else None,
                confidence=understood.confidence if understood else None,
                ranking=[[name, round(sure, 4)] for name, sure in understood.ranking] if understood else [],
                keys=[paper.on_record(key) for key in reply.keys],
                milliseconds=round((time.monotonic() - began) * 1000),
            )
        )
        await conversations.remember(
            db,
            talk.id,
            language=words.language,
            language_chosen=talk.language_chosen,
            last_keys=keys or list(talk.last_keys),
            misunderstood=talk.misunderstood,
            focus=talk.focus,
            sealed_paper=None if talk.paper is None else self.service.seal.close(talk.paper),
        )

    async def _try_again(
        self, db: AsyncConnection, talk: Conversation, waiting: Waiting, words: Renderer, *, tries: int | None = None
    ) -> None:
        """Keep the question for later, or end it honestly when it has waited or failed enough."""
        too_long = waiting.waited_seconds > self.service.settings.give_up_after_seconds
        if not too_long and (tries is None or waiting.attempts + 1 < tries):
            await inbox.postpone(db, waiting.inbox_id, min(1.0 + waiting.attempts, LONGEST_PAUSE_SECONDS))
            return
        if case_id := await open_case_of(db, talk.id):
            if await self._taken_meanwhile(db, waiting, case_id):
                return
            await add_applicant_message(db, self.service.seal, case_id, await self._as_words(db, waiting))
        sorry = words.say("gave-up", buttons=[words.person(), words.button("menu", "menu")])
        await outbox.put(db, self.service.seal, talk.id, talk.channel, [sorry], waiting.inbox_id)
        # What a defect of ours met in a check is erased like every other answer of it.
        typed = waiting.kind in _TYPED and await kept.open_question(db, talk.id) is Kept.CHECK
        await inbox.close(db, waiting.inbox_id, "notified", keep_text=not typed, take_back=typed)

    def _words(self, talk: Conversation, waiting: Waiting) -> Renderer:
        registry, default = self.service.registry, self.service.settings.default_language
        language = language_of(
            registry, talk, waiting.kind, waiting.text, waiting.argument, waiting.language_hint, default
        )
        return renderer(self.service, talk.channel, language)


def renderer(service: Service, channel: str, language: str) -> Renderer:
    """Words in a language for a channel, as of today in the office."""
    return Renderer(
        service.library, service.catalogues, language, capabilities(channel), datetime.now(OFFICE_ZONE).date()
    )


async def _waits_in_silence(db: AsyncConnection, case_id: UUID) -> bool:
    """Whether nobody answers: the bot no more, and no person yet. Costs the same however long the queue is."""
    return await silences_the_bot(db, case_id) and (await entries.standing(db, case_id)).state.in_queue


def _sender(talk: Conversation, waiting: Waiting) -> str:
    # A question that failed may still be running in Rasa, under the conversation's lock: it is asked again beside it.
    return tracker.sender(talk.id, waiting.inbox_id if waiting.attempts else None)
