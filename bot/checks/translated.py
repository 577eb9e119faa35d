"""Marks a translation as made from the Turkish text as it is now: for the translator who has just updated it."""

from pathlib import Path

from bot.checks.front_matter import content_folder, set_fields, source_path
from bot.content.text import TextStatus, fingerprint, read_text_file
from bot.i18n.registry import load_registry
from bot.i18n.yaml_files import ContentFileError


def mark_translated(path: Path) -> str:
    """Write the fingerprint of the source text beside `path` into its front matter. Returns the fingerprint.

    A reviewed text that follows a new source is a draft again until somebody has compared the two. Only the translator
    can know that the words agree, so this is never done automatically. Raises ContentFileError.
    """
    source = load_registry(content_folder(path)).source
    front = read_text_file(path).front
    if front.status is TextStatus.SOURCE:
        raise ContentFileError(path, "this is the source text", "name a translation")
    current = fingerprint(read_text_file(source_path(path, source.code)).body)
    set_fields(path, {"source": current})
    if front.status is TextStatus.REVIEWED and front.source != current:
        set_fields(path, {"status": TextStatus.DRAFT, "reviewer": None, "reviewed": (), "reviewed_words": ()})
    return current
