"""A Rasa server of one's own that only understands: for measuring and for tests, never for people.

Started with `/model/parse` open behind a random token on a free port of loopback, and stopped at the end of the block.
"""

import os
import secrets
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2

from bot.errors import AssistantError
from bot.launch.steps import wait_until_ready
from bot.rasa import commands

START_SECONDS: Final = 180.0
ANSWER_SECONDS: Final = 60.0
STOP_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Listener:
    """Asks the server at `client`'s address what a text means."""

    client: httpx2.Client
    token: str

    def parse(self, text: str) -> dict[str, Any]:
        """Rasa's answer: `intent` and `intent_ranking`. Raises AssistantError when there is none."""
        try:
            answer = self.client.post("/model/parse", params={"token": self.token}, json={"text": text})
            answer.raise_for_status()
            body: dict[str, Any] = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            # Not the error itself: its text holds the address with the token.
            raise AssistantError(f"Rasa did not say what a text means ({type(error).__name__}).") from None
        return body


@contextmanager
def listening(root: Path, model: Path, log: Path, environment: Mapping[str, str] | None = None) -> Iterator[Listener]:
    """Serve `model` for as long as the block lasts. Raises LaunchError when it does not start; `log` says why.

    `environment` is added to the server's, for example `REHBER_ENCODER=off`.
    """
    token = secrets.token_urlsafe(32)
    port = _free_port()
    command = commands.serve(root, model, port, api_token=token)
    with log.open("wb") as out:
        server = subprocess.Popen(
            command.argv,
            cwd=root,
            env={**os.environ, **command.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready("Rasa", f"{url}/", seconds=START_SECONDS, alive=lambda: server.poll() is None, log=str(log))
        with httpx2.Client(base_url=url, timeout=ANSWER_SECONDS, trust_env=False) as client:
            yield Listener(client, token)
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
