"""The thermal printer: dots into ESC/POS, and onto the wire or into the device file. It waits for nothing for long.

Owns the printer's own words (no paper, no answer). Text is printed as dots, because the code pages of these printers
know no joined letters. https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/ describes the commands.
"""

import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Protocol, Self
from urllib.parse import urlsplit

from escpos.capabilities import Profile
from escpos.constants import RT_MASK_NOPAPER, RT_STATUS_PAPER
from escpos.printer import Dummy
from PIL import Image

from bot.errors import PrintingError, SettingsError

PATIENCE_SECONDS: Final = 5.0
"""Without any progress; a printer that prints takes more all the time."""
LONGEST_SECONDS: Final = 30.0
"""For a whole slip, however slowly it goes on."""
STATUS_SECONDS: Final = 1.0
"""Many printers never tell how they are; they are believed to be well."""
_AT_ONCE: Final = 4096
_STRIP: Final = 256
"""Lines of dots in one command: small printers have little memory."""


class PrinterSilentError(PrintingError):
    """The printer cannot be reached, or takes nothing any more."""


class NoPaperError(PrintingError):
    """The printer says that its paper is at an end."""


@dataclass(frozen=True, slots=True)
class PrinterPlace:
    """Where the printer is: a host and port, or a device file (`path`)."""

    host: str = ""
    port: int = 0
    path: Path = Path()

    @classmethod
    def read(cls, setting: str) -> Self:
        """From `tcp://host:9100` or the path of a device file. Raises SettingsError."""
        if setting.startswith("/"):
            return cls(path=Path(setting))
        parts = urlsplit(setting)
        try:
            host, port = parts.hostname, parts.port or 9100
        except ValueError:
            host, port = None, 0
        if parts.scheme != "tcp" or not host or parts.path or parts.query:
            raise SettingsError(
                "REHBER_SLIP_PRINTER is not a printer: write `tcp://host:9100` or a device file as `/dev/usb/lp0`."
            )
        return cls(host, port)


class _AnyWidth(Profile):  # type: ignore[misc]
    """The library's default printer, without a width: of a width that it does not know it tells the standard output."""

    profile_data: ClassVar = {**Profile.profile_data, "media": {}}

    def __init__(self) -> None:
        super().__init__(features=self.profile_data["features"])


def commands(image: Image.Image) -> bytes:
    """What makes the printer print the dots, black where they are 0, and cut the paper."""
    printer = Dummy(profile=_AnyWidth())
    printer.hw("INIT")
    printer.image(image, fragment_height=_STRIP)
    printer.cut()
    made: bytes = printer.output
    return made


def print_dots(place: PrinterPlace, image: Image.Image) -> None:
    """Print and cut. Returns when the printer has taken everything. Raises PrinterSilentError, NoPaperError."""
    data, until = commands(image), time.monotonic() + LONGEST_SECONDS
    try:
        with _opened(place) as line:
            if line.says_no_paper():
                raise NoPaperError("The printer has no paper. Put in a new roll.")
            sent = 0
            while sent < len(data):
                if time.monotonic() > until:
                    raise TimeoutError
                sent += line.write(data[sent : sent + _AT_ONCE])
    except OSError as error:
        raise PrinterSilentError(f"The printer does not answer ({type(error).__name__}). See that it is on.") from None


class _Line(Protocol):
    """A way to the printer. Whatever fails is an OSError, also a wait that was too long (TimeoutError)."""

    def says_no_paper(self) -> bool: ...

    def write(self, data: bytes) -> int: ...


@dataclass(frozen=True, slots=True)
class _Wire:
    socket: socket.socket

    def says_no_paper(self) -> bool:
        self.socket.sendall(RT_STATUS_PAPER)
        self.socket.settimeout(STATUS_SECONDS)
        try:
            status = self.socket.recv(1)
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(PATIENCE_SECONDS)
        return bool(status) and status[0] & RT_MASK_NOPAPER == RT_MASK_NOPAPER

    def write(self, data: bytes) -> int:
        return self.socket.send(data)


@dataclass(frozen=True, slots=True)
class _Device:
    """A device file, opened so that it never blocks. Nothing is read from it, so it tells nothing about paper."""

    number: int

    def says_no_paper(self) -> bool:
        return False

    def write(self, data: bytes) -> int:
        if not select.select([], [self.number], [], PATIENCE_SECONDS)[1]:
            raise TimeoutError
        return os.write(self.number, data)


@contextmanager
def _opened(place: PrinterPlace) -> Iterator[_Line]:
    if place.host:
        with socket.create_connection((place.host, place.port), timeout=PATIENCE_SECONDS) as wire:
            yield _Wire(wire)
        return
    number = os.open(place.path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        yield _Device(number)
    finally:
        os.close(number)
