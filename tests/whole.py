"""The whole service as `make run` starts it, for tests: real processes, own ports and data, an emulator as Telegram.

The model is trained once and reused by what it was trained on; everything else is new for each service.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xmlrpc.client import ServerProxy

import httpx2
import psycopg
from supervisor.xmlrpc import SupervisorTransport

from bot.launch.answers import on_free_ports
from bot.launch.running import with_running_database
from bot.settings import ROOT, Settings
from tests.emulator import EmulatorClient, spawned_emulator

START_SECONDS: Final = 600.0
READY_LINE: Final = "Rehber is running."


@dataclass(frozen=True, slots=True)
class Whole:
    """A running service: its settings (with the database's address), its emulator, and the command that runs it."""

    settings: Settings
    emulator: EmulatorClient
    command: "subprocess.Popen[bytes]"
    environment: dict[str, str]
    output: Path

    @property
    def kiosk(self) -> str:
        return f"http://127.0.0.1:{self.settings.public_port}"

    @property
    def staff(self) -> str:
        return f"http://127.0.0.1:{self.settings.staff_port}"

    def kill(self, name: str) -> int:
        """`kill -9` of one process by its name. Returns the pid that died."""
        pid = self._process(name)["pid"]
        if not isinstance(pid, int) or pid == 0:
            raise AssertionError(f"{name} is not running")
        os.kill(pid, signal.SIGKILL)
        return pid

    def pid(self, name: str) -> int:
        pid = self._process(name)["pid"]
        assert isinstance(pid, int)
        return pid

    def _process(self, name: str) -> dict[str, object]:
        socket = f"unix://{self.settings.data_dir / 'run' / 'runner.sock'}"
        transport = SupervisorTransport(serverurl=socket)
        try:
            info = ServerProxy("http://127.0.0.1", transport=transport).supervisor.getProcessInfo(name)
        finally:
            transport.close()
        assert isinstance(info, dict)
        return info

    def database(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.settings.database_url, autocommit=True)

    def log(self, name: str) -> str:
        return (self.settings.data_dir / "run" / "logs" / f"{name}.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def whole_service(folder: Path, **changes: str) -> Iterator[Whole]:
    """`python -m bot run`, ready, beside an emulator. `changes` are environment variables."""
    with spawned_emulator() as emulator:
        settings = on_free_ports(Settings(data_dir=folder / "data"))
        environment = {
            **os.environ,
            "REHBER_DATA_DIR": str(settings.data_dir),
            "REHBER_PUBLIC_PORT": str(settings.public_port),
            "REHBER_STAFF_PORT": str(settings.staff_port),
            "REHBER_RASA_PORT": str(settings.rasa_port),
            "REHBER_ACTIONS_PORT": str(settings.actions_port),
            "REHBER_SANDBOX_PORT": str(settings.sandbox_port),
            "TELEGRAM_BOT_TOKEN": emulator.token,
            "TELEGRAM_API_URL": emulator.url,
            **changes,
        }
        output = folder / "run.log"
        with output.open("wb") as out:
            command = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
            try:
                _wait_until_ready(command, output)
                yield Whole(with_running_database(settings), emulator, command, environment, output)
            finally:
                if command.poll() is None:
                    command.send_signal(signal.SIGINT)
                    command.wait(60)


def _wait_until_ready(command: "subprocess.Popen[bytes]", output: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        said = output.read_text(encoding="utf-8", errors="replace")
        if READY_LINE in said:
            return
        if command.poll() is not None:
            raise AssertionError(f"`python -m bot run` ended:\n{said}")
        time.sleep(0.2)
    raise AssertionError(f"`python -m bot run` was not ready in {START_SECONDS:.0f} s:\n{said}")


def wait_for_http(url: str, seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if httpx2.get(url, timeout=2.0).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")
