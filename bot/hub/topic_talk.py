"""The topic that is talked about: its pages, words that only mean something with it, and the paper it depends on.

How a page looks is `bot.hub.topic_page`'s, how the paper is asked for is `bot.hub.paper`'s.
"""

from dataclasses import replace

from bot.content.aspects import ANSWER
from bot.hub.leaflet_page import leaflet_page
from bot.hub.paper import known, question, said, with_the_question
from bot.hub.state import TurnState
from bot.hub.topic_page import original_page, paper_page, topic_page
from bot.keys import Key
from bot.model import Utterance


def page(turn: TurnState, slug: str, section: str = "") -> Utterance:
    """A page or a part of it; below a whole page the question which paper the person has, once."""
    shown = topic_page(turn.words, slug, section, paper=turn.spoken_of or known(turn.talk))
    _look_at(turn, slug)
    if section or turn.spoken_of:
        return shown
    shown, turn.talk = with_the_question(turn.words, turn.talk, slug, shown)
    return shown


def in_turkish(turn: TurnState, slug: str) -> Utterance:
    _look_at(turn, slug)
    return original_page(turn.words, slug)


def as_a_leaflet(turn: TurnState, slug: str) -> Utterance:
    """The paper of the topic; what is withheld is withheld there as well."""
    _look_at(turn, slug)
    if turn.service.library.topic(slug).withheld(turn.words.today):
        return topic_page(turn.words, slug)
    return leaflet_page(turn.words, slug)


def of_the_focus(turn: TurnState, key: Key) -> Utterance:
    """Words that only mean something with the topic that is talked about: "how long?", "simpler", "yes"."""
    focus = focus_of(turn)
    if focus is None:
        return _which_topic(turn, key)
    match key.name:
        case "aspect":
            return page(turn, focus, key.argument)
        case "simpler":
            return page(turn, focus, ANSWER)
        case "in-turkish":
            return original_page(turn.words, focus)
        case _:
            return page(turn, focus)


def focus_of(turn: TurnState) -> str | None:
    """The topic that is talked about, as long as there is such a topic."""
    return turn.talk.focus if turn.talk.focus in turn.service.library.topics else None


def ask_for_the_paper(turn: TurnState) -> Utterance:
    asking, turn.talk = question(turn.words, turn.talk)
    return asking


def for_the_paper(turn: TurnState, paper: str) -> Utterance:
    """The rules for the paper the person named, of the topic that is talked about."""
    turn.talk = said(turn.talk, paper)
    focus = focus_of(turn)
    return turn.words.remark("paper-noted") if focus is None else paper_page(turn.words, focus, paper)


def _look_at(turn: TurnState, slug: str) -> None:
    turn.talk = replace(turn.talk, focus=slug)


def _which_topic(turn: TurnState, key: Key) -> Utterance:
    match key.name:
        case "in-turkish":
            return turn.words.chooser()
        case "go-on":
            return turn.words.phrase_alone("help")
        case _:
            buttons = turn.words.topic_buttons(turn.service.library.arrangement.first)
            menu = turn.words.button("menu", "menu")
            return turn.words.say("which-topic", buttons=[*buttons, menu, turn.words.person()])
