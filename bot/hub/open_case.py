"""A turn while a case is open: what goes to the person of the office, and the little that the bot still says.

Once somebody has the case, or was asked for, the bot is silent: what is written goes to the thread. It still says how
the wait stands, stops reminders, and answers danger until a person is there.
"""

from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from bot.assistant import Assistant, AssistantAway, AssistantFailed
from bot.cases import entries
from bot.cases.opening import add_applicant_message, open_case_of, place, silences_the_bot
from bot.hub import kept, open_question, unclear
from bot.hub.acts import Acts
from bot.hub.meaning import as_words, meant, stops_reminders, understand
from bot.hub.state import Ending, TurnState
from bot.model import Kind
from bot.post import inbox, reminders

_OF_THE_WAIT: Final = {"status": "handoff-already", "human": "handoff-already", "forget": "forget-not-now"}
"""Commands that are answered while a case waits in the queue, and with which phrase."""

_FOR_THE_CHECK: Final = "[check]"
"""What the thread shows of a number or a name that somebody typed for the check while a person came."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The open case of the conversation whose turn it is."""

    turn: TurnState
    id: UUID

    @classmethod
    async def of(cls, turn: TurnState) -> Self | None:
        case_id = await open_case_of(turn.db, turn.talk.id)
        return None if case_id is None else cls(turn, case_id)

    async def answer(self, assistant: Assistant) -> Ending | None:
        """What the bot says itself, though a person was asked for; None for everything that is not its business."""
        return await self._of_the_wait() or await self._of_the_unclear() or await self._of_danger(assistant)

    async def takes(self) -> bool:
        """Whether a person answers this message. It is theirs then, and the bot says nothing."""
        turn = self.turn
        if not await silences_the_bot(turn.db, self.id):
            return False
        of_a_check = await open_question.is_of_a_check(turn)
        if not await self._append(_FOR_THE_CHECK if of_a_check else await as_words(turn)):
            return False
        await kept.drop_everything(turn.db, turn.talk.id)
        await inbox.close(turn.db, turn.waiting.inbox_id, "handed_over", keep_text=not of_a_check, take_back=of_a_check)
        return True

    async def takes_meanwhile(self) -> bool:
        """The same at the end of a turn: from here on nobody can take the case before the answer is written."""
        await entries.lock(self.turn.db, self.id)
        return await self.takes()

    async def keeps(self) -> bool:
        """Append the message to the thread. False when the case was closed meanwhile."""
        return await self._append(await as_words(self.turn))

    async def _append(self, words: str) -> bool:
        return await add_applicant_message(self.turn.db, self.turn.service.seal, self.id, words)

    async def _of_the_wait(self) -> Ending | None:
        """What a person who waits in the queue is told on asking for it; nothing once somebody has their case."""
        turn = self.turn
        phrase = _OF_THE_WAIT.get(turn.waiting.text) if turn.waiting.kind is Kind.COMMAND else None
        if await stops_reminders(turn):
            # One tap stops them, also beside a person, where it is done without a word.
            await reminders.stop(turn.db, turn.talk.id)
            phrase = "remind-stopped"
        if phrase is None:
            return None
        # Held, so that nobody takes it while the wait is told: beside a person the bot is silent.
        await entries.lock(turn.db, self.id)
        if (spot := await place(turn.db, self.id)) == 0:
            return None
        return Ending([turn.words.say(phrase, "handoff-place", place=spot)])

    async def _of_the_unclear(self) -> Ending | None:
        """The button below a person's message that says that it is not clear: they are told, and nothing else."""
        key = await unclear.pressed(self.turn)
        return None if key is None else Ending(await Acts(self.turn).perform(key))

    async def _of_danger(self, assistant: Assistant) -> Ending | None:
        """Somebody who waits in the silent queue writes of danger: the numbers come, and the case goes first.

        The queue may be long and the night longer. Everything else they write is for the person to come.
        """
        turn = self.turn
        if turn.waiting.kind is not Kind.TEXT or not await self._waits_in_silence():
            return None
        try:
            reply = await understand(assistant, turn)
        except (AssistantAway, AssistantFailed):
            return None
        danger = next((key for key in meant(turn, reply.keys) if key.name == "danger"), None)
        if danger is None:
            return None
        # Somebody may have come while Rasa thought.
        await entries.lock(turn.db, self.id)
        if not await self._waits_in_silence():
            return None
        said = await Acts(turn).perform(danger)
        await self.keeps()
        return Ending(said, reply)

    async def _waits_in_silence(self) -> bool:
        """Whether nobody answers: the bot no more, and no person yet. Costs the same however long the queue is."""
        db = self.turn.db
        return await silences_the_bot(db, self.id) and (await entries.standing(db, self.id)).state.in_queue
