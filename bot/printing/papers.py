"""The two papers: a leaflet of A4 with two languages side by side, and a slip as wide as a thermal printer's roll."""

from typing import Final

from PIL import Image

from bot.printing.columns import Leaflet, Slip
from bot.printing.typeset import DOTS_PER_MM, dots, pdf

_LONGEST_SLIP_MM: Final = 600
"""Of one page; what is longer goes on with the next."""


def leaflet_pdf(leaflet: Leaflet) -> bytes:
    """The leaflet as a PDF file."""
    return pdf("leaflet.html", "", leaflet=leaflet)


def slip_dots(slip: Slip, width: int) -> Image.Image:
    """The slip in black and white, `width` dots wide."""
    paper = f"@page {{ size: {width / DOTS_PER_MM}mm {_LONGEST_SLIP_MM}mm }}"
    return dots(pdf("slip.html", paper, slip=slip), width)
