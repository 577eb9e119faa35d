"""How a last day is said: the questions before it, the day, how it was counted, and what to do now. Words only."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from bot.content.clocks import Clock
from bot.content.facts import Counts
from bot.content.office_days import next_open_day
from bot.content.planner import Advice, Closed, Plan, advice
from bot.hub.render import Renderer
from bot.i18n.clock_phrases import ANSWER, DIALOGUE, HOLIDAYS, LABELS, OFFERS, QUESTIONS, TITLES
from bot.i18n.formats import format_date, format_day
from bot.i18n.typed_dates import TypedDate
from bot.model import Block, BlockKind, Button, Utterance

DAYS_TO_CHOOSE: Final = 7
"""Today, yesterday, and the five days before."""
TO_TYPE: Final = "type"
RIGHT: Final = "yes"
_NAMED_DAYS: Final = ("today", "yesterday")


def offers(words: Renderer, clocks: Iterable[Clock]) -> list[Button]:
    """The buttons that lead to the clocks of a topic."""
    return [Button(_say(words, OFFERS[clock.id]), key=f"clock:{clock.topic}#{clock.id}") for clock in clocks]


def question(words: Renderer, clock: Clock) -> Utterance:
    """When did it happen? The last days as buttons; a date that is still to come can only be typed."""
    if clock.counts is Counts.BEFORE:
        return to_type(words, clock)
    days = [Button(_name(words, ago), key=f"clock.day:{ago}") for ago in range(DAYS_TO_CHOOSE)]
    lines = [_say(words, QUESTIONS[clock.id])]
    return _asking(words, clock, lines, [*days, _button(words, "another-day", TO_TYPE)])


def to_type(words: Renderer, clock: Clock, remark: str = "") -> Utterance:
    """Ask for a typed date. `remark` (of `DIALOGUE`) says what was wrong with the last one."""
    lines = [_say(words, DIALOGUE[remark])] if remark else []
    lines.append(_say(words, QUESTIONS[clock.id]))
    if remark != "unreadable":
        lines.append(_say(words, DIALOGUE["type"], example=words.today.strftime("%d.%m.%Y")))
    return _asking(words, clock, lines, [])


def to_confirm(words: Renderer, clock: Clock, typed: TypedDate) -> Utterance:
    """The typed date in both calendars where it was not a Gregorian one, so that a slip is seen."""
    phrase = DIALOGUE["confirm-solar" if typed.solar else "confirm"]
    line = _say(words, phrase, typed=typed.solar, day=_day(words, typed.day))
    return _asking(words, clock, [line], [_button(words, "right-day", RIGHT), _button(words, "another-day", TO_TYPE)])


def ended(words: Renderer, remark: str, slug: str = "") -> Utterance:
    """The question is over without an answer."""
    topic = words.topic_buttons([slug]) if slug else []
    buttons = [*topic, words.button("menu", "menu"), words.person()]
    return words.utterance([Block(BlockKind.PARAGRAPH, _say(words, DIALOGUE[remark]))], buttons)


def answer(words: Renderer, plan: Plan, *, remind: Iterable[Button] = ()) -> Utterance:
    """The last day, what to do, how it was counted, and that only the office decides."""
    todo = advice(plan, words.today)
    lines = _late(words, plan) if todo is Advice.PASSED else _in_time(words, plan, todo)
    blocks = [
        Block(BlockKind.HEADING, _say(words, TITLES[plan.clock.id])),
        *(Block(BlockKind.PARAGRAPH, line) for line in lines),
        Block(BlockKind.STEPS, _say(words, ANSWER["how"]), tuple(_count(words, plan))),
        Block(BlockKind.NOTE, "", (_say(words, ANSWER["help-only"]),)),
    ]
    ways = [*remind, *words.topic_buttons([plan.clock.topic]), words.button("menu", "menu")]
    person = words.person()
    return words.utterance(blocks, [person, *ways] if todo is Advice.PASSED else [*ways, person])


def _in_time(words: Renderer, plan: Plan, todo: Advice) -> Iterable[str]:
    # Who may apply already has no use for a day that has passed.
    if plan.first and todo is Advice.NOT_YET:
        yield _say(words, ANSWER["first-day"], day=_day(words, plan.first))
    yield _say(words, ANSWER["last-day"], day=_day(words, plan.last))
    if plan.ends != plan.last:
        yield _say(words, ANSWER["closed-then"], day=_day(words, plan.ends))
    if plan.closes_at_noon:
        yield _say(words, ANSWER["noon"])
    yield _say(words, ANSWER[todo], day=_day(words, next_open_day(words.today)))


def _late(words: Renderer, plan: Plan) -> Iterable[str]:
    yield _say(words, ANSWER["passed"])
    yield _say(words, ANSWER["last-day-was"], day=_day(words, plan.last))


def _count(words: Renderer, plan: Plan) -> Iterable[str]:
    """How the count went, one thing a line."""
    clock = plan.clock
    after = "working-days" if clock.working else "days"
    phrase = after if clock.counts is Counts.AFTER else "days-before"
    yield _say(words, ANSWER[phrase], days=clock.days, day=_day(words, plan.event))
    if clock.working:
        yield _say(words, ANSWER["weekends"])
    yield from (_holiday(words, closed) for closed in plan.closed)
    if plan.estimated:
        yield _say(words, ANSWER["estimated"])


def _holiday(words: Renderer, closed: Closed) -> str:
    language = words.library.languages.get(words.language)
    phrase = "holiday" if closed.first == closed.last else "holidays"
    first, last = (format_date(day, language) for day in (closed.first, closed.last))
    return _say(words, ANSWER[phrase], name=_say(words, HOLIDAYS[closed.holiday]), first=first, last=last)


def _asking(words: Renderer, clock: Clock, lines: Iterable[str], answers: Iterable[Button]) -> Utterance:
    blocks = [Block(BlockKind.HEADING, _say(words, TITLES[clock.id]))]
    blocks += [Block(BlockKind.PARAGRAPH, line) for line in lines]
    return words.utterance(blocks, [*answers, words.button("cancel", "form.cancel"), words.person()])


def _name(words: Renderer, ago: int) -> str:
    if ago < len(_NAMED_DAYS):
        return _say(words, LABELS[_NAMED_DAYS[ago]])
    return words.isolated(_day(words, words.today - timedelta(days=ago)))


def _button(words: Renderer, label: str, argument: str) -> Button:
    return Button(_say(words, LABELS[label]), key=f"clock.day:{argument}")


def _day(words: Renderer, day: date) -> str:
    return format_day(day, words.library.languages.get(words.language))


def _say(words: Renderer, phrase: str, **values: object) -> str:
    return words.isolated(words.catalogues.say(words.language, phrase, **values))
