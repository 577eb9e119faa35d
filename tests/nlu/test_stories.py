"""Conversations in Rasa's own format (`stories/test_*.yml`), spoken to the real Rasa turn by turn.

`rasa test core` would load TensorFlow to say whether `action_answer` follows. Here each turn goes over the channel that
the worker uses, so that the answer's keys are held to the story as well.
Only these: `make test TESTS=tests/nlu/test_stories.py`.
"""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.actions.table import Guess, keys_for
from bot.launch.database import EmbeddedDatabase
from bot.rasa import commands
from bot.settings import ROOT
from tests.nlu.examples import HELD_OUT, TRAINING, catalogue, sentences
from tests.nlu.test_data import folded
from tests.nlu.turns import Rasa, conversing

STORIES = Path(__file__).parent / "stories"
FEWEST_LANGUAGES = 4
FOLLOWING = {
    *("aspect-cost", "aspect-duration", "aspect-documents", "aspect-place", "aspect-who", "aspect-steps"),
    *("aspect-family", "repeat", "simpler", "in-turkish", "another-question"),
}
"""Intents that mean something after another message only."""
READS_STORIES = """
import json, sys
from pathlib import Path
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
root, *files = sys.argv[1:]
domain = Domain.load(root + "/nlu_data/domain")
for file in files:
    assert YAMLStoryReader.is_test_stories_file(Path(file)), file
    for step in YAMLStoryReader(domain).read_from_file(file):
        print(json.dumps([step.block_name, len(step.events)]))
"""


@dataclass(frozen=True, slots=True)
class Turn:
    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    language: str
    turns: tuple[Turn, ...]


def stories() -> list[Story]:
    found = []
    for path in sorted(STORIES.glob("test_*.yml")):
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]:
            said, done = story["steps"][::2], story["steps"][1::2]
            assert [step for step in done if step != {"action": "action_answer"}] == [], path
            turns = tuple(Turn(step["user"].strip(), step["intent"]) for step in said)
            assert len(turns) == len(done), path
            found.append(Story(story["story"], path.stem.removeprefix("test_"), turns))
    return found


@pytest.fixture(scope="module")
def rasa(
    trained_model: Path, database_server: EmbeddedDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rasa]:
    with conversing(trained_model, database_server, "rasa_stories", tmp_path_factory.mktemp("stories")) as server:
        yield server


def test_every_follow_up_is_told_in_enough_languages() -> None:
    languages: dict[str, set[str]] = defaultdict(set)
    for story in stories():
        for turn in story.turns[1:]:
            languages[turn.intent].add(story.language)
    assert set(languages) >= FOLLOWING
    assert {name for name in FOLLOWING if len(languages[name]) < FEWEST_LANGUAGES} == set()


def test_a_story_begins_with_what_is_talked_about() -> None:
    kinds = {name: entry["kind"] for name, entry in catalogue().items()}
    assert [story.name for story in stories() if kinds[story.turns[0].intent] != "topic"] == []


def test_no_story_repeats_what_is_taught_or_measured_elsewhere() -> None:
    elsewhere = {folded(sentence.text) for folder in (TRAINING, HELD_OUT) for sentence in sentences(folder)}
    texts = [folded(turn.text) for story in stories() for turn in story.turns]
    assert [text for text in texts if text in elsewhere or texts.count(text) > 1] == []


def test_rasa_reads_them_as_its_own_test_stories() -> None:
    files = [str(path) for path in sorted(STORIES.glob("*.yml"))]
    python = str(commands.rasa_python(ROOT))
    done = subprocess.run(
        [python, "-W", "ignore", "-c", READS_STORIES, str(ROOT), *files], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    read = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    # Of each turn an utterance and an action.
    assert read == [(story.name, 2 * len(story.turns)) for story in stories()]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_conversation_goes_as_the_story_tells(rasa: Rasa, story: Story) -> None:
    answered = []
    for turn in story.turns:
        answers = rasa.say(story.name, turn.text)
        assert len(answers) == 1, f"no answer, or several; the log says why: {rasa.log}"
        [answer] = answers
        # Which paper a question speaks of is another matter than what it asks.
        keys = [key for key in answer["custom"]["keys"] if not key.startswith("holds:")]
        answered.append((turn.text, answer["custom"]["understanding"]["intent"], keys))
    told = [
        (turn.text, turn.intent, [str(key) for key in keys_for(Guess(turn.intent, 1.0), ())]) for turn in story.turns
    ]
    assert answered == told
