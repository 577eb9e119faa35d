"""The printer on the wire: what is printed is what was set, and a printer in trouble never holds anybody up."""

import asyncio
import os
import socket
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.bootstrap import Service
from bot.errors import SettingsError
from bot.hub.topic_leaflet import slip
from bot.printing import printer as printing
from bot.printing.papers import slip_dots
from bot.printing.printer import NoPaperError, PrinterPlace, PrinterSilentError, print_dots
from tests.printing.paper_roll import Mood, paper_roll, printed

PICTURES = Path(__file__).resolve().parents[2] / "reports" / "papers"
LEFT_WITHIN = 20
"""Seconds: less than a whole print may take, so that only the patience for one wait can have ended it."""


def chess(width: int = 576, height: int = 700) -> Image.Image:
    image = Image.new("1", (width, height), 1)
    for x in range(0, width, 16):
        for y in range(0, height, 16):
            image.paste(0, (x, y, x + 8, y + 8))
    return image


async def print_on(port: int, image: Image.Image) -> None:
    await asyncio.to_thread(print_dots, PrinterPlace("127.0.0.1", port), image)


@pytest.mark.parametrize("mood", [Mood.WELL, Mood.WITHOUT_A_WORD])
async def test_the_dots_arrive_as_they_were_set(mood: Mood) -> None:
    async with paper_roll(mood) as printer:
        await print_on(printer.port, chess())
        job = await printer.job()
    assert printed(job).size == (576, 700)
    assert ImageChops.logical_xor(printed(job), chess()).getbbox() is None


@pytest.mark.parametrize("language", ["tr", "ar", "ps", "fr"])
async def test_a_slip_arrives_as_it_was_set(office: Service, language: str) -> None:
    dots = slip_dots(slip(office, "work-permit", language), 576)
    async with paper_roll() as printer:
        await print_on(printer.port, dots)
        paper = printed(await printer.job())
    PICTURES.mkdir(parents=True, exist_ok=True)
    paper.save(PICTURES / f"slip-{language}.png")
    assert ImageChops.logical_xor(paper, dots).getbbox() is None
    black = 1 - sum(1 for dot in paper.get_flattened_data() if dot) / (paper.width * paper.height)
    assert 0.04 < black < 0.25, "words on white"


async def test_a_printer_without_paper_says_so_and_prints_nothing() -> None:
    async with paper_roll(Mood.OUT_OF_PAPER) as printer:
        with pytest.raises(NoPaperError):
            await print_on(printer.port, chess())
        assert await printer.job() == b""


@pytest.mark.timeout(LEFT_WITHIN)
async def test_a_printer_that_takes_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(printing, "STATUS_SECONDS", 0.2)
    long = Image.new("1", (576, 60_000), 0)
    async with paper_roll(Mood.HANGING) as printer:
        with pytest.raises(PrinterSilentError):
            await print_on(printer.port, long)


def test_a_printer_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for place in (PrinterPlace("127.0.0.1", port), PrinterPlace(path=Path("/dev/there-is-no-printer"))):
        with pytest.raises(PrinterSilentError):
            print_dots(place, chess())


def test_a_device_file_takes_the_same_commands(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    print_dots(PrinterPlace(path=device), chess())
    assert ImageChops.logical_xor(printed(device.read_bytes()), chess()).getbbox() is None


@pytest.mark.timeout(LEFT_WITHIN)
def test_a_device_that_takes_no_more_is_left_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PATIENCE_SECONDS", 0.3)
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(PrinterSilentError):
            print_dots(PrinterPlace(path=pipe), Image.new("1", (576, 2000), 0))
    finally:
        os.close(end)


def test_where_a_printer_is() -> None:
    assert PrinterPlace.read("tcp://10.0.0.7:9100") == PrinterPlace("10.0.0.7", 9100)
    assert PrinterPlace.read("tcp://printer") == PrinterPlace("printer", 9100)
    assert PrinterPlace.read("/dev/usb/lp0") == PrinterPlace(path=Path("/dev/usb/lp0"))
    for wrong in ("printer", "http://printer", "tcp://", "tcp://printer:x", "tcp://printer/path", "lp0"):
        with pytest.raises(SettingsError, match="REHBER_SLIP_PRINTER"):
            PrinterPlace.read(wrong)
