"""What each key does. This is the list: whatever takes more than a few lines has a module of its own.

One `Acts` lives for one turn and its transaction; what the keys change, they change in the turn's state.
"""

from dataclasses import dataclass, replace
from typing import Final

from bot.cases.opening import open_case_of
from bot.hub import calling, first_screen, topic_talk, unclear
from bot.hub.clock import ClockTalk
from bot.hub.paper import at_the_next_turn
from bot.hub.reminders import Kind
from bot.hub.render import ANSWERS
from bot.hub.state import TurnState
from bot.keys import Key
from bot.model import Utterance
from bot.post import conversations, outbox
from bot.post.forgetting import begin_anew

MISUNDERSTANDINGS_BEFORE_A_PERSON: Final = 2
_REPEATABLE: Final = frozenset({"topic", "topics", "original", "say", "menu", "languages", "check", "papers"})


def is_repeatable(key: Key) -> bool:
    """Whether performing the key once more says the same again."""
    return key.name in _REPEATABLE and (key.name != "say" or key.argument in ANSWERS)


@dataclass(frozen=True, slots=True)
class Acts:
    """Performs the keys of one turn."""

    turn: TurnState

    async def perform(self, key: Key) -> list[Utterance]:
        """Do what the key says and return what to tell the person."""
        turn, words, about = self.turn, self.turn.words, key.argument
        db, talk = turn.db, at_the_next_turn(turn.talk, again=key.name == "repeat")
        misunderstood = talk.misunderstood
        turn.talk = talk = replace(talk, misunderstood=0)
        match key.name:
            case "topic":
                return [topic_talk.page(turn, about, key.section)]
            case "danger":
                return [await calling.because_of_danger(turn, about)]
            case "leaflet":
                return [topic_talk.as_a_leaflet(turn, about)]
            case "original":
                return [topic_talk.in_turkish(turn, about)]
            case "aspect" | "simpler" | "in-turkish" | "go-on":
                return [topic_talk.of_the_focus(turn, key)]
            case "papers":
                return [topic_talk.ask_for_the_paper(turn)]
            case "paper":
                return [topic_talk.for_the_paper(turn, about)]
            case "holds":
                turn.spoken_of = about
                return []
            case "unclear":
                return [unclear.ways_on(words, about)]
            case "unclear.person":
                return [await unclear.tell_the_person(turn, about)]
            case "topics":
                return [self._offer(about, misunderstood + 1)]
            case "say":
                return [words.phrase_alone(about)]
            case "menu":
                turn.talk = replace(talk, focus=None)
                return [words.menu()]
            case "group":
                return [words.group(about)]
            case "start":
                return [first_screen.start(turn, about)]
            case "languages":
                return [words.chooser()]
            case "language":
                return [first_screen.speak(turn, about)]
            case "repeat":
                return await self._repeat()
            case "status":
                return [await self._status()]
            case "remind":
                return [turn.reminders.explain(words, Kind(about))]
            case "remind.yes" if about == Kind.CLOCK:
                return [await self._clock().remind()]
            case "remind.yes":
                return await turn.reminders.agree(db, talk, words)
            case "remind.stop":
                return [await turn.reminders.stop(db, talk, words)]
            case "handoff.open":
                return [await calling.because_asked(turn)]
            case "check":
                return await turn.check.begin(db, talk, words, about)
            case "check.anew":
                return await turn.check.begin_anew(db, talk, words, about)
            case "calendar":
                return await turn.check.calendar(db, talk, words, about)
            case "form":
                return await turn.check.continue_with(db, talk, words, about) or [turn.check.over(words)]
            case "form.cancel":
                return [await self._clock().stop() or await turn.check.cancel(db, talk, words)]
            case "clock":
                return [await self._clock().ask(about, key.section)]
            case "clock.day":
                return [await self._clock().chosen(about)]
            case "forget" | "forget.confirm" if await open_case_of(db, talk.id):
                # A call for help outlives the wish, whoever holds the phone by now.
                return [words.phrase_alone("forget-not-now")]
            case "forget":
                return [self._ask_before_erasing()]
            case "forget.confirm":
                return await self._erase()
            case _:
                raise AssertionError(f"bot/keys.py lists {key.name!r}, and nothing performs it")

    def _clock(self) -> ClockTalk:
        return ClockTalk(self.turn.service, self.turn.reminders, self.turn.db, self.turn.talk, self.turn.words)

    def _offer(self, names: str, misunderstandings: int) -> Utterance:
        self.turn.talk = replace(self.turn.talk, misunderstood=misunderstandings)
        phrase = "not-understood"
        if misunderstandings >= MISUNDERSTANDINGS_BEFORE_A_PERSON:
            phrase = "not-understood-again"
        return self.turn.words.offer([name for name in names.split(",") if name], phrase)

    async def _repeat(self) -> list[Utterance]:
        """The last answer again, in the language of now; without one, the menu."""
        said = [u for text in self.turn.talk.last_keys for u in await self.perform(Key.parse(text))]
        return said or [self.turn.words.menu()]

    async def _status(self) -> Utterance:
        """How things stand; about reminders where they are possible, or were once agreed to."""
        turn, words = self.turn, self.turn.words
        on = await turn.reminders.are_on(turn.db, turn.talk)
        of_reminders = ["remind-on" if on else "remind-off"] if on or turn.reminders.are_possible(words) else []
        stop = [words.button("remind-stop", "remind.stop")] if on else []
        return words.say(
            "status-bot",
            *of_reminders,
            buttons=[*stop, words.button("languages", "languages"), words.person()],
            key="status",
            language=turn.service.registry.get(words.language).name,
        )

    def _ask_before_erasing(self) -> Utterance:
        words = self.turn.words
        buttons = [words.button("forget-yes", "forget.confirm"), words.button("no", "menu"), words.person()]
        return words.say("forget", buttons=buttons, key="forget")

    async def _erase(self) -> list[Utterance]:
        """Erase everything and say so in a new, empty conversation with the same person."""
        turn, seal = self.turn, self.turn.service.seal
        fresh = await begin_anew(turn.db, seal, turn.talk, turn.waiting.inbox_id)
        await conversations.remember(
            turn.db, fresh, language=turn.words.language, language_chosen=turn.talk.language_chosen
        )
        await outbox.put(turn.db, seal, fresh, turn.talk.channel, [turn.words.remark("forgotten")])
        turn.erased = True
        return []
