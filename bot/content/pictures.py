"""The drawings beside topics, groups and services, for people who do not read. They lie in `content/pictures/`.

Owns what a drawing may be made of. A drawing becomes part of a page, so it is taken apart and written anew from
what is allowed: lines and areas in the colour of the words around it, and one accent. No script, style, link or text.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.sax.saxutils import quoteattr

from bot.i18n.yaml_files import ContentFileError, read_text

SERVICES: Final = ("person", "language", "appointment", "status")
"""What can be done besides reading about a topic."""
MOST_BYTES: Final = 4096
SIDE: Final = 48
DIRECTED: Final = "directed"
"""Class of a drawing with an arrow or a line of writing: it is mirrored where people read from right to left."""

_SVG: Final = "{http://www.w3.org/2000/svg}"
_ROOT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "viewBox": f"0 0 {SIDE} {SIDE}",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "2.5",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
)
"""The attributes of every drawing, so that all look as if one hand had drawn them."""
_NUMBER: Final = r"-?\d*\.?\d+"
_LENGTH: Final = re.compile(_NUMBER)
_ALLOWED: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "class": re.compile("accent"),
        "fill": re.compile("none|currentColor"),
        "stroke": re.compile("none|currentColor"),
        "stroke-dasharray": re.compile(rf"{_NUMBER} {_NUMBER}"),
        "transform": re.compile(rf"rotate\({_NUMBER} {_NUMBER} {_NUMBER}\)"),
        "d": re.compile(r"[MLHVCSQTAZmlhvcsqtaz\d., -]+"),
        **dict.fromkeys(("x", "y", "width", "height", "rx", "ry", "r", "cx", "cy"), _LENGTH),
    }
)
_ELEMENTS: Final = frozenset({"g", "path", "circle", "ellipse", "rect"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as markup of a page, made of nothing but what is allowed. `markup` is one `svg` element.

    It says nothing to screen readers: the words stand beside it.
    """

    markup: str

    def __html__(self) -> str:
        """For templates, which otherwise escape everything (https://jinja.palletsprojects.com, autoescaping)."""
        return self.markup


@dataclass(frozen=True, slots=True)
class Pictures:
    """A drawing for every topic by slug, every group by id and every service by name."""

    topics: Mapping[str, Picture]
    groups: Mapping[str, Picture]
    services: Mapping[str, Picture]


def load_pictures(root: Path, topics: Collection[str], groups: Collection[str]) -> Pictures:
    """Read `pictures/` in the content folder `root`. Raises ContentFileError for one that is missing or not allowed."""
    folder = root / "pictures"
    return Pictures(
        topics=_drawings(folder / "topic", topics),
        groups=_drawings(folder / "group", groups),
        services=_drawings(folder / "service", SERVICES),
    )


def _drawings(folder: Path, names: Collection[str]) -> Mapping[str, Picture]:
    for path in sorted(folder.glob("*")):
        if path.suffix != ".svg" or path.stem not in names:
            raise ContentFileError(path, "this is no drawing of anything", "correct the name, or remove it")
    return MappingProxyType({name: _drawing(folder / f"{name}.svg") for name in sorted(names)})


def _drawing(path: Path) -> Picture:
    text = read_text(path)
    if len(text.encode()) > MOST_BYTES:
        raise ContentFileError(path, f"the drawing has more than {MOST_BYTES} bytes", "draw it with fewer lines")
    if "<!" in text or "<?" in text or "&" in text:
        raise ContentFileError(path, "the drawing has a declaration, a comment or an entity", "remove it")
    try:
        tree = fromstring(text)  # noqa: S314 - our own file, and without the declarations that could do harm
    except ParseError as error:
        raise ContentFileError(path, f"the drawing is not XML ({error})", "save it again as SVG") from None
    attributes = dict(tree.attrib)
    directed = attributes.pop("class", "")
    if tree.tag != f"{_SVG}svg" or attributes != _ROOT or directed not in ("", DIRECTED):
        expected = " ".join(f'{name}="{value}"' for name, value in _ROOT.items())
        raise ContentFileError(path, "the drawing does not begin as all do", f"write <svg {expected}>")
    inside = "".join(_written(path, element) for element in tree)
    if not inside:
        raise ContentFileError(path, "the drawing is empty", "draw something")
    mirrored = f" picture--{DIRECTED}" if directed else ""
    given = " ".join(f"{name}={quoteattr(value)}" for name, value in _ROOT.items())
    return Picture(f'<svg class="picture{mirrored}" {given} aria-hidden="true" focusable="false">{inside}</svg>')


def _written(path: Path, element: Element) -> str:
    """The element and what is in it, written anew."""
    name = element.tag.removeprefix(_SVG)
    if name not in _ELEMENTS or (element.text or "").strip() or (element.tail or "").strip():
        raise ContentFileError(path, f"{name!r} may not stand in a drawing", f"use {', '.join(sorted(_ELEMENTS))} only")
    for attribute, value in element.attrib.items():
        if attribute not in _ALLOWED or not _ALLOWED[attribute].fullmatch(value):
            raise ContentFileError(
                path, f'{attribute}="{value}" may not stand in a drawing', "see bot/content/pictures.py"
            )
    attributes = "".join(f" {attribute}={quoteattr(value)}" for attribute, value in element.attrib.items())
    return f"<{name}{attributes}>{''.join(_written(path, child) for child in element)}</{name}>"
