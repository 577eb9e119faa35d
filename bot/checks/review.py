"""Records that a person compared texts with their source, or the source with the law: who, when, and which words.

Only that person can know it, so nothing calls this but the command.
"""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot.checks.content.freshness import longest_review
from bot.checks.front_matter import content_folder, is_outdated, set_fields
from bot.content.facts import Facts
from bot.content.text import TextStatus, fingerprint, read_text_file
from bot.i18n.registry import load_registry
from bot.i18n.yaml_files import ContentFileError, parse_model, read_model, read_text


def review(paths: Iterable[Path], reviewer: str, on: date, today: date, *, source: bool = False) -> list[str]:
    """Mark the texts as reviewed by `reviewer` on the day `on`. Returns a line about each.

    With `source` they are Turkish texts, whose topics are then due for review again after the usual time. Every text
    is looked at before any is written. Raises ContentFileError.
    """
    texts = list(paths)
    name = " ".join(reviewer.split())
    for path in texts:
        if not name:
            raise ContentFileError(path, "a review without a name", "give --reviewer the name of the person")
        if on > today:
            raise ContentFileError(path, f"a review on {on}, which is not yet", "give the day of the review as --date")
        _require_source(path) if source else _require_reviewable(path)
    return [_review_source(path, name, on) if source else _review_translation(path, name, on) for path in texts]


def _require_reviewable(path: Path) -> None:
    """Raise unless `path` is a translation of the source text as it is now."""
    languages = load_registry(content_folder(path))
    file = read_text_file(path)
    if file.front.status is TextStatus.SOURCE:
        raise ContentFileError(path, "this is the source text", "compare it with the law and add --source")
    languages.get(path.stem)
    if is_outdated(path, languages.source.code):
        raise ContentFileError(
            path,
            f"translated from an older {languages.source.english_name} text",
            "compare it with the source first, then run `python -m bot.checks translated <file>`",
        )


def _require_source(path: Path) -> None:
    if read_text_file(path).front.status is not TextStatus.SOURCE:
        raise ContentFileError(path, "this is a translation", "leave --source out")
    if _has_facts(path):
        read_model(path.with_name("facts.yaml"), Facts)


def _has_facts(path: Path) -> bool:
    """Whether a review of this source text is due again: words of codes have no facts that could change."""
    return path.suffix == ".md"


def _review_translation(path: Path, reviewer: str, on: date) -> str:
    set_fields(
        path,
        {
            "status": TextStatus.REVIEWED,
            "reviewer": reviewer,
            "reviewed": on,
            "reviewed_words": fingerprint(read_text_file(path).body),
        },
    )
    return f"{path}: reviewed by {reviewer} on {on}"


def _review_source(path: Path, reviewer: str, on: date) -> str:
    if not _has_facts(path):
        set_fields(path, {"reviewer": reviewer})
        return f"{path}: reviewed by {reviewer} on {on}"
    facts_path = path.with_name("facts.yaml")
    due = on + longest_review(read_model(facts_path, Facts))
    text = read_text(facts_path)
    for field, day in (("last_reviewed", on), ("review_due", due)):
        text = re.sub(rf"(?m)^{field}:.*$", f"{field}: {day}", text, count=1)
    parse_model(facts_path, Facts, text)
    facts_path.write_text(text, encoding="utf-8")
    set_fields(path, {"reviewer": reviewer})
    return f"{path}: reviewed by {reviewer} on {on}; due again on {due}"
