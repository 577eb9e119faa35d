"""Flags a correction of the Turkish text that changes no meaning, so that it does not outdate the translations.

The text is compared with an earlier one in git, because only that knows what the translations of today were made from:
one that was outdated before stays so.
"""

import re
import shutil
import subprocess
from pathlib import Path

from bot.checks.content.texts import latin_digits
from bot.checks.front_matter import set_fields
from bot.content.text import TextFile, TextStatus, TopicText, fingerprint, parse_text, read_text_file, split_text
from bot.i18n.yaml_files import ContentFileError

SINCE = "HEAD"


def mark_minor(path: Path, since: str = SINCE) -> list[str]:
    """Let translations of the text in git's revision `since` count as translations of the text as it is now.

    Returns the changed lines, old and new in turn, for a person to look at again; none when only spaces changed.
    Raises ContentFileError for a change that is never minor: of a number, of a section, of the number of lines.
    """
    file = read_text_file(path)
    if file.front.status is not TextStatus.SOURCE:
        raise ContentFileError(path, "this is a translation", "name the source text: only it can outdate others")
    former = split_text(path, _earlier(path, since))
    before, now = fingerprint(former.body), fingerprint(file.body)
    if before == now:
        return []
    changes = _changes(path, former, file)
    listed = file.front.same_as if before in file.front.same_as else (before,)
    set_fields(path, {"same_as": tuple(dict.fromkeys([*listed, now]))})
    return changes


def _changes(path: Path, former: TextFile, file: TextFile) -> list[str]:
    old, new = (parse_text(path, each, path.stem, ()) for each in (former, file))
    if _shape(old) != _shape(new):
        raise ContentFileError(path, "sections or lines were added or taken away", "have the translations follow")
    changed = [(was, is_) for was, is_ in zip(old.strings(), new.strings(), strict=True) if was != is_]
    for was, is_ in changed:
        if _numbers(was) != _numbers(is_):
            raise ContentFileError(path, f"a number changed: {is_[:40]!r}", "have the translations follow")
    return [f"{sign} {words}" for pair in changed for sign, words in zip("-+", pair, strict=True)]


def _shape(text: TopicText) -> list[tuple[object, ...]]:
    sections = [(section.ids, len(section.paragraphs), len(section.items)) for section in text.ordered_sections]
    return [(len(text.paragraphs),), *sections]


def _numbers(words: str) -> list[str]:
    return re.findall(r"\d+", latin_digits(words))


def _earlier(path: Path, since: str) -> str:
    """The file as it was in a revision."""
    git = shutil.which("git")
    if git is None:
        raise ContentFileError(path, "git is not installed, and only it knows the earlier text", "install git")
    told = subprocess.run(
        [git, "-C", str(path.parent), "show", "--end-of-options", f"{since}:./{path.name}"],
        capture_output=True,
        check=False,
    )
    if told.returncode:
        raise ContentFileError(path, f"git has no such file in {since}", "name the revision before the change: --since")
    return told.stdout.decode("utf-8")
