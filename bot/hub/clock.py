"""Works out a last day in a conversation: asks when it happened, reads the day, and says the plan.

What is typed here never reaches Rasa and is erased from the inbox in the transaction that answers it. But only what
looks like a date is taken: whoever writes a sentence meanwhile has a question, or is in danger. The date is kept sealed
until the answer and not after it; what is kept then, ten minutes, is the last day, for a reminder.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.caseapi.identity import plain
from bot.content import planner
from bot.content.clocks import Clock
from bot.content.facts import Counts
from bot.content.planner import Plan
from bot.hub import clock_words, kept
from bot.hub.kept import Kept
from bot.hub.reminders import Kind, Planned, Reminders
from bot.hub.render import Renderer
from bot.hub.topic_page import topic_page
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.typed_dates import read_date
from bot.model import Button, Utterance
from bot.post.conversations import Conversation
from bot.post.reminders import ReminderDetails

LIFETIME: Final = timedelta(minutes=10)
MOST_WORDS_OF_A_DATE: Final = 3
"""A longer text with a digit in it ("he hit me 3 times") is a sentence, and goes where sentences go."""


class ClockForm(BaseModel):
    """The open question. `asked_on` is the day that the buttons count back from, `typed` a date to be confirmed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    clock: str
    asked_on: date
    typed: date | None = None


class LastDay(BaseModel):
    """What a reminder needs of an answer: no event, only the day it led to, and when to speak of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    clock: str
    day: date
    moments: tuple[AwareDatetime, ...]


@dataclass(frozen=True, slots=True)
class ClockTalk:
    """The part of one turn that is about a clock."""

    service: Service
    reminders: Reminders
    db: AsyncConnection
    talk: Conversation
    words: Renderer

    async def ask(self, slug: str, clock_id: str) -> Utterance:
        """Open the question. A button may be older than the content: then its topic's page, or the menu."""
        if slug not in self.service.library.topics:
            return self.words.menu()
        form = ClockForm(topic=slug, clock=clock_id, asked_on=self.words.today)
        clock = self._clock(form)
        if clock is None:
            return topic_page(self.words, slug)
        await self._keep(Kept.CLOCK, form)
        return clock_words.question(self.words, clock)

    async def chosen(self, argument: str) -> Utterance:
        """A button below the question: some days ago, another day, or yes to the day that was typed."""
        opened = await self._opened()
        if opened is None:
            return clock_words.ended(self.words, "over")
        form, clock = opened
        if argument == clock_words.RIGHT and form.typed:
            return await self._take(form, clock, form.typed)
        ago = int(argument) if argument.isascii() and argument.isdigit() else clock_words.DAYS_TO_CHOOSE
        if ago < clock_words.DAYS_TO_CHOOSE and clock.counts is Counts.AFTER:
            return await self._take(form, clock, form.asked_on - timedelta(days=ago))
        return clock_words.to_type(self.words, clock)

    async def typed(self, text: str) -> Utterance | None:
        """What follows from words typed while the question is open; None when they are no answer to it."""
        opened = await self._opened()
        if opened is None:
            return None
        form, clock = opened
        words = plain(text)
        found = read_date(words)
        if found is None:
            return clock_words.to_type(self.words, clock, "unreadable") if self._is_an_attempt(words) else None
        if wrong := planner.doubt(clock, found.day, self.words.today):
            return clock_words.to_type(self.words, clock, wrong)
        await self._keep(Kept.CLOCK, form.model_copy(update={"typed": found.day}))
        return clock_words.to_confirm(self.words, clock, found)

    async def stop(self) -> Utterance | None:
        """Leave the question, if one is open."""
        opened = await self._opened()
        if opened is None:
            return None
        await kept.drop_questions(self.db, self.talk.id)
        return clock_words.ended(self.words, "stopped", opened[0].topic)

    async def remind(self) -> Utterance:
        """The consent to be reminded of the last day that was worked out a moment ago."""
        state = await kept.find(self.db, self.service.seal, self.talk.id, Kept.LAST_DAY)
        if state is None:
            return clock_words.ended(self.words, "over")
        wanted = LastDay.model_validate(state)
        details = ReminderDetails(day=wanted.day, topic=wanted.topic)
        over = datetime.combine(wanted.day + timedelta(days=1), time(tzinfo=OFFICE_ZONE)).astimezone(UTC)
        planned = [
            Planned(f"{Kind.CLOCK.value}:{wanted.clock}", details, moment.astimezone(UTC), over)
            for moment in wanted.moments
            if moment > datetime.now(UTC)
        ]
        return await self.reminders.promise(self.db, self.talk, self.words, Kind.CLOCK, planned)

    async def _take(self, form: ClockForm, clock: Clock, event: date) -> Utterance:
        if wrong := planner.doubt(clock, event, self.words.today):
            return clock_words.to_type(self.words, clock, wrong)
        await kept.drop_questions(self.db, self.talk.id)
        plan = planner.plan(clock, event)
        return clock_words.answer(self.words, plan, remind=await self._offered(plan))

    async def _offered(self, plan: Plan) -> list[Button]:
        """The offer of a reminder, where one could still be said and reach this very person."""
        moments = planner.moments_to_remind(plan, datetime.now(UTC))
        if not moments or not self.reminders.are_possible(self.words):
            return []
        day = LastDay(topic=plan.clock.topic, clock=plan.clock.id, day=plan.last, moments=moments)
        await self._keep(Kept.LAST_DAY, day)
        return [self.words.button("remind", f"remind:{Kind.CLOCK.value}")]

    async def _opened(self) -> tuple[ClockForm, Clock] | None:
        state = await kept.find(self.db, self.service.seal, self.talk.id, Kept.CLOCK)
        if state is None:
            return None
        form = ClockForm.model_validate(state)
        clock = self._clock(form)
        return None if clock is None else (form, clock)

    def _clock(self, form: ClockForm) -> Clock | None:
        """The clock, as long as its topic may be shown."""
        topic = self.service.library.topics.get(form.topic)
        if topic is None or topic.withheld(self.words.today):
            return None
        return topic.clocks.get(form.clock)

    async def _keep(self, kind: Kept, state: BaseModel) -> None:
        until = datetime.now(UTC) + LIFETIME
        await kept.keep(self.db, self.service.seal, self.talk.id, kind, state.model_dump(mode="json"), until=until)

    def _is_an_attempt(self, text: str) -> bool:
        """Whether a text that is no date was meant as one. Nobody who writes "help 112" means a date."""
        parts = text.split()
        has_digits = any(char.isdigit() for char in text)
        return (
            has_digits and len(parts) <= MOST_WORDS_OF_A_DATE and self.service.library.phones.keys().isdisjoint(parts)
        )
