"""Shows the long steps of a start: what is being done, how long it took, and where to look when it fails."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

import httpx2
from rich.console import Console

from bot.errors import LaunchError

LOOK_EVERY_SECONDS: Final = 0.2


class Steps:
    """Prints one line a step; on a terminal with a moving sign and the seconds while it lasts."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        began = time.monotonic()
        with self._console.status(f"{doing} …"):
            try:
                yield
            except BaseException:
                self._console.print(f"[red]✗[/red] {doing}")
                raise
        self._console.print(f"[green]✓[/green] {doing} [dim]({time.monotonic() - began:.1f} s)[/dim]")


def wait_until_ready(name: str, url: str, *, seconds: float, alive: Callable[[], bool], log: str) -> None:
    """Wait until `url` answers 200. Raises LaunchError when it does not in time, or when `alive` says it is over."""
    until = time.monotonic() + seconds
    with httpx2.Client(timeout=2.0, trust_env=False) as client:
        while time.monotonic() < until:
            if not alive():
                raise LaunchError(f"{name} did not start: the process runner ended. Its log says why: {log}")
            try:
                if client.get(url).status_code == HTTPStatus.OK:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(LOOK_EVERY_SECONDS)
    raise LaunchError(f"{name} did not answer at {url} within {seconds:.0f} s. Its log says why: {log}")
