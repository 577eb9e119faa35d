"""`make new-language`: a made-up language grows from nothing until it may be offered, in a copy of the project."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po, write_po

from bot.checks.new_language.texts import BLANK
from bot.content import load_library
from bot.i18n.registry import load_registry
from tests.data.conftest import PROJECT

CODE = "qaa"  # ISO 639-2 keeps it for private use
ROW = (
    f"  - {{code: {CODE}, name: Uydurca, english_name: Madeup, direction: ltr, locale: sl, fallback: [en, tr], "
    "digits: latin, status: planned, detectable: false}\n"
)
TWIN = "fr"
"""The made-up language has the words of this one, so that its texts can be right."""

Files = dict[Path, bytes]


@pytest.fixture
def project(tmp_path: Path, content: Path) -> Path:
    """A copy of the project, in which the language is planned."""
    for folder in ("bot", "kiosk", "locales", "nlu_data", "tests/nlu/held_out"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    with (content / "languages.yaml").open("a", encoding="utf-8") as file:
        file.write(ROW)
    return tmp_path


def _run(project: Path, code: str = CODE, exits: int = 0) -> str:
    words = [sys.executable, "-m", "bot.checks.new_language", code, "--root", str(project)]
    ran = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True)
    assert ran.returncode == exits, ran.stderr
    return ran.stdout if exits == 0 else ran.stderr


def _findings(project: Path, *, of: str = "") -> list[str]:
    """What the checks say of the copied project, of lines that name the language."""
    words = [sys.executable, "-m", "bot.checks", "--root", str(project), "all"]
    said = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True).stdout.splitlines()
    assert said[-1].startswith("checked "), said
    return [line for line in said[:-1] if re.search(of, line)]


def _tree(project: Path) -> Files:
    return {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


def _edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def _count(said: str, what: str) -> str:
    found = re.search(rf"(?m)^  {what} +(\d+ of \d+) ", said)
    assert found, said
    return found[1]


def test_an_unknown_code_says_what_to_add_and_writes_nothing(project: Path) -> None:
    before = _tree(project)
    said = _run(project, "pl", exits=1)
    assert "no language 'pl'" in said
    assert "{code: pl, name: polski, english_name: Polish, direction: ltr, locale: pl," in said
    assert "Babel does not know this code" in _run(project, "qab", exits=1)
    for nonsense in ("", "../..", "QAA"):
        assert "no language" in _run(project, nonsense, exits=1)
    assert _tree(project) == before


def test_a_locale_that_babel_does_not_know_is_named(project: Path) -> None:
    _edit(project / "content" / "languages.yaml", lambda text: text.replace("locale: sl", "locale: zz"))
    assert "Babel knows no locale 'zz'" in _run(project, exits=1)


def test_a_begun_language_has_a_place_for_everything_and_reaches_nobody(project: Path) -> None:
    before = _findings(project)
    topics = len(list((project / "content" / "topics").iterdir()))
    said = _run(project)
    assert said.startswith(f"Madeup ({CODE}), planned\n")
    assert _count(said, "topic texts") == f"0 of {topics}"
    assert _count(said, "glossary terms").startswith("0 of ")
    assert "content/glossary.yaml, units: working_day, day," in said
    assert "content/laws.yaml, laws: 6458, " in said
    assert len(list((project / "content" / "topics").glob(f"*/{CODE}.md.todo"))) == topics
    for folder in ("nlu_data/nlu", "tests/nlu/held_out"):
        assert len(list((project / folder / CODE).glob("*.yml.todo"))) == 72
        assert list((project / folder / CODE).glob("*.yml")) == []
    lesson = (project / "nlu_data" / "nlu" / CODE / "work-permit.yml.todo").read_text(encoding="utf-8")
    assert lesson.startswith("# work-permit: Permission to work, exemptions, unpaid wages.\n")
    papers = (project / "nlu_data" / "entities" / f"{CODE}.yml.todo").read_text(encoding="utf-8")
    assert "      - İstanbul\n" in papers
    assert papers.count("  - synonym: ") == 12
    # Slovenian has four plural forms, and so has what borrows its locale.
    catalogue = (project / "locales" / "sl" / "LC_MESSAGES" / "rehber.po").read_text(encoding="utf-8")
    assert "nplurals=4" in catalogue
    assert "msgstr[3] " in catalogue
    assert _findings(project) == before
    registry = load_registry(project / "content")
    assert not registry.is_offered(CODE)


def test_the_next_run_changes_nothing_and_overwrites_nothing(project: Path) -> None:
    _run(project)
    working = project / "content" / "topics" / "education" / f"{CODE}.md.todo"
    _edit(working, lambda text: text.replace(f"# {BLANK}", "# Okulya", 1))
    lesson = project / "nlu_data" / "nlu" / CODE / "thanks.yml.todo"
    _edit(lesson, lambda text: text.replace("      - \n", "      - sagolya\n", 1))
    written = project / "content" / "topics" / "health-care" / f"{CODE}.md"
    shutil.copy(written.with_name("fr.md"), written)
    before = _tree(project)
    said = _run(project)
    assert _tree(project) == before
    left = working.read_text(encoding="utf-8").count(BLANK) - 1
    assert f"content/topics/education/{CODE}.md.todo: {left} lines to write" in said
    assert f"nlu_data/nlu/{CODE}/thanks.yml.todo: 1 of 12 sentences" in said
    assert "    1 already written" in said
    assert _count(said, "topic texts").startswith("1 of ")


def test_an_untouched_working_file_is_refused_even_under_its_final_name(project: Path) -> None:
    _run(project)
    working = project / "content" / "topics" / "education" / f"{CODE}.md.todo"
    working.rename(working.with_suffix(""))
    [line] = _findings(project, of=CODE)
    assert line.startswith(f"content/topics/education/{CODE}.md: ")


def test_untouched_words_of_codes_are_refused_even_under_their_final_name(project: Path) -> None:
    _run(project)
    working = project / "content" / "case" / f"{CODE}.yaml.todo"
    working.rename(working.with_suffix(""))
    [line] = _findings(project, of=CODE)
    assert line.startswith(f"content/case/{CODE}.yaml: documents.")


def test_a_text_that_breaks_the_markup_waits_with_a_reason(project: Path) -> None:
    _run(project)
    working = project / "content" / "topics" / "education" / f"{CODE}.md.todo"
    _edit(working, lambda text: text.replace(BLANK, "**Okulya**"))
    assert re.search(rf"education/{CODE}\.md\.todo: '\*' in line \d+ of the text is markup", _run(project))
    assert not working.with_suffix("").exists()


def test_a_language_is_offered_when_everything_is_written_and_the_checks_are_clean(project: Path) -> None:
    _run(project)
    languages = project / "content" / "languages.yaml"
    _edit(languages, lambda text: text.replace(ROW, ROW.replace("planned", "offered")))
    assert _findings(project, of="has no name in qaa|is offered and has no folder|no Madeup")
    _edit(languages, lambda text: text.replace(ROW.replace("planned", "offered"), ROW))

    _translate(project)
    said = _run(project)
    assert said.count("completed and put into their place") == 5
    assert "not complete yet" not in said
    complete = "glossary terms, units, laws, topic texts, words of codes, phrases, intents taught, intents measured"
    for what in complete.split(", "):
        done, of = _count(said, what).split(" of ")
        assert done == of, what
    assert "Set `status: offered` in content/languages.yaml" in said
    assert list(project.rglob("*.todo")) == []
    text = load_library(project / "content").topic("education").text(CODE)
    assert (text.language, text.outdated) == (CODE, False)

    _edit(languages, lambda text: text.replace(ROW, ROW.replace("planned", "offered")))
    # Nothing is said of it that is not said of its twin too.
    twins = {line.replace(TWIN, CODE) for line in _findings(project, of=f"/{TWIN}[/.]")}
    assert set(_findings(project, of=f"{CODE}|/sl/|Madeup")) - twins == set()
    assert "Nothing: it is offered" in _run(project)


def _translate(project: Path) -> None:
    """Write over every working file what its twin says, as a translator would."""
    for name in ("glossary.yaml", "groups.yaml", "laws.yaml", "phones.yaml"):
        _edit(project / "content" / name, _with_twin_words)
    for path in (project / "content" / "topics").glob("*/facts.yaml"):
        _edit(path, _with_twin_words)
    library = load_library(project / "content")
    for slug, topic in library.topics.items():
        working = project / "content" / "topics" / slug / f"{CODE}.md.todo"
        said = working.read_text(encoding="utf-8").partition("-->\n")[2]
        for words in topic.text(TWIN).strings():
            said = re.sub(rf"(?m)^((?:#+ |- )?){BLANK}", lambda mark, w=words: mark[1] + w, said, count=1)  # type: ignore[misc]
        working.write_text(working.read_text(encoding="utf-8").partition("-->\n")[0] + "-->\n" + said, encoding="utf-8")
    codes = project / "content" / "case" / f"{CODE}.yaml.todo"
    said_of_codes = codes.read_text(encoding="utf-8")
    for words in library.case_words.texts[TWIN].strings():
        said_of_codes = said_of_codes.replace(f": {BLANK}\n", f": {json.dumps(words)}\n", 1)
    codes.write_text(said_of_codes, encoding="utf-8")
    for folder in ("nlu_data/nlu", "tests/nlu/held_out"):
        for working in (project / folder / CODE).glob("*.todo"):
            twin = (project / folder / TWIN / working.stem).read_text(encoding="utf-8")
            sentences = re.findall(r"(?m)^ +- (?!intent:).*\n", twin)
            _edit(working, lambda text, lines=sentences: text.replace("      - \n", "", 11) + "".join(lines))  # type: ignore[misc]
    _translate_papers(project)
    _translate_phrases(project)


def _with_twin_words(text: str) -> str:
    """Beside the twin's words, wherever they stand, the same for the made-up language."""
    data = yaml.safe_load(text)
    _add_twin_words(data)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def _add_twin_words(data: Any) -> None:
    if isinstance(data, dict):
        if TWIN in data:
            data[CODE] = data[TWIN]
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            _add_twin_words(part)


