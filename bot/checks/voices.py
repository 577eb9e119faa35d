"""`make voices`: what is read aloud in each language, by whom, and what a speaker would have to record.

Makes the synthetic sounds beforehand in the data folder, so that nothing is made twice, and removes those that no text
needs any more. For a language without a voice of its own it writes the list of what a speaker would have to record.
"""

import asyncio
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.checks.extraction import extract
from bot.content import load_library
from bot.errors import VoiceError
from bot.i18n.catalogues import load_catalogues
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.registry import Language
from bot.settings import load_settings
from bot.voice.clips import SUFFIX
from bot.voice.reading import AT_ONCE, Reading, make_reading
from bot.voice.texts import Text, public_texts

LISTS: Final = Path("reports", "voices")
_ELSEWHERE: Final = ("kiosk/staff/", "bot/channels/telegram/", "bot/launch/")
"""Sources whose phrases no page of the kiosk shows."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A language's texts by who speaks them. `borrowed`: the voice was made for a neighbouring language."""

    language: Language
    recorded: tuple[Text, ...]
    by_voice: tuple[Text, ...]
    silent: tuple[Text, ...]
    borrowed: bool

    @property
    def to_record(self) -> tuple[Text, ...]:
        """What a person's recording would be better for than what there is."""
        return (*self.silent, *(self.by_voice if self.borrowed else ()))


def make_voices(root: Path, codes: Sequence[str], *, list_only: bool = False) -> int:
    """Do it for these languages, or all that are offered. 1 when a sound could not be made, or a code is not known."""
    settings = load_settings()
    library = load_library(root / "content")
    reading = make_reading(library, root / "content", settings.data_dir)
    unknown = [code for code in codes if not library.languages.is_offered(code)]
    if unknown:
        print(f"not offered: {', '.join(unknown)}: use a code of content/languages.yaml", file=sys.stderr)
        return 1
    today = datetime.now(OFFICE_ZONE).date()
    catalogues, phrases = load_catalogues(root, library.languages), shown_phrases(root)
    found = [
        heard(reading, language, public_texts(library, catalogues, language.code, today, phrases))
        for language in library.languages.offered()
        if not codes or language.code in codes
    ]
    console = Console()
    console.print(_table(found))
    for one in found:
        if one.to_record:
            console.print(f"to record: {write_list(root / LISTS, one)}", soft_wrap=True)
    if list_only:
        return 0
    made, failed = asyncio.run(_make(reading, found, Console(stderr=True)))
    if not codes:
        _remove_others(reading.beforehand.folder, made)
    size = sum(path.stat().st_size for path in made) / 1_000_000
    console.print(f"{len(made)} sounds in {reading.beforehand.folder} ({size:.0f} MB)", soft_wrap=True)
    for reason in failed:
        print(reason, file=sys.stderr)
    return 1 if failed else 0


def heard(reading: Reading, language: Language, texts: Sequence[Text]) -> Heard:
    """Who speaks what of these texts."""
    voice = reading.voice(language.code)
    recorded = tuple(text for text in texts if reading.clips.find(language.code, text.text))
    rest = tuple(text for text in texts if text not in recorded)
    by_voice, silent = (rest, ()) if voice is not None else ((), rest)
    return Heard(language, recorded, by_voice, silent, voice is not None and voice.language != language.code)


def write_list(folder: Path, one: Heard) -> Path:
    """The list for a speaker, as a table for programs and as a page to read from. Returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [(number, f"{text.key}{SUFFIX}", text.where, text.text) for number, text in enumerate(one.to_record, 1)]
    with (folder / f"{one.language.code}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("number", "file", "part", "text"), *rows])
    lines = "\n".join(
        f"<tr><td>{number}</td><td><code>{file}</code></td><td>{escape(where)}</td>"
        f'<td lang="{one.language.code}" dir="{one.language.direction}">{escape(text)}</td></tr>'
        for number, file, where, text in rows
    )
    page = folder / f"{one.language.code}.html"
    page.write_text(_PAGE.format(language=escape(one.language.english_name), lines=lines), encoding="utf-8")
    return page


def shown_phrases(root: Path) -> frozenset[str]:
    """The message ids that pages of the kiosk may show. A plural is left out: its words have a number."""
    ids: set[str] = set()
    for message in extract(root):
        elsewhere = all(source.startswith(_ELSEWHERE) for source, _ in message.locations)
        if message.id and isinstance(message.id, str) and not elsewhere:
            ids.add(message.id)
    return frozenset(ids)


async def _make(reading: Reading, found: Sequence[Heard], console: Console) -> tuple[set[Path], list[str]]:
    """The files of all synthetic sounds, and what went wrong."""
    made: set[Path] = set()
    failed: list[str] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        for one in found:
            voice = reading.voice(one.language.code)
            if voice is None or reading.synthesiser is None:
                continue
            words = {reading.words(one.language.code, text.text, voice) for text in one.by_voice}
            spoken = sorted(text for text in words if any(letter.isalnum() for letter in text))
            task = progress.add_task(one.language.english_name, total=len(spoken))
            for at in range(0, len(spoken), AT_ONCE):
                making = (
                    reading.beforehand.make(reading.synthesiser, voice, text) for text in spoken[at : at + AT_ONCE]
                )
                for result in await asyncio.gather(*making, return_exceptions=True):
                    if isinstance(result, Path):
                        made.add(result)
                    elif isinstance(result, VoiceError):
                        failed.append(f"{one.language.code}: {result}")
                    else:
                        raise result
                    progress.advance(task)
    return made, failed


def _remove_others(folder: Path, needed: set[Path]) -> None:
    for path in folder.glob("*/*"):
        if path not in needed:
            path.unlink()


def _table(found: Sequence[Heard]) -> Table:
    table = Table("language", "texts", "recorded", "by a voice", "by a neighbour's voice", "silent")
    for one in found:
        own, borrowed = (0, len(one.by_voice)) if one.borrowed else (len(one.by_voice), 0)
        total = len(one.recorded) + len(one.by_voice) + len(one.silent)
        figures = (total, len(one.recorded), own, borrowed, len(one.silent))
        table.add_row(f"{one.language.code} {one.language.english_name}", *(str(figure) for figure in figures))
    return table


_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>To record: {language}</title></head>
<body><h1>To record: {language}</h1>
<p>Read content/audio/README.md first. One file for each line, under the name in the second column.</p>
<table border="1" cellpadding="8">
<thead><tr><th>No.</th><th>File</th><th>Part</th><th>Text</th></tr></thead>
<tbody>
{lines}
</tbody></table></body></html>
"""
