"""Attempts to leave the kiosk, on the machine as it is shipped: keyboard, window manager, start script, policies.

Every attempt must end on a page of ours that fills the screen, with nothing above it. With the shipped keyboard nothing
may happen at all; whatever a page of an attacker can do, the start script must mend in seconds.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from bot.bootstrap import Service
from bot.storage.kiosks import add_kiosk
from kiosk.app import create_public_app
from tests.web.conftest import Serve, served
from tests.web.kiosk.machine import HEIGHT, WIDTH, Machine, free_port, machine
from tests.web.kiosk.trap import Trap

BACK_SECONDS: Final = 20.0
"""How long until the kiosk must stand again. Most attempts change nothing; a new browser takes some seconds."""

STRIP: Final = 60

_CODES: Final = {
    **{f"F{number}": 66 + number for number in range(1, 11)},
    **dict(zip("1234567890", range(10, 20), strict=True)),
    **dict(zip("qwertyuiop", range(24, 34), strict=True)),
    **dict(zip("asdfghjkl", range(38, 47), strict=True)),
    **dict(zip("zxcvbnm", range(52, 59), strict=True)),
    "Escape": 9,
    "minus": 20,
    "plus": 21,
    "Tab": 23,
    "ctrl": 37,
    "shift": 50,
    "alt": 64,
    "space": 65,
    "F11": 95,
    "F12": 96,
    "print-screen": 107,
    "Home": 110,
    "Up": 111,
    "Left": 113,
    "Right": 114,
    "Delete": 119,
    "super": 133,
    "menu": 135,
    "power": 124,
    "help": 146,
    "open": 142,
    "sleep": 150,
    "www": 158,
    "mail": 163,
    "favourites": 164,
    "back": 166,
    "forward": 167,
    "homepage": 180,
    "refresh": 181,
    "search": 225,
    "explorer": 152,
    "calculator": 148,
}
"""Keys by their codes on a keyboard (evdev), so that a key without a meaning stays without one."""

SHORTCUTS: Final = (
    *(f"ctrl+{key}" for key in ["n", "t", "w", "p", "o", "s", "j", "h", "u", "l", "f", "g", "d", "k", "e", "r", "a"]),
    *(f"ctrl+shift+{key}" for key in ["n", "t", "w", "i", "j", "c", "b", "o", "m", "q", "a", "d", "r"]),
    *("ctrl+shift+Delete", "ctrl+shift+Escape"),
    *("F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12", "shift+F10", "shift+Escape", "Escape"),
    *(f"alt+{key}" for key in ["F4", "Left", "Right", "Home", "d", "e", "f", "F2", "space", "Tab", "Escape"]),
    *(f"ctrl+{key}" for key in ["plus", "minus", "0", "1", "9", "Tab", "F4"]),
    *(f"ctrl+alt+{key}" for key in ["t", "l", "Delete", "F1", "F2", "d", "r"]),
    *("super", "super+l", "super+d", "super+r", "menu", "print-screen", "alt+print-screen", "power", "help", "open"),
    *("sleep", "www", "mail", "favourites", "back", "forward", "homepage", "refresh", "search", "explorer"),
    *("calculator", "ctrl+super+Right"),
)


def _keys(shortcut: str) -> str:
    return "+".join(str(_CODES[key]) for key in shortcut.split("+"))


@dataclass(slots=True)
class Kiosk:
    """A machine, and the door that it shows."""

    machine: Machine
    trap: Trap
    door: str

    def wrong(self, page: float | None = None) -> str:
        """What keeps the screen from being the kiosk's, or nothing. With `page` it must be that very page still."""
        seen = self.trap.seen
        if not seen or time.monotonic() - seen["at"] > 1.5:
            return "no page of ours is alive"
        if not seen["href"].startswith(f"{self.door}/"):
            return f"at {seen['href']}"
        size, scale = (seen["width"], seen["height"]), (seen["zoom"], seen["scale"])
        # Chromium says in a strip of its own that no file may be chosen, until the page is left.
        if not (size[0] == WIDTH and HEIGHT - STRIP <= size[1] <= HEIGHT) or scale != (1, 1):
            return f"the page has {size} at {scale}"
        if not (seen["visible"] and seen["focused"]):
            return "something else has the focus"
        if page is not None and seen["page"] != page:
            return "the page is another one"
        return ""

    async def stands(self, within: float = BACK_SECONDS, page: float | None = None) -> str:
        """Wait until the kiosk stands with one window. Returns what is wrong when it does not in time."""
        until = time.monotonic() + within
        while True:
            heard = self.trap.heard
            await asyncio.sleep(0.3)
            wrong = self.wrong(page) if self.trap.heard > heard else "no page of ours is alive"
            if not wrong:
                windows = await self.machine.windows()
                wrong = "" if len(windows) == 1 else f"{len(windows)} windows"
            if not wrong or time.monotonic() > until:
                return wrong

    async def goes_to(self, place: str) -> None:
        before = self.trap.seen.get("page")
        await self.trap.order("go", to=place)
        until = time.monotonic() + BACK_SECONDS
        while self.trap.seen["page"] == before or not self.trap.seen["href"].endswith(place):
            assert time.monotonic() < until, f"the kiosk did not go to {place}"
            await asyncio.sleep(0.05)


