"""The working files of the sentences: those that teach, those that measure, and the list of papers and provinces."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.checks.new_language.working_files import Step, Unfinished, advance
from bot.checks.nlu.entities import DOCUMENT, WordList, read_word_list, word_list_path
from bot.checks.nlu.parity import FEWEST
from bot.i18n.registry import Registry

FEWEST_MEASURING: Final = 5
_HEAD: Final = 'version: "3.1"\nnlu:\n'
_COMMENT: Final = re.compile(r"(?m)^ *#.*\n")
_EMPTY: Final = re.compile(r"(?m)^ *- *\n")
_SENTENCE: Final = re.compile(r"(?m)^ +- *(?!(?:intent|lookup|synonym):)\S")
_TEACH: Final = """\
# {intent}: {purpose}
# Write at least {fewest} sentences as {name} speakers say them, each after a `- `: general questions and personal
# situations, short and long, formal and colloquial, with spelling mistakes and with Turkish words of the office.
# Name papers, provinces and dates so: [Van](province), [tomorrow](date), [passport](document).
"""
_MEASURE: Final = """\
# {intent}: {purpose}
# Write at least {fewest} sentences in {name} that measure: other people, other words than those that teach. No marks.
"""
_WORDS: Final = """\
# How {name} names the papers: below each synonym every word for it, each after a `- `, with its common forms.
# The provinces stand here as in Turkish: add how {name} writes them.
"""
_EXAMPLES_A_PAPER: Final = 4


def advance_teaching(root: Path, code: str, name: str, intent: str, purpose: str) -> tuple[Step, str]:
    """Begin or finish the training sentences of an intent."""
    path = root / "nlu_data" / "nlu" / code / f"{intent}.yml"
    return _advance_sentences(path, _TEACH, FEWEST, name, intent, purpose)


def advance_measuring(root: Path, code: str, name: str, intent: str, purpose: str) -> tuple[Step, str]:
    """Begin or finish the sentences that measure an intent and are never taught."""
    path = held_out_path(root, code) / f"{intent}.yml"
    return _advance_sentences(path, _MEASURE, FEWEST_MEASURING, name, intent, purpose)


def held_out_path(root: Path, code: str) -> Path:
    return root / "tests" / "nlu" / "held_out" / code


def count_sentences(text: str) -> int:
    return len(_SENTENCE.findall(_COMMENT.sub("", text)))


def _advance_sentences(path: Path, comment: str, fewest: int, name: str, intent: str, purpose: str) -> tuple[Step, str]:
    def begin() -> str:
        said = comment.format(intent=intent, purpose=purpose, fewest=fewest, name=name)
        return f"{said}{_HEAD}  - intent: {intent}\n    examples: |\n" + "      - \n" * fewest

    def finish(text: str) -> str | Unfinished:
        number = count_sentences(text)
        if number < fewest:
            return Unfinished(f"{number} of {fewest} sentences")
        return _EMPTY.sub("", _COMMENT.sub("", text))

    return advance(path, begin, finish)


def advance_word_list(root: Path, code: str, name: str, registry: Registry) -> tuple[Step, str]:
    """Begin or finish the list of papers and provinces."""
    path = word_list_path(root, code)
    lists = {
        language.code: read_word_list(word_list_path(root, language.code))
        for language in registry.offered()
        if word_list_path(root, language.code).exists()
    }
    papers = lists[registry.source.code].papers

    def begin() -> str:
        provinces = {value for words in lists.values() for _, value in words.synonyms} - papers
        blocks = [_block("lookup", "province", sorted(provinces))]
        for paper in sorted(papers):
            hint = ", ".join(_words(lists, paper))
            blocks.append(f"  # {hint}\n{_block('synonym', paper, [''])}")
        return f"{_WORDS.format(name=name)}{_HEAD}{''.join(blocks)}"

    def finish(text: str) -> str | Unfinished:
        words = {paper: _below(text, paper) for paper in sorted(papers)}
        if unnamed := [paper for paper, named in words.items() if not named]:
            return Unfinished(f"no words for {', '.join(unnamed)}")
        # The table of papers is what all synonyms name: nobody has to write it twice.
        named = [word for paper in sorted(papers) for word in words[paper]]
        return _EMPTY.sub("", _COMMENT.sub("", text)) + _block("lookup", DOCUMENT, named)

    return advance(path, begin, finish)


def _block(kind: str, name: str, words: Sequence[str]) -> str:
    lines = "".join(f"      - {word}\n" for word in words)
    return f"  - {kind}: {name}\n    examples: |\n{lines}"


def _words(lists: Mapping[str, WordList], paper: str) -> list[str]:
    """What the paper is called in English, where there is an English list, else in the languages there are."""
    known = lists.get("en") or next(iter(lists.values()))
    return [word for word, value in known.synonyms if value == paper][:_EXAMPLES_A_PAPER]


def _below(text: str, paper: str) -> list[str]:
    """The words that somebody wrote below a synonym."""
    found = re.search(rf"(?m)^  - synonym: {paper}\n    examples: \|\n((?: {{6}}- *.*\n?)*)", text)
    lines = found[1].splitlines() if found else []
    return [word for line in lines if (word := line.strip().removeprefix("-").strip())]
