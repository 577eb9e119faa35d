"""The working file of a topic's text: every line of the Turkish text, with the English beside it, to be written anew.

    <!-- tr: İşe başlamadan önce sorun. -->
    <!-- en: Ask before you begin to work. -->
    - …

The translator writes over each `…`. The originals are comments, which no text may have: even under its final name such
a file would be refused, not shown.
"""

import re
from pathlib import Path
from typing import Final

from bot.checks.new_language.working_files import Step, Unfinished, advance
from bot.content import TopicText
from bot.content.text import fingerprint, parse_text, read_text_file, split_text, wordings

BLANK: Final = "…"
ENGLISH: Final = "en"
_COMMENT: Final = re.compile(r"<!--.*?-->\n?")
_UNWRITTEN: Final = re.compile(rf"(?m)^(?:#+ |- )?{BLANK}")


def advance_text(folder: Path, code: str, name: str, source: str) -> tuple[Step, str]:
    """Begin or finish the text of the topic in `folder`. `name` is the language's, `source` the source's code."""
    path = folder / f"{code}.md"

    def begin() -> str:
        return _working_text(folder, name, source)

    def finish(text: str) -> str | Unfinished:
        left = len(_UNWRITTEN.findall(_COMMENT.sub("", text)))
        if left:
            return Unfinished(f"{left} lines to write")
        finished = _tidy(_COMMENT.sub("", text))
        parse_text(path, split_text(path, finished), code, wordings(read_text_file(folder / f"{source}.md")))
        return finished

    return advance(path, begin, finish)


def _working_text(folder: Path, name: str, source: str) -> str:
    file = read_text_file(folder / f"{source}.md")
    original = parse_text(folder / f"{source}.md", file, source, ())
    english = folder / f"{ENGLISH}.md"
    beside = parse_text(english, read_text_file(english), ENGLISH, ()).strings() if english.exists() else ()
    lines = [
        f'---\nsource: "{fingerprint(file.body)}"\nstatus: draft\nreviewer: null\n---',
        f"<!-- Write {name} over each {BLANK}, then run `make new-language` again. -->",
    ]
    for number, (string, written) in enumerate(zip(original.strings(), _marks(original), strict=True)):
        lines.append(f"\n<!-- {source}: {string} -->")
        if len(beside) == len(original.strings()):
            lines.append(f"<!-- {ENGLISH}: {beside[number]} -->")
        lines.append(written)
    return "\n".join(lines) + "\n"


def _marks(text: TopicText) -> list[str]:
    """The markup of each string of the text, with a blank for its words."""
    marks = [f"# {BLANK}", BLANK, *(BLANK for _ in text.paragraphs)]
    for section in text.ordered_sections:
        marks.append(f"## {BLANK} {{{' '.join(f'#{name}' for name in section.ids)}}}")
        marks += [BLANK for _ in section.paragraphs]
        marks += [f"- {BLANK}" for _ in section.items]
    return marks


def _tidy(text: str) -> str:
    """One empty line between paragraphs, none between items, none above the title."""
    text = re.sub(r"\n{3,}", "\n\n", text)
    text = re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", text)
    return text.replace("---\n\n", "---\n", 1)
