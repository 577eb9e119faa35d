"""The working file of the words of codes: every Turkish text as a comment, with the English beside it, to be written
anew.

The translator writes over each `…`, which no words may have: even under its final name such a file would be refused.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.checks.new_language.texts import BLANK, ENGLISH
from bot.checks.new_language.working_files import Step, Unfinished, advance
from bot.content.case_words import Meaning, case_path, parse_case_text
from bot.content.text import fingerprint, read_text_file, split_text, wordings

_COMMENT: Final = re.compile(r"(?m)^ *#.*\n")
_UNWRITTEN: Final = re.compile(rf"(?m): {BLANK}$")

_Words = Mapping[str, Mapping[str, Meaning]]


def advance_codes(content: Path, code: str, name: str, source: str) -> tuple[Step, str]:
    """Begin or finish the words of codes. `name` is the language's, `source` the source's code."""
    path = case_path(content, code)

    def begin() -> str:
        return _working_text(content, name, source)

    def finish(text: str) -> str | Unfinished:
        left = len(_UNWRITTEN.findall(text))
        if left:
            return Unfinished(f"{left} lines to write")
        finished = _COMMENT.sub("", text)
        parse_case_text(path, split_text(path, finished), wordings(read_text_file(case_path(content, source))))
        return finished

    return advance(path, begin, finish)


def _working_text(content: Path, name: str, source: str) -> str:
    original = read_text_file(case_path(content, source))
    texts = {code: _words(content, code) for code in (source, ENGLISH) if case_path(content, code).exists()}
    head = f'---\nsource: "{fingerprint(original.body)}"\nstatus: draft\nreviewer: null\n---\n'
    return f"{head}# Write {name} over each {BLANK}, then run `make new-language` again.\n" + "\n".join(
        _lines(texts[source], texts)
    )


def _words(content: Path, code: str) -> _Words:
    path = case_path(content, code)
    return parse_case_text(path, read_text_file(path), ()).words


def _lines(source: _Words, texts: Mapping[str, _Words]) -> Iterator[str]:
    for vocabulary, codes in source.items():
        yield f"{vocabulary}:"
        for code, meaning in codes.items():
            parts = [part for part, words in meaning.parts.items() if words]
            alone = parts == ["is"]
            if not alone:
                yield f"  {code}:"
            for part in parts:
                indent = "  " if alone else "    "
                for language, words in texts.items():
                    said = words.get(vocabulary, {}).get(code)
                    if said:
                        yield f"{indent}# {language}: {said.parts[part]}"
                yield f"{indent}{code if alone else part}: {BLANK}"
    yield ""
