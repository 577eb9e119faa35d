"""The colours of both doors: text can be read (WCAG 2.2, 1.4.6: 7:1), frames and focus can be seen (1.4.11: 3:1)."""

import re
from collections.abc import Mapping

import pytest

from kiosk.app import PUBLIC
from kiosk.web.own_files import WEB

_COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")

PLAIN = dict(_COLOUR.findall((WEB / "tokens.css").read_text(encoding="utf-8")))
HIGH = PLAIN | dict(_COLOUR.findall((PUBLIC / "static" / "contrast.css").read_text(encoding="utf-8")))

TEXT = [
    *[(text, ground) for text in ("ink", "ink-soft", "primary") for ground in ("ground", "surface", "surface-soft")],
    ("ink", "surface-own"),
    ("on-primary", "primary"),
    ("on-primary", "primary-pressed"),
    ("on-person", "person"),
    ("on-person", "person-pressed"),
    ("person", "surface"),
    ("person", "person-soft"),
    ("ink", "person-soft"),
    ("alarm", "alarm-soft"),
    ("alarm", "surface-own"),
    ("good", "good-soft"),
]
SIGNS = [
    ("line-strong", "surface"),
    ("line-strong", "ground"),
    ("focus", "surface"),
    ("focus", "focus-halo"),
    ("primary", "accent"),
    ("ink", "accent"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colours: Mapping[str, str], one: str, other: str) -> float:
    light, dark = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(PLAIN, text, ground) >= 7
    assert contrast(HIGH, text, ground) >= 19


@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_frames_and_focus_can_be_seen(sign: str, ground: str) -> None:
    assert contrast(PLAIN, sign, ground) >= 3
    # The accent fills a part of a picture; in high contrast there is none, and the lines stand alone.
    assert ground == "accent" or contrast(HIGH, sign, ground) >= 19
