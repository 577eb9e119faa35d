"""Sentences of our own that are understood wrongly now: `known_misses.yml`, a list that must keep failing.

`python -m tests.nlu.known_misses` writes it from the model that fits the present data; nobody edits it otherwise. It
holds sentences of `held_out` and `probes/risk.jsonl` whose meaning is not even among the first three guesses, nor near
them: another processor rounds differently, and what stands on the edge would come and go.
"""

import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from rich.console import Console

from bot.launch.model import ready_model
from bot.launch.steps import Steps
from bot.rasa.evaluate import evaluate
from bot.rasa.questions import Question, read_questions
from bot.rasa.scores import Heard
from bot.settings import ROOT, load_settings
from tests.nlu.examples import HELD_OUT

FILE = Path(__file__).with_name("known_misses.yml")
RISK = Path(__file__).parent / "probes" / "risk.jsonl"
HEAD = (
    "# Written by `python -m tests.nlu.known_misses`. What is understood leaves the list; the scores count all of it.\n"
)


@dataclass(frozen=True, slots=True, order=True)
class Miss:
    """`taken_for` is the first guess, doubted or not."""

    lang: str
    expect: list[str]
    text: str
    taken_for: str

    @property
    def question(self) -> Question:
        return Question(self.text, self.lang, tuple(self.expect))


def measured() -> list[Question]:
    """Every question of our own, the held-out sentences first."""
    return [*read_questions(HELD_OUT), *read_questions(RISK)]


def missed(heard: Heard) -> bool:
    """Neither answered nor offered as it should be."""
    return not (heard.right or heard.among_three)


def clearly_missed(heard: Heard) -> bool:
    """Missed, with less than half of the confidence that would have been enough."""
    if not missed(heard):
        return False
    best = max((sure for name, sure in heard.ranking if name in heard.question.expect), default=0.0)
    return len(heard.ranking) < 3 or best < heard.ranking[2][1] / 2


def misses(heard: Iterable[Heard]) -> list[Miss]:
    """Those of `heard` that are clearly missed, sorted."""
    return sorted(
        Miss(
            lang=one.question.lang,
            expect=list(one.question.expect),
            text=one.question.text,
            taken_for=one.ranking[0][0] if one.ranking else "",
        )
        for one in heard
        if clearly_missed(one)
    )


def read() -> list[Miss]:
    """The list as it stands."""
    return [Miss(**row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8")) or ()]


def main() -> int:
    """Ask everything and write the list."""
    console = Console(stderr=True)
    heard = evaluate(measured(), ready_model(load_settings(), Steps(console)), ROOT, console)
    rows = [asdict(miss) for miss in misses(heard)]
    FILE.write_text(
        HEAD + yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000),
        encoding="utf-8",
    )
    sys.stdout.write(f"{len(rows)} of {len(heard)} in {FILE.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
