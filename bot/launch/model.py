"""The trained model: reused while what it depends on is unchanged, trained otherwise, with progress shown."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from bot.errors import LaunchError, RehberError
from bot.launch.steps import Steps
from bot.rasa import commands
from bot.settings import ROOT, Settings, load_settings

KEPT: Final = 5
"""Models that stay on disk: going back and forth between two states of the data trains nothing again."""


def ready_model(settings: Settings, steps: Steps) -> Path:
    """The path of a model that fits the present data and components. Raises LaunchError when training fails."""
    name = commands.fingerprint(ROOT)
    model = settings.model_dir / f"{name}.tar.gz"
    if model.exists():
        return model
    if not commands.rasa_python(ROOT).exists():
        raise LaunchError("Rasa's environment .venv-rasa is missing: run `make setup`.")
    settings.model_dir.mkdir(parents=True, exist_ok=True)
    log = settings.model_dir / "training.log"
    with (
        steps.step("Training the language model (about ten minutes, once; later only what is new)"),
        _alone(settings.model_dir),
    ):
        # Another start may have trained it while this one waited.
        if not model.exists():
            _train(settings.model_dir, name, log)
    return model


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One training at a time on this machine; the lock falls with the process that holds it."""
    with (folder / ".training").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _train(folder: Path, name: str, log: Path) -> None:
    # Under another name first: a training that is interrupted must not leave what looks like a model.
    command = commands.train(ROOT, folder, f"new-{name}")
    with log.open("wb") as out:
        code = subprocess.call(
            command.argv,
            env={**os.environ, **command.environment},
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    if code != 0:
        raise LaunchError(f"Training failed with code {code}; its log says why: {log}")
    trained = folder / f"new-{name}.tar.gz"
    if not trained.exists():
        raise LaunchError(f"Training ended without a model; its log says why: {log}")
    trained.rename(folder / f"{name}.tar.gz")
    for old in sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink()


def main() -> int:
    """`python -m bot.launch.model`: when it ends with 0, the model is there."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        ready_model(load_settings(), Steps(console))
    except RehberError as error:
        console.print(str(error), markup=False)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