def _translate_papers(project: Path) -> None:
    folder = project / "nlu_data" / "entities"
    twin = (folder / f"{TWIN}.yml").read_text(encoding="utf-8")
    named = dict(re.findall(r"  - synonym: ([a-z_]+)\n    examples: \|\n((?: {6}- .*\n)+)", twin))
    for paper, lines in named.items():
        head = f"  - synonym: {paper}\n    examples: |\n"
        _edit(folder / f"{CODE}.yml.todo", lambda text, a=head, b=lines: text.replace(f"{a}      - \n", a + b))  # type: ignore[misc]


def _translate_phrases(project: Path) -> None:
    path = project / "locales" / "sl" / "LC_MESSAGES" / "rehber.po"
    twin = read_po(BytesIO((project / "locales" / TWIN / "LC_MESSAGES" / "rehber.po").read_bytes()))
    catalogue = read_po(BytesIO(path.read_bytes()), locale="sl")
    for message in catalogue:
        said = twin.get(message.id, message.context) if message.id else None
        if message.pluralizable:
            forms = list(said.string if said and said.string and all(said.string) else message.id)
            message.string = (forms[0], *[forms[1]] * 3)
        elif message.id:
            message.string = said.string if said and said.string else message.id
    with path.open("wb") as file:
        write_po(file, catalogue)
