"""What the documentation points to is there: files, headings, folders, make targets, decisions, versions."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from sqlalchemy import CheckConstraint, Table

from bot.content import load_library
from bot.settings import ROOT
from bot.storage import tables
from tests.docs.markdown import anchors, code, documents, links, rows

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DECISIONS = ROOT / "docs" / "decisions"
UNMADE = {ROOT / name for name in ("data", "reports", "build", "dist", "node_modules")}
"""Folders that git ignores: made by use."""

LARGEST_PICTURE = 200_000


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def folders(parent: Path) -> set[str]:
    """Folders of the repository, without caches and what git ignores."""
    return {
        path.name
        for path in parent.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__")) and path not in UNMADE
    }


@pytest.mark.parametrize("document", documents(), ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    lost = []
    for link in links(document):
        target, _, heading = link.partition("#")
        if re.match(r"https://\S+\.\S+", link):
            continue
        path = (document.parent / target.replace("\\", "")).resolve() if target else document
        if not path.exists() or not path.is_relative_to(ROOT) or (heading and heading not in anchors(path)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("document", documents(), ids=name)
def test_paths_in_code_exist(document: Path) -> None:
    tops = {*folders(ROOT), "docs"}
    paths = [
        text
        for text in code(document)
        if text.partition("/")[0] in tops and "/" in text and not re.search(r"[<>*…\s{}()]", text)
    ]
    # A decision keeps the name that a thing had when it was decided; everything else follows the code.
    assert document.parent == DECISIONS or [text for text in paths if not (ROOT / text).exists()] == []


def test_there_is_documentation() -> None:
    assert len(documents()) >= 17
    assert sum(len(links(document)) for document in documents()) > 100
    assert {"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} <= {path.name for path in documents()}


def test_the_map_of_folders_names_all_of_them_and_no_other() -> None:
    mapped = {re.sub(r"\[(.+?)/?\]\(.*", r"\1", row[0]) for row in rows(README, "Where things are")}
    assert mapped == folders(ROOT)


def test_every_folder_of_tests_is_explained() -> None:
    explained = set(re.findall(r"`tests/(\w+)", " ".join(cell for row in _test_rows() for cell in row)))
    assert explained == folders(ROOT / "tests")


def _test_rows() -> list[list[str]]:
    return rows(CONTRIBUTING, "How tests are laid out")


def test_documents_name_targets_that_make_knows() -> None:
    known = set(re.findall(r"^\.PHONY: (\S+)$", _makefile(), re.MULTILINE))
    spoken = {
        target
        for document in documents()
        for target in re.findall(r"(?:`|^ *\$ )make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert spoken - known == set()
    assert {"run", "test", "check", "evaluate", "answers", "bench", "faults", "help"} <= spoken


def test_help_lists_every_target_that_has_a_word_about_it() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", _makefile(), re.MULTILINE))
    made = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\S+)  ", made, re.MULTILINE)) == targets
    assert targets <= set(re.findall(r"^\.PHONY: (\S+)$", _makefile(), re.MULTILINE))
    assert len(targets) > 10


def _makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_index_of_decisions_is_complete_and_in_order() -> None:
    index = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", (DECISIONS / "README.md").read_text("utf-8"), re.MULTILINE)
    files = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [file for _, _, file in index] == files
    for position, (number, title, file) in enumerate(index, start=1):
        heading = (DECISIONS / file).read_text(encoding="utf-8").splitlines()[0]
        assert heading == f"# {position}. {title}", file
        assert int(number) == position == int(file[:4])


def test_the_newest_version_of_the_changelog_is_the_projects() -> None:
    headings = re.findall(r"^## \[(.+?)\](.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == project["version"]
    assert re.fullmatch(r" - \d{4}-\d{2}-\d{2}", headings[1][1])


@pytest.mark.parametrize("table", [tables.inbox, tables.outbox], ids=lambda table: table.name)
def test_the_states_that_are_drawn_are_those_of_the_table(table: Table) -> None:
    (rule,) = [c for c in table.constraints if isinstance(c, CheckConstraint) and "state IN" in str(c.sqltext)]
    allowed = set(re.findall(r"'(\w+)'", str(rule.sqltext)))
    diagrams = re.findall(r"stateDiagram-v2\n(.*?)```", ARCHITECTURE.read_text(encoding="utf-8"), re.DOTALL)
    arrows = [re.findall(r"^ +(\S+) --> (\w+|\[\*\])", diagram, re.MULTILINE) for diagram in diagrams]
    assert allowed in [{state for arrow in drawn for state in arrow} - {"[*]"} for drawn in arrows]


def test_the_layers_that_are_drawn_are_those_that_are_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [c["layers"] for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    drawn = re.findall(r"^(bot\.\S+(?: \| bot\.\S+)*)", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [layer for layer in drawn if layer in layers] == [layer for layer in layers if layer in drawn]
    parts = {part for layer in drawn for part in layer.split(" | ")}
    assert {"bot.channels", "bot.hub", "bot.cases", "bot.post", "bot.storage"} <= parts


def test_the_table_of_languages_is_true() -> None:
    library = load_library(ROOT / "content")
    offered = {}
    for language in library.languages.offered():
        texts = [library.topic(slug).text(language.code) for slug in library.slugs]
        checked = sum(text.status.value == "reviewed" for text in texts)
        state = "offered, the source" if language == library.languages.source else "offered"
        offered[f"`{language.code}`"] = [language.name, state, str(len(texts)), str(checked)]
    shown = {code: [language, *rest] for language, code, *rest in rows(README, "Languages")}
    assert shown == offered


def test_planned_languages_are_named() -> None:
    text = " ".join(README.read_text(encoding="utf-8").split())
    planned = [
        language.english_name.removesuffix(" Kurdish")
        for language in load_library(ROOT / "content").languages.languages.values()
        if not language.offered
    ]
    assert f"{', '.join(planned[:-1])} and {planned[-1]} are planned" in text


def test_pictures_are_small_and_used() -> None:
    shown = {(document.parent / link).resolve() for document in documents() for link in links(document)}
    pictures = list((ROOT / "docs" / "pictures").iterdir())
    assert len(pictures) >= 3
    assert [picture.name for picture in pictures if picture not in shown] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []


def test_the_hooks_before_a_commit_are_what_make_check_runs() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert repository["repo"] == "local"
    hooks = [hook["entry"].removesuffix(" --force-exclude").split() for hook in repository["hooks"]]
    said = subprocess.run(["make", "-n", "check"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    checks = [line.split() for line in said.splitlines() if line.startswith(".venv/bin/") and "compile" not in line]
    assert [[w for w in words if w not in ("--check", ".")] for words in checks] == hooks
    assert all((ROOT / hook[0]).exists() for hook in hooks)


def test_the_licence_is_the_one_that_is_named() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_the_questions_that_are_shown_are_questions() -> None:
    shown = re.findall(r"echo '(\{.+?\})'", README.read_text(encoding="utf-8"))
    known = {
        intent["name"] for intent in yaml.safe_load((ROOT / "nlu_data/intents.yaml").read_text("utf-8"))["intents"]
    }
    assert len(shown) == 1
    assert set(json.loads(shown[0])["expect"]) <= known
