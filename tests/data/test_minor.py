"""`python -m bot.checks minor`: a correction that changes no meaning leaves the translations up to date."""

import subprocess
from pathlib import Path

import pytest

from bot.checks.__main__ import main
from bot.content import load_library
from bot.content.text import read_text_file
from tests.data.conftest import Plant

FOLDER = "topics/address-registration/"
CODES = ("en", "ar", "fa", "prs", "ps", "ru", "fr", "kmr", "so")


def _git(content: Path, *words: str) -> None:
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=content, check=True, capture_output=True)


@pytest.fixture
def source(content: Path) -> Path:
    """The Turkish text of a topic, committed as it is."""
    _git(content, "init", "--quiet")
    _commit(content)
    return content / FOLDER / "tr.md"


def _commit(content: Path) -> None:
    _git(content, "add", FOLDER)
    _git(content, "commit", "--quiet", "-m", "x")


def _outdated(content: Path) -> set[str]:
    topic = load_library(content).topic("address-registration")
    return {code for code in CODES if topic.text(code).outdated}


def _mend(plant: Plant, old: str = "Mümkünse bu hafta", new: str = "Mümkünse, bu hafta") -> None:
    plant(f"{FOLDER}tr.md", old, new)


def test_any_change_outdates_every_translation_until_it_is_flagged(
    content: Path, source: Path, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    _mend(plant)
    assert _outdated(content) == set(CODES)
    assert main(["minor", str(source)]) == 0
    assert _outdated(content) == set()
    removed, added, last = capsys.readouterr().out.splitlines()
    assert removed.startswith("- Hafta sonları")
    assert added.endswith("Mümkünse, bu hafta bildirin.")
    assert last == f"{source}: translations stay up to date"


def test_a_real_change_after_a_minor_one_outdates_again(content: Path, source: Path, plant: Plant) -> None:
    _mend(plant)
    assert main(["minor", str(source)]) == 0
    _commit(content)
    _mend(plant, "Son günü beklemeyin.", "Son gün de olur.")
    assert _outdated(content) == set(CODES)
    assert main(["translated", str(content / FOLDER / "ar.md")]) == 0
    assert _outdated(content) == set(CODES) - {"ar"}


def test_a_minor_change_does_not_hide_a_real_one_before_it(content: Path, source: Path, plant: Plant) -> None:
    _mend(plant, "Son günü beklemeyin.", "Son gün de olur.")
    assert main(["translated", str(content / FOLDER / "ar.md")]) == 0
    _commit(content)
    _mend(plant)
    assert main(["minor", str(source)]) == 0
    assert _outdated(content) == set(CODES) - {"ar"}


def test_minor_changes_add_up(content: Path, source: Path, plant: Plant) -> None:
    _mend(plant)
    assert main(["minor", str(source)]) == 0
    _mend(plant, "Son günü beklemeyin.", "Son günü beklemeyiniz.")
    assert main(["minor", str(source)]) == 0
    _commit(content)
    assert main(["translated", str(content / FOLDER / "fr.md")]) == 0
    _mend(plant, "Çocuğunuz doğduysa", "Çocuğunuz doğdu ise")
    assert main(["minor", str(source)]) == 0
    assert _outdated(content) == set()
    assert len(read_text_file(source).front.same_as) == 4


def test_a_committed_change_is_compared_with_the_revision_before_it(
    content: Path, source: Path, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    _mend(plant)
    _commit(content)
    assert main(["minor", str(source)]) == 0
    assert "no words changed" in capsys.readouterr().out
    assert _outdated(content) == set(CODES)
    assert main(["minor", str(source), "--since", "HEAD~1"]) == 0
    assert _outdated(content) == set()


def test_spaces_need_no_flag(content: Path, source: Path, plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    _mend(plant, "Mümkünse bu hafta", "Mümkünse  bu\u00a0hafta ")
    assert _outdated(content) == set()
    before = source.read_bytes()
    assert main(["minor", str(source)]) == 0
    assert capsys.readouterr().out == f"{source}: no words changed, nothing to do\n"
    assert source.read_bytes() == before


NEVER_MINOR = [
    pytest.param("20 iş günü", "30 iş günü", "a number changed", id="number"),
    pytest.param("157'yi", "bizi", "a number changed", id="number-lost"),
    pytest.param("- Geçici koruma altındaki kişiler.\n", "", "lines were added or taken away", id="line-lost"),
    pytest.param("{#who}", "{#bring #who}", "same id", id="section"),
    pytest.param("Taşındığınızda da", "Yeni.\n\nTaşındığınızda da", "lines were added", id="paragraph"),
]


@pytest.mark.parametrize(("old", "new", "says"), NEVER_MINOR)
def test_what_is_never_minor_is_refused(
    source: Path, plant: Plant, capsys: pytest.CaptureFixture[str], old: str, new: str, says: str
) -> None:
    _mend(plant, old, new)
    changed = source.read_bytes()
    assert main(["minor", str(source)]) == 1
    assert says in capsys.readouterr().err
    assert source.read_bytes() == changed


@pytest.mark.parametrize("since", ["HEAD~7", "--all"])
def test_a_revision_that_has_no_such_text_is_refused(
    source: Path, plant: Plant, capsys: pytest.CaptureFixture[str], since: str
) -> None:
    _mend(plant)
    assert main(["minor", str(source), f"--since={since}"]) == 1
    assert f"git has no such file in {since}" in capsys.readouterr().err


def test_a_translation_is_refused(content: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["minor", str(source.with_name("ar.md"))]) == 1
    assert "this is a translation" in capsys.readouterr().err
