"""One turn: from a waiting message to utterances in the outbox, in one transaction.

Reads as the journey of a message: a code from the kiosk? a case open? a question of ours open? otherwise understand,
act, answer. Nothing here knows a channel or Rasa; failures of the assistant end in another try or in an honest notice,
never in silence.
"""

import time
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistant import Assistant, AssistantAway, AssistantFailed, AssistantSlow, Reply
from bot.bootstrap import Service
from bot.cases.opening import add_applicant_message
from bot.hub import going_on, open_question, paper
from bot.hub.acts import Acts, is_repeatable
from bot.hub.identity_check import IdentityCheck
from bot.hub.meaning import as_words, meant, understand
from bot.hub.open_case import OpenCase
from bot.hub.reminders import Reminders
from bot.hub.shield import in_danger, shield
from bot.hub.state import Ending, TurnState
from bot.keys import Key
from bot.model import Kind
from bot.post import conversations, inbox, outbox
from bot.post.inbox import Waiting
from bot.storage.tables import turns

log = structlog.get_logger()

TRIES_OF_A_FAILING_QUESTION: Final = 2
TRIES_WITHOUT_AN_ANSWER: Final = 5
"""Rasa answers nothing while its action server starts again: ten seconds of tries outlast that."""
LONGEST_PAUSE_SECONDS: Final = 5.0
_DATABASE_IN_TROUBLE: Final = (OperationalError, InterfaceError, PoolTimeoutError, OSError)


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
                    await self._turn(await self._begin(db, waiting))
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
                await self._try_again(await self._begin(db, waiting), tries=TRIES_OF_A_FAILING_QUESTION)
        except _DATABASE_IN_TROUBLE:
            raise
        except Exception:
            # Not even the notice could be said: the message stays for later, and nobody else waits for it.
            log.exception("turn.notice_failed", inbox_id=waiting.inbox_id)
            await inbox.postpone(db, waiting.inbox_id, LONGEST_PAUSE_SECONDS)

    async def _begin(self, db: AsyncConnection, waiting: Waiting) -> TurnState:
        began = time.monotonic()
        talk = await conversations.load(db, self.service.seal, waiting.conversation_id)
        return TurnState(self.service, self.check, self.reminders, db, waiting, talk, began)

    async def _turn(self, turn: TurnState) -> None:
        if (code := going_on.code_of(turn)) is not None:
            await self._finish(turn, await going_on.arrive(turn, code))
            return
        case = await OpenCase.of(turn)
        if case and (ending := await case.answer(self.assistant)):
            await self._finish(turn, ending)
            return
        if case and await case.takes():
            return
        if ending := await open_question.answer(turn):
            await self._finish(turn, ending)
            return
        try:
            reply = await understand(self.assistant, turn)
        except AssistantAway:
            await self._try_again(turn)
            return
        except AssistantFailed as error:
            log.warning("turn.assistant_failed", inbox_id=turn.waiting.inbox_id, reason=str(error))
            slow = isinstance(error, AssistantSlow)
            await self._try_again(turn, tries=TRIES_OF_A_FAILING_QUESTION if slow else TRIES_WITHOUT_AN_ANSWER)
            return
        # Somebody may have come while Rasa thought: then they answer.
        if case and await case.takes_meanwhile():
            return
        if ending := await self._act(turn, reply, case):
            await self._finish(turn, ending)

    async def _act(self, turn: TurnState, reply: Reply, case: OpenCase | None) -> Ending | None:
        """Do what was understood, and keep a copy for the person who was called. None when everything is erased."""
        waiting = turn.waiting
        acts, keys = Acts(turn), meant(turn, reply.keys)
        said = [utterance for key in keys for utterance in await acts.perform(key)]
        if turn.erased:
            return None
        compared = shield(turn.words, waiting.own_words, keys)
        said = [*said, *compared] if in_danger(keys) else [*compared, *said]
        if joined := turn.joined or (case and case.id):
            await add_applicant_message(turn.db, self.service.seal, joined, await as_words(turn))
        # A changed message is answered with a remark; its words are kept for nobody.
        return Ending(said, reply, keep_text=waiting.kind is not Kind.EDIT)

    async def _finish(self, turn: TurnState, ending: Ending) -> None:
        db, talk, words, inbox_id = turn.db, turn.talk, turn.words, turn.waiting.inbox_id
        repeatable = [key for utterance in ending.said for key in utterance.keys if is_repeatable(Key.parse(key))]
        await outbox.put(db, self.service.seal, talk.id, talk.channel, words.fitted(ending.said), inbox_id)
        await inbox.close(db, inbox_id, "answered", keep_text=ending.keep_text, take_back=ending.take_back)
        understood = ending.reply.understanding
        await db.execute(
            turns.insert().values(
                inbox_id=inbox_id,
                conversation_id=talk.id,
                language=words.language,
                intent=understood.intent if understood else None,
                confidence=understood.confidence if understood else None,
                ranking=[[name, round(sure, 4)] for name, sure in understood.ranking] if understood else [],
                keys=[paper.on_record(key) for key in ending.reply.keys],
                milliseconds=round((time.monotonic() - turn.began) * 1000),
            )
        )
        await conversations.remember(
            db,
            talk.id,
            language=words.language,
            language_chosen=talk.language_chosen,
            last_keys=repeatable or list(talk.last_keys),
            misunderstood=talk.misunderstood,
            focus=talk.focus,
            sealed_paper=None if talk.paper is None else self.service.seal.close(talk.paper),
        )

    async def _try_again(self, turn: TurnState, *, tries: int | None = None) -> None:
        """Keep the question for later, or end it honestly when it has waited or failed enough."""
        db, talk, waiting = turn.db, turn.talk, turn.waiting
        too_long = waiting.waited_seconds > self.service.settings.give_up_after_seconds
        if not too_long and (tries is None or waiting.attempts + 1 < tries):
            await inbox.postpone(db, waiting.inbox_id, min(1.0 + waiting.attempts, LONGEST_PAUSE_SECONDS))
            return
        if case := await OpenCase.of(turn):
            if await case.takes_meanwhile():
                return
            await case.keeps()
        words = turn.words
        sorry = words.say("gave-up", buttons=[words.person(), words.button("menu", "menu")])
        await outbox.put(db, self.service.seal, talk.id, talk.channel, [sorry], waiting.inbox_id)
        # What a defect of ours met in a check is erased like every other answer of it.
        typed = await open_question.is_of_a_check(turn)
        await inbox.close(db, waiting.inbox_id, "notified", keep_text=not typed, take_back=typed)
