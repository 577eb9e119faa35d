"""Every command that the documentation shows is run, in a copy of the project, against a running service.

Output shown below a command must come, line by line; `…` stands for whatever differs. What a copy cannot do by itself
is listed here with its reason.
"""

import inspect
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

import bot.launch.model
import bot.launch.run
from bot.launch.answers import on_free_ports
from bot.settings import ROOT, Settings
from tests.docs.markdown import Block, Command, blocks, documents
from tests.whole import Whole

DRY: Final = {
    "make run": "the fixture `whole` is this command; what it printed is compared",
    "make setup": "downloads environments",
    "make check": "takes minutes; `.ci/run` runs it",
    "make test": "is what runs this",
    "make test TESTS=tests/data": "is what runs this",
}
"""Commands of which only `make -n` is run, and why."""

SERVERS: Final = ("bot worker", "bot telegram", "kiosk public", "kiosk staff")
"""Commands that run until they are stopped."""

INSTALLED: Final = "make --old-file=setup --old-file=setup-app --old-file=browser "
"""The environments are those of this test run: a test must not install anything below other tests."""

NOT_COPIED: Final = shutil.ignore_patterns(
    ".venv*", ".git", "data", "reports", "node_modules", "__pycache__", ".*_cache", ".hypothesis"
)
ALL: Final = [block for document in documents() for block in blocks(document)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in another place, as a repository of its own, with the environments of this one."""
    folder = tmp_path_factory.mktemp("copy") / "rehber"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    for environment in (".venv", ".venv-rasa", ".venv-actions"):
        (folder / environment).symlink_to(ROOT / environment)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def environment(whole: Whole) -> dict[str, str]:
    """What a reader has set who uses the running service, beside doors of their own."""
    free = on_free_ports(whole.settings)
    return {
        **whole.environment,
        "REHBER_DATABASE_URL": whole.settings.database_url,
        "REHBER_MODEL_DIR": str(Settings().model_dir),
        "REHBER_PUBLIC_PORT": str(free.public_port),
        "REHBER_STAFF_PORT": str(free.staff_port),
        "REHBER_RASA_PORT": str(whole.settings.rasa_port),
    }


@pytest.mark.timeout(600)
@pytest.mark.parametrize("block", ALL, ids=str)
def test_the_commands_of_a_block_work(block: Block, copy: Path, whole: Whole, environment: dict[str, str]) -> None:
    (copy / "reports").mkdir(exist_ok=True)
    (copy / "reports" / "questions.jsonl").write_text('{"text": "Bir soru", "expect": ["help"]}\n', encoding="utf-8")
    for command in block.commands:
        if command.line in DRY:
            _would_run(command, copy)
        elif any(command.line.endswith(server) for server in SERVERS):
            _serves(command, copy, environment)
        else:
            _works(command, copy, environment)
        if command.line == "make run":
            _was_printed(command, whole)


def _would_run(command: Command, copy: Path) -> None:
    _, *words = command.line.split()
    subprocess.run(["make", "-n", *words], cwd=copy, check=True, capture_output=True)


def _works(command: Command, copy: Path, environment: dict[str, str]) -> None:
    line = re.sub(r"^make ", INSTALLED, command.line)
    ran = subprocess.run(["bash", "-c", line], cwd=copy, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, f"{command.line}\n{ran.stdout}{ran.stderr}"
    assert missing(command.shown, ran.stdout) == [], ran.stdout


def _serves(command: Command, copy: Path, environment: dict[str, str]) -> None:
    """It starts, is still there a moment later, and ends by itself when it is asked to."""
    log = copy / "reports" / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            ["bash", "-c", f"exec {command.line}"], cwd=copy, env=environment, stdout=out, stderr=out
        )
    try:
        time.sleep(6)
        assert server.poll() is None, f"{command.line} ended:\n{log.read_text(encoding='utf-8')}"
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) in (0, -signal.SIGTERM), log.read_text(encoding="utf-8")
    finally:
        if server.poll() is None:
            os.kill(server.pid, signal.SIGKILL)
            server.wait()


def _was_printed(command: Command, whole: Whole) -> None:
    """`make run` printed what is shown. Lines of another start (the first, one without a bot) are in its source."""
    said = whole.output.read_text(encoding="utf-8")
    ports = Settings.model_fields
    for name in ("public_port", "staff_port", "sandbox_port"):
        said = said.replace(f":{getattr(whole.settings, name)}", f":{ports[name].default}")
    source = inspect.getsource(bot.launch.run) + inspect.getsource(bot.launch.model)
    elsewhere = [line for line in missing(command.shown, said) if _words(line) not in source]
    assert elsewhere == [], said


def _words(line: str) -> str:
    """What a line says itself, without sign, name and duration."""
    return re.sub(r"^(✓ | +\w+ +)|( \(… s\))$", "", line)


def missing(shown: Iterable[str], said: str) -> list[str]:
    """Lines that are shown and were not said, or not in this order."""
    rest = said.splitlines()
    lost = []
    for line in shown:
        if line.strip() == "…":
            continue
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
        at = next((number for number, real in enumerate(rest) if re.fullmatch(pattern, real.rstrip())), None)
        if at is None:
            lost.append(line)
        else:
            rest = rest[at + 1 :]
    return lost


def test_there_are_commands_and_every_exception_is_one_of_them() -> None:
    lines = [command.line for block in ALL for command in block.commands]
    assert len(lines) > 20
    assert set(DRY) <= set(lines)
    assert all(any(line.endswith(server) for line in lines) for server in SERVERS)


def test_a_line_that_was_not_said_is_noticed() -> None:
    assert missing(["a …", "…", "c"], "a b\nx\nc\n") == []
    assert missing(["c", "a …"], "a b\nc\n") == ["a …"]
    assert missing(["d"], "a\n") == ["d"]
