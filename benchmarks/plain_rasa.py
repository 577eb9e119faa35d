"""The peer: a server as `rasa init` makes it, default pipeline, REST channel, nothing else.

Rasa's own command writes and trains the project, so nothing of it is in this repository.
"""

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from benchmarks.load import Ask
from bot.launch.steps import Steps, wait_until_ready
from bot.rasa.commands import rasa_python
from bot.settings import ROOT

QUESTIONS: Final = ("hello", "I am very sad today", "are you a bot?", "yes", "that is great", "bye", "not so good")
ENVIRONMENT: Final = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True, slots=True)
class Plain:
    """A running plain server: where, which process, and how long its start took (seconds)."""

    url: str
    pid: int
    start_seconds: float


def prepared_project(folder: Path, steps: Steps) -> Path:
    """A trained project in `folder`, made by `rasa init` once."""
    if not list((folder / "models").glob("*.tar.gz")):
        folder.mkdir(parents=True, exist_ok=True)
        with steps.step("Making a plain Rasa project with `rasa init` (a minute or two, once)"):
            _rasa(folder, "init", "--no-prompt", "--init-dir", str(folder))
    credentials = folder / "credentials.yml"
    credentials.write_text("rest:\n", encoding="utf-8")
    return folder


def _rasa(folder: Path, *arguments: str) -> None:
    with (folder / "rasa.log").open("ab") as log:
        subprocess.run(
            [rasa_python(ROOT), "-m", "rasa", *arguments],
            cwd=folder,
            env={**os.environ, **ENVIRONMENT},
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=True,
        )


@contextmanager
def served(folder: Path, port: int, steps: Steps) -> Iterator[Plain]:
    """The project's server, ready."""
    argv = [str(rasa_python(ROOT)), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port)]
    log = folder / "server.log"
    with log.open("wb") as out:
        began = time.monotonic()
        server = subprocess.Popen(
            argv, cwd=folder, env={**os.environ, **ENVIRONMENT}, stdout=out, stderr=subprocess.STDOUT
        )
        url = f"http://127.0.0.1:{port}"
        try:
            with steps.step("Starting the plain Rasa server"):
                wait_until_ready(
                    "plain Rasa", f"{url}/", seconds=300, alive=lambda: server.poll() is None, log=str(log)
                )
            yield Plain(url, server.pid, time.monotonic() - began)
        finally:
            server.terminate()
            server.wait(30)


@asynccontextmanager
async def asking(plain: Plain) -> AsyncIterator[Ask]:
    """Asks over the REST channel; an empty answer counts as a failure."""
    async with httpx2.AsyncClient(base_url=plain.url, timeout=60, trust_env=False) as client:

        async def ask(conversation: str, question: str) -> None:
            reply = await client.post("/webhooks/rest/webhook", json={"sender": conversation, "message": question})
            reply.raise_for_status()

        yield ask
