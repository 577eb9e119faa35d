"""Two ways to have an emulator for the length of a test: in a thread, or as a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.emulator.client import EmulatorClient
from tests.emulator.server import TOKEN, serving

_PROJECT: Final = Path(__file__).parents[2]


@contextmanager
def running_emulator(token: str = TOKEN, port: int = 0) -> Iterator[EmulatorClient]:
    """An emulator in a thread with an event loop of its own, for tests of every kind."""
    address: Future[str] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        try:
            async with serving(port, token) as url:
                address.set_result(url)
                await stop.wait()
        except OSError as error:
            address.set_exception(error)

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, name="bot-api-emulator", daemon=True)
    thread.start()
    try:
        with EmulatorClient(address.result(timeout=20), token) as client:
            yield client
    finally:
        if address.exception() is None:
            loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=20)


@contextmanager
def spawned_emulator(token: str = TOKEN, port: int = 0) -> Iterator[EmulatorClient]:
    """An emulator in its own process, for load and for tests that kill processes around it."""
    command = [sys.executable, "-m", "tests.emulator", "--port", str(port), "--token", token]
    with subprocess.Popen(command, cwd=_PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError("the emulator did not start")
            with EmulatorClient(url, token) as client:
                yield client
        finally:
            process.terminate()
            process.wait(timeout=20)
