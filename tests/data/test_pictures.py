"""Every topic, group and service has a drawing of its own, made of nothing that could do harm in a page."""

import re
from pathlib import Path

import pytest

from bot.content import Library, load_library
from bot.content.pictures import MOST_BYTES, SERVICES, Picture
from bot.i18n.yaml_files import ContentFileError
from tests.data.conftest import PROJECT, Plant

TOPIC = "pictures/topic/work-permit.svg"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(PROJECT / "content")


def drawings(library: Library) -> dict[str, Picture]:
    pictures = library.pictures
    kinds = {"topic": pictures.topics, "group": pictures.groups, "service": pictures.services}
    return {f"{kind}/{name}": picture for kind, of in kinds.items() for name, picture in of.items()}


def test_everything_has_a_drawing(library: Library) -> None:
    assert set(library.pictures.topics) == set(library.slugs)
    assert set(library.pictures.groups) == set(library.arrangement.groups)
    assert set(library.pictures.services) == set(SERVICES)


def test_no_two_drawings_are_alike(library: Library) -> None:
    """Neither the same lines, nor the same lines with another accent or another direction."""
    lines = {
        name: frozenset(re.findall(r' (?:d|x|cx)="[^>]*', picture.markup.replace(' class="accent"', "")))
        for name, picture in drawings(library).items()
    }
    assert len(lines) == len(library.slugs) + len(library.arrangement.groups) + len(SERVICES)
    alike = [
        (one, other)
        for one in lines
        for other in lines
        if one < other and len(lines[one] & lines[other]) * 2 > min(len(lines[one]), len(lines[other]))
    ]
    assert alike == []


def test_a_drawing_stays_inside_its_frame_and_is_small(library: Library) -> None:
    for name, picture in drawings(library).items():
        file = PROJECT / "content" / "pictures" / f"{name}.svg"
        assert len(file.read_bytes()) <= MOST_BYTES
        assert re.fullmatch(
            r'<svg class="picture( picture--directed)?" [^<]*aria-hidden="true"[^<]*>.*</svg>', picture.markup
        )
        for centre, radius in re.findall(r'cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"', picture.markup):
            assert 0 <= float(centre) - float(radius) <= float(centre) + float(radius) <= 48, name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<path", "<script>alert(1)</script><path"),
        ("<path", "<text>A</text><path"),
        ("<path", "<style>path{}</style><path"),
        ("<path", '<use href="#a"/><path'),
        ("<path", '<image href="https://example.org/a.png"/><path'),
        ("<path", "<foreignObject/><path"),
        ("<path", "words<path"),
        ("<path", "<!-- why --><path"),
        ("<path", '<path xmlns="http://www.w3.org/1999/xhtml"'),
        ("<path", '<path onload="alert(1)"'),
        ("<path", '<path style="fill:red"'),
        ("<path", '<path fill="url(#a)"'),
        ("<path", '<path fill="#ff0000"'),
        ("<path", '<path class="anything"'),
        ("<path", '<path stroke-width="1"'),
        ("<path", f'<path d="{"M1 1" * 1100}"/><path'),
        ('stroke-width="2.5"', 'stroke-width="4"'),
        ('viewBox="0 0 48 48"', 'viewBox="0 0 24 24"'),
        ("</svg>", ""),
    ],
)
def test_what_could_do_harm_is_no_drawing(content: Path, plant: Plant, old: str, new: str) -> None:
    path = plant(TOPIC, old, new)
    with pytest.raises(ContentFileError) as refused:
        load_library(content)
    assert refused.value.path == path


def test_a_topic_without_a_drawing_is_refused(content: Path) -> None:
    (content / TOPIC).unlink()
    with pytest.raises(ContentFileError, match="work-permit"):
        load_library(content)


def test_a_drawing_of_nothing_is_refused(content: Path) -> None:
    (content / TOPIC).rename((content / TOPIC).with_stem("work-permits"))
    with pytest.raises(ContentFileError, match="work-permits"):
        load_library(content)
