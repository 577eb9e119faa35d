"""Words set on paper by WeasyPrint, with its own pages and fonts only, and made into dots by PDFium.

Owns that nothing is fetched: not a font, not a picture, not a style from anywhere but this package. Where Pango is
missing, with which WeasyPrint sets letters, no paper is made and everything else goes on.
"""

import logging
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped]
import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from bot.errors import PrintingError

TEMPLATES: Final = Path(__file__).parent / "templates"
DOTS_PER_MM: Final = 8
"""What thermal printers have: 203 dots an inch."""
_PAPER: Final = 255

log = structlog.get_logger()

_environment: Final = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
# It tells of every style that it does not know, line by line.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class NothingIsFetchedError(PrintingError):
    """A template asked for a file or an address. Paper is made of words and drawings that stand in it."""


class NoPangoError(PrintingError):
    """This machine cannot set letters."""


@cache
def can_set() -> bool:
    """Whether this machine can make paper. The answer stands until the process starts again."""
    try:
        _weasyprint()
    except NoPangoError as error:
        log.warning("paper.absent", remedy=str(error))
        return False
    return True


def pdf(template: str, style: str, **words: object) -> bytes:
    """The template, filled with words, as a PDF/UA-1 file: tagged, with its languages and its reading order.

    `style` is CSS for this one paper, beside the template's own. Raises NoPangoError.
    """
    page = _environment.get_template(template).render(**words)
    setting = _weasyprint()
    own = setting.CSS(string=(TEMPLATES / f"{Path(template).stem}.css").read_text(encoding="utf-8") + style)
    document = setting.HTML(string=page, url_fetcher=_refusing()).render(stylesheets=[own], pdf_variant="pdf/ua-1")
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


def dots(made: bytes, width: int) -> Image.Image:
    """The pages of a PDF below each other, `width` dots wide, black and white, without the empty paper at the end."""
    with closing(pypdfium2.PdfDocument(made)) as pages:
        parts = [_ink(pages, number, width) for number in range(len(pages))]
    whole = Image.new("L", (width, sum(part.height for part in parts)), _PAPER)
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    # Thin strokes of small letters are grey at this size; a dither would break them, a threshold keeps them.
    return whole.point(lambda shade: _PAPER if shade > 160 else 0).convert("1", dither=Image.Dither.NONE)


def _refusing() -> Any:
    class Refusing(_weasyprint().urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise NothingIsFetchedError("A template of bot/printing names a file or an address: write it into it.")

    return Refusing()


def _weasyprint() -> Any:
    """The library, which loads Pango as it is imported: a missing paper must not take the doors with it."""
    try:
        import weasyprint  # type: ignore[import-untyped]
    except OSError:
        raise NoPangoError("Pango is missing: `make setup` installs it as root") from None
    return weasyprint


def _ink(pages: Any, number: int, width: int) -> Image.Image:
    drawn: Image.Image
    with closing(pages[number]) as page:
        drawn = page.render(scale=width / page.get_width(), grayscale=True).to_pil().convert("L")
    drawn = drawn.crop((0, 0, width, drawn.height))
    inked = Image.eval(drawn, lambda shade: _PAPER - shade).getbbox()
    return drawn.crop((0, 0, width, min(drawn.height, inked[3] + DOTS_PER_MM if inked else 1)))
