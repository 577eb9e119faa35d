"""A kiosk's machine as it is shipped in `deploy/kiosk`: a screen (Xvfb), its window manager, start script and policies.

Chromium reads policies from `/etc/chromium` only. They are put there in a mount namespace of the machine's own, so that
no other browser on this computer sees them. Keys and clicks come from the X server, as those of a person would.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.web.conftest import CHROMIUM_ARGUMENTS

SHIPPED: Final = Path(__file__).resolve().parents[3] / "deploy" / "kiosk"
PROGRAMS: Final = (
    "Xvfb",
    "xdotool",
    "xprop",
    "xwininfo",
    "xkbcomp",
    "openbox",
    "chromium",
    "unshare",
    "curl",
)
WIDTH, HEIGHT = 1080, 1920
# A test run that is killed leaves no kiosk behind.
_WITH_US: Final = ("setpriv", "--pdeathsig", "TERM", "--")
_NAMESPACE: Final = """
set -e
mount -t tmpfs none /etc/chromium
mkdir -p /etc/chromium/policies/managed
cp "$1"/*.json /etc/chromium/policies/managed/
exec "$2"
"""


@dataclass(slots=True)
class Machine:
    """A running kiosk."""

    display: str
    place: Path
    starter: asyncio.subprocess.Process
    environment: Mapping[str, str] = field(repr=False)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each by the codes of the keys on the keyboard ("37+57")."""
        await self.run("xdotool", "key", "--delay", "60", *keys)

    async def click(self, button: int = 1, x: int = WIDTH // 2, y: int = HEIGHT // 2) -> None:
        await self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    async def windows(self) -> list[str]:
        """Everything that Chromium shows, menus and bubbles included."""
        return (await self.run("xdotool", "search", "--onlyvisible", "--class", "chromium", check=False)).split()

    async def run(self, *command: str, check: bool = True) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=dict(self.environment),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0 or not check, f"{command} failed"
        return said.decode()

    def browser(self) -> int | None:
        """The process of the browser itself, not one of its helpers."""
        marker = f"--user-data-dir={self.place}/profile"
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().decode(errors="replace").split("\0")
                # Chromium's helpers join their words with spaces.
                if marker in words and words[0].endswith("/chromium") and not any("--type=" in one for one in words):
                    return int(path.parent.name)
        return None

    def renderers(self) -> list[int]:
        """The processes that hold the browser's pages."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().decode(errors="replace")
                if "--type=renderer" in words and f"--user-data-dir={self.place}/profile" in words:
                    found.append(int(path.parent.name))
        return found

    def left_in_home(self) -> list[Path]:
        return [path for path in (self.place / "home").rglob("*") if path.is_file()]


@asynccontextmanager
async def machine(
    start: str, folder: Path, *, policies: Mapping[str, Any] | None = None, flags: str = "", silence: int = 4
) -> AsyncIterator[Machine]:
    """A kiosk that has this start address. `policies` are laid over the shipped ones; `folder` is the test's own."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.fail(f"The kiosk's machine cannot be tested without {', '.join(missing)}: run deploy/browser as root.")
    written, place = folder / "policies", folder / "run"
    written.mkdir()
    place.mkdir()
    door = start.split("/kiosk/")[0]
    fixed = json.loads((SHIPPED / "policies.json").read_text(encoding="utf-8"))
    server = {"URLAllowlist": [door, f"file://{SHIPPED}/waiting.html"]}
    (written / "rehber-kiosk.json").write_text(json.dumps(fixed | server | dict(policies or {})), encoding="utf-8")
    screen, display = await _screen()
    environment = {
        **os.environ,
        "DISPLAY": display,
        "RUNTIME_DIRECTORY": str(place),
        "REHBER_KIOSK_START": start,
        "REHBER_KIOSK_FLAGS": " ".join([*CHROMIUM_ARGUMENTS, flags]),
        "REHBER_KIOSK_SILENCE_SECONDS": str(silence),
    }
    own = (
        [*_WITH_US, "unshare", "--mount"] if os.geteuid() == 0 else [*_WITH_US, "unshare", "--map-root-user", "--mount"]
    )
    with (folder / "starter.log").open("wb") as log:
        starter = await asyncio.create_subprocess_exec(
            *own,
            "bash",
            "-c",
            _NAMESPACE,
            "kiosk",
            str(written),
            str(SHIPPED / "rehber-kiosk"),
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        await asyncio.sleep(0.5)
        if starter.returncode is not None:
            said = (folder / "starter.log").read_text(encoding="utf-8")
            pytest.fail(f"The kiosk's machine did not start; it needs a mount namespace for its policies:\n{said}")
        yield Machine(display, place, starter, environment)
    finally:
        await _end(starter)
        await _end(screen)


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _screen() -> tuple[asyncio.subprocess.Process, str]:
    reader, writer = os.pipe()
    screen = await asyncio.create_subprocess_exec(
        *_WITH_US,
        "Xvfb",
        *("-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-noreset"),
        pass_fds=[writer],
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(writer)
    with os.fdopen(reader) as numbers:
        number = await asyncio.to_thread(numbers.readline)
    return screen, f":{number.strip()}"


async def _end(process: asyncio.subprocess.Process) -> None:
    """The process and everything it started, politely and then not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await process.wait()