@pytest.fixture
async def kiosk(service: Service, serve: Serve, tmp_path: Path) -> AsyncIterator[Kiosk]:
    """A kiosk at its wall."""
    trap = Trap(create_public_app(service))
    door = await serve(trap)
    async with service.engine.begin() as db:
        secret = await add_kiosk(db, "Hall 1")
    async with machine(f"{door}/kiosk/{secret}", tmp_path) as running:
        standing = Kiosk(running, trap, door)
        wrong = await standing.stands(60)
        assert not wrong, f"the kiosk did not start: {wrong}\n{(tmp_path / 'starter.log').read_text()}"
        yield standing
        assert not [path for path in running.left_in_home() if not _browsers_own(path)]


def _browsers_own(path: Path) -> bool:
    return any(part in {"chromium", "dconf", ".pki", "fontconfig", "mesa_shader_cache"} for part in path.parts)


async def test_no_shortcut_of_the_shipped_keyboard_does_anything(kiosk: Kiosk) -> None:
    browser, page, failed = kiosk.machine.browser(), kiosk.trap.seen["page"], {}
    for some in (SHORTCUTS[start : start + 8] for start in range(0, len(SHORTCUTS), 8)):
        await kiosk.machine.press(*(_keys(shortcut) for shortcut in some))
        if wrong := await kiosk.stands(2, page):
            failed[some] = wrong
            page = kiosk.trap.seen["page"]
    assert failed == {}
    assert kiosk.machine.browser() == browser, "the same browser, not a new one"


Attempt = tuple[str, dict[str, Any]]

ATTEMPTS: Final[tuple[Attempt, ...]] = (
    *(
        (f"a link to {to}", {"act": "link", "to": to})
        for to in (
            "mailto:a@example.org",
            "tel:157",
            "file:///etc/passwd",
            "chrome://settings",
            "chrome://crash",
            "view-source:http://127.0.0.1/",
            "javascript:window.open('/')",
            "data:text/html,<h1>out</h1>",
            "blob:null/1",
            "about:blank",
            "https://example.org/",
            "/trap/paper.pdf",
            "/trap/programme",
            "/trap/password",
            "/no-such-page",
        )
    ),
    ("a link to a new window", {"act": "link", "to": "/", "target": "_blank"}),
    ("a link to a new window elsewhere", {"act": "link", "to": "https://example.org/", "target": "_blank"}),
    ("a link that downloads", {"act": "link", "to": "/trap/programme", "download": "programme.sh"}),
    ("a file is asked for", {"act": "file"}),
    *(
        (f"the page calls {name}", {"act": "call", "name": name, "to": to})
        for name, to in (
            *(("open", to) for to in ("/", "https://example.org/", "about:blank", "chrome://settings")),
            *((name, "") for name in ["print", "alert", "prompt", "leave", "fullscreen", "notify", "place", "camera"]),
            *(
                (name, "")
                for name in ["screen", "folder", "save", "share", "usb", "dark", "window", "protocol", "close"]
            ),
            *((name, "") for name in ["move", "blob", "hang"]),
        )
    ),
)


