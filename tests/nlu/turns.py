"""A whole Rasa for tests: the trained model, real actions and a real tracker, spoken to as the worker does."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from bot.keys import Key
from bot.launch.database import EmbeddedDatabase
from bot.launch.steps import wait_until_ready
from bot.rasa import commands
from bot.settings import ROOT


@dataclass(frozen=True, slots=True)
class Rasa:
    client: httpx2.Client
    database: str
    log: Path
    actions: "subprocess.Popen[bytes]"

    def say(self, sender: str, message: str) -> list[dict[str, Any]]:
        answer = self.client.post("/webhooks/rest/webhook", json={"sender": sender, "message": message})
        assert answer.status_code == httpx2.codes.OK
        answers: list[dict[str, Any]] = answer.json()
        return answers

    def keys(self, sender: str, message: str) -> list[str]:
        [answer] = self.say(sender, message)
        assert answer["recipient_id"] == sender
        assert set(answer) == {"recipient_id", "custom"}, "prose"
        return [str(Key.parse(key)) for key in answer["custom"]["keys"]]


@contextmanager
def conversing(model: Path, server: EmbeddedDatabase, name: str, folder: Path) -> Iterator[Rasa]:
    """Rasa and its actions for as long as the block lasts, with the tracker in the new database `name` of `server`.

    `folder` takes the logs.
    """
    database = server.url(name)
    with psycopg.connect(database, autocommit=True) as line:
        line.execute(psycopg.sql.SQL("CREATE SCHEMA {}").format(psycopg.sql.Identifier(commands.SCHEMA)))
    rasa_port, actions_port = _free_port(), _free_port()
    actions_url = f"http://127.0.0.1:{actions_port}"
    actions = _start(commands.actions(ROOT, actions_port), folder / "actions.log")
    serve = commands.serve(ROOT, model, rasa_port, actions_url=f"{actions_url}/webhook", tracker_url=database)
    rasa = _start(serve, folder / "rasa.log")
    try:
        for part, url, process in (
            ("actions", f"{actions_url}/health", actions),
            ("rasa", f"http://127.0.0.1:{rasa_port}/", rasa),
        ):
            log = str(folder / f"{part}.log")
            wait_until_ready(part, url, seconds=120, alive=partial(_runs, process), log=log)
        with httpx2.Client(base_url=f"http://127.0.0.1:{rasa_port}", timeout=30, trust_env=False) as client:
            yield Rasa(client, database, folder / "rasa.log", actions)
    finally:
        for process in (rasa, actions):
            process.terminate()
            process.wait(20)
        server.drop(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(command: commands.Command, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as out:
        return subprocess.Popen(
            command.argv, cwd=ROOT, env={**os.environ, **command.environment}, stdout=out, stderr=subprocess.STDOUT
        )


def _runs(process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is None
