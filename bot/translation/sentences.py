"""Cuts a text into sentences for a model that knows sentences only. The pieces joined are the text.

sentencex knows the abbreviations of many languages. It takes the point in `۳.۵`, and that behind a single letter as in
`د. أحمد`, for an end; a number in two halves would be translated into two numbers.
"""

import re
from typing import Final

import sentencex

_GOES_ON: Final = re.compile(r"(?:\d[.,٫٬]|(?<!\w)\w\.\s*)\Z")


def sentences(text: str, language: str) -> list[str]:
    """The sentences of `text`, each with the space behind it."""
    found: list[str] = []
    for piece in sentencex.segment(language, text):
        if found and _GOES_ON.search(found[-1]) and (piece[:1].isdigit() or not found[-1][-2:-1].isdigit()):
            found[-1] += piece
        else:
            found.append(piece)
    return found or [text]