@pytest.mark.parametrize("part", range(3))
async def test_no_page_leads_out(kiosk: Kiosk, part: int) -> None:
    failed = {}
    for name, order in ATTEMPTS[part::3]:
        await kiosk.goes_to("/trap")
        await kiosk.trap.order(**order)
        await kiosk.machine.click()
        await asyncio.sleep(0.4)
        # A dialog of the page waits for an answer that somebody gives it; a blocked page is left by nobody.
        if wrong := await kiosk.stands():
            failed[name] = wrong
    assert failed == {}


async def test_no_hand_leads_out(kiosk: Kiosk) -> None:
    """Mouse buttons, wheel and drags, on the wall and on a link."""
    failed = {}
    run = kiosk.machine.run
    for place, order in (("/", None), ("/trap", {"act": "link", "to": "/"}), ("/trap", {"act": "field"})):
        for name, hand in {
            "right click": ["click", "3"],
            "middle click": ["click", "2"],
            "back button": ["click", "8"],
            "forward button": ["click", "9"],
            "wheel": ["click", "--repeat", "5", "5"],
            "drag to the edge": ["mousedown", "1", "mousemove", "5", "5", "mouseup", "1"],
            "drag off the lower edge": ["mousedown", "1", "mousemove", "540", "1919", "mouseup", "1"],
            "top edge": ["mousemove", "540", "0", "click", "1"],
            "corner": ["mousemove", "1079", "0", "click", "1"],
            "double click": ["click", "--repeat", "2", "1"],
        }.items():
            await kiosk.goes_to(place)
            if order:
                await kiosk.trap.order(**order)
            await run("xdotool", "mousemove", "540", "960", *hand)
            await asyncio.sleep(0.2)
            if wrong := await kiosk.stands():
                failed[f"{name} at {place} {order}"] = wrong
    assert failed == {}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
async def test_a_browser_that_dies_is_back_in_seconds(kiosk: Kiosk, number: signal.Signals) -> None:
    browser = kiosk.machine.browser()
    assert browser is not None
    os.kill(browser, number)
    await asyncio.sleep(1)
    assert not await kiosk.stands()
    assert kiosk.machine.browser() not in (browser, None)


async def test_a_page_that_dies_is_back_within_a_minute(kiosk: Kiosk) -> None:
    """The browser lives on and shows that its page has crashed: only the missing sign of life tells."""
    browser = kiosk.machine.browser()
    for renderer in kiosk.machine.renderers():
        os.kill(renderer, signal.SIGKILL)
    await asyncio.sleep(2)
    assert kiosk.wrong() == "no page of ours is alive"
    assert kiosk.machine.browser() == browser, "so far nobody has noticed"
    assert not await kiosk.stands(40)
    assert kiosk.machine.browser() not in (browser, None)


async def test_a_kiosk_that_finds_no_server_says_so_and_waits(service: Service, tmp_path: Path) -> None:
    trap = Trap(create_public_app(service))
    port = free_port()
    door = f"http://127.0.0.1:{port}"
    async with machine(f"{door}/kiosk/{'A' * 43}", tmp_path) as running:
        assert await _shows(running, "Rehber")
        assert not trap.seen, "that was the page on the machine itself"
        async with served(trap, port) as again:
            assert again == door
            assert not await Kiosk(running, trap, door).stands(60)


async def _shows(running: Machine, title: str) -> bool:
    for _ in range(120):
        names = [await running.run("xdotool", "getwindowname", one, check=False) for one in await running.windows()]
        if [name.strip() for name in names] == [title]:
            return True
        await asyncio.sleep(0.5)
    return False
