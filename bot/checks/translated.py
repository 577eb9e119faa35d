"""Marks a translation as made from the Turkish text as it is now: for the translator who has just updated it."""

import re
from pathlib import Path

from bot.content.text import TextStatus, fingerprint, read_text_file
from bot.i18n.registry import load_registry
from bot.i18n.yaml_files import ContentFileError, read_text


def mark_translated(path: Path) -> str:
    """Write the fingerprint of the source text beside `path` into its front matter. Returns the fingerprint.

    Only the translator can know that the words agree, so this is never done automatically. Raises
    ContentFileError.
    """
    content = path.resolve().parents[2]
    source = load_registry(content).source
    if read_text_file(path).front.status is TextStatus.SOURCE:
        raise ContentFileError(path, "this is the source text", "name a translation")
    current = fingerprint(read_text_file(path.with_name(f"{source.code}.md")).body)
    text = re.sub(r"(?m)^source:.*$", f'source: "{current}"', read_text(path), count=1)
    path.write_text(text, encoding="utf-8")
    return current
