"""One trained model and one listening Rasa for every test of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from bot.launch.model import ready_model
from bot.launch.steps import Steps
from bot.rasa.evaluate import hear
from bot.rasa.listening import Listener, listening
from bot.rasa.scores import Heard
from bot.settings import ROOT, load_settings
from tests.nlu.known_misses import measured


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The model that fits the present data; trained when it is not there, which takes minutes."""
    return ready_model(load_settings(), Steps(Console(stderr=True)))


@pytest.fixture(scope="session")
def listener(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    """A Rasa server that understands, as the evaluation uses it."""
    log = tmp_path_factory.mktemp("rasa") / "rasa.log"
    with listening(ROOT, trained_model, log) as server:
        yield server


@pytest.fixture(scope="session")
def heard(listener: Listener) -> list[Heard]:
    """What the model makes of every sentence held out and of every risk probe, in the order of `measured()`."""
    return [hear(listener, question) for question in measured()]
