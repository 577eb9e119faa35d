"""`python -m bot.checks review`: who compared a text with its source, when, and which words."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.checks.__main__ import main
from bot.checks.content import check_content
from bot.checks.findings import Report
from bot.content import TextStatus, load_library
from bot.content.text import read_text_file
from tests.data.conftest import Plant

ADDRESS = "topics/address-registration/"
HEALTH = "topics/health-care/"
DAY = "2026-11-23"


def _review(*files: Path, reviewer: str = "Meryem Örnek", extra: tuple[str, ...] = ("--date", DAY)) -> int:
    return main(["review", *map(str, files), "--reviewer", reviewer, *extra])


def _findings(content: Path) -> list[str]:
    report = Report()
    check_content(content, date(2026, 11, 23), report)
    return [finding.line(content) for finding in report.findings]


def test_a_review_records_who_and_when_and_nothing_else(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = content / ADDRESS / "ar.md"
    body = read_text_file(path).body
    assert _review(path) == 0
    assert capsys.readouterr().out == f"{path}: reviewed by Meryem Örnek on {DAY}\n"
    file = read_text_file(path)
    assert (file.front.reviewer, file.front.reviewed, file.body) == ("Meryem Örnek", date(2026, 11, 23), body)
    topic = load_library(content).topic("address-registration")
    assert (topic.text("ar").status, topic.text("ar").altered) == (TextStatus.REVIEWED, False)
    assert topic.text("fa").status is TextStatus.DRAFT
    assert _findings(content) == []


def test_several_texts_are_reviewed_at_once_or_none(content: Path, plant: Plant) -> None:
    texts = [content / ADDRESS / f"{code}.md" for code in ("ar", "fa", "so")]
    assert _review(*texts) == 0
    assert all(read_text_file(path).front.status is TextStatus.REVIEWED for path in texts)
    health = [content / HEALTH / f"{code}.md" for code in ("ar", "fa")]
    plant(f"{HEALTH}fa.md", 'source: "', 'source: "0')
    assert _review(*health) == 1
    assert [read_text_file(path).front.status for path in health] == [TextStatus.DRAFT, TextStatus.DRAFT]


def test_a_review_without_a_day_is_of_today(content: Path) -> None:
    path = content / ADDRESS / "ps.md"
    assert _review(path, extra=()) == 0
    assert read_text_file(path).front.reviewed is not None


@pytest.mark.parametrize("name", ["Null", "no", 'O\'Brien: "Ö" #1', "مریم", "back\\slash \\1"])
def test_any_name_is_kept_as_it_is(content: Path, name: str) -> None:
    path = content / ADDRESS / "fr.md"
    assert _review(path, reviewer=name) == 0
    assert read_text_file(path).front.reviewer == name
    assert _findings(content) == []


def test_words_that_change_after_their_review_are_a_draft_again(content: Path, plant: Plant) -> None:
    path = content / ADDRESS / "en.md"
    assert _review(path) == 0
    plant(f"{ADDRESS}en.md", "Do not wait for the last day.", "You may wait for the last day.")
    text = load_library(content).topic("address-registration").text("en")
    assert (text.status, text.altered) == (TextStatus.DRAFT, True)
    [line] = _findings(content)
    assert line == (
        f"{ADDRESS}en.md: changed after Meryem Örnek reviewed it on {DAY}: "
        "have it reviewed again, then run `python -m bot.checks review <file>`"
    )
    assert _review(path) == 0
    assert _findings(content) == []


def test_an_outdated_translation_is_compared_with_its_source_first(
    content: Path, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(f"{ADDRESS}tr.md", "Son günü beklemeyin.", "Geç kalmayın.")
    assert _review(content / ADDRESS / "ar.md") == 1
    assert "compare it with the source first" in capsys.readouterr().err
    assert read_text_file(content / ADDRESS / "ar.md").front.status is TextStatus.DRAFT


def test_a_reviewed_text_that_follows_a_new_source_is_a_draft_again(content: Path, plant: Plant) -> None:
    path = content / ADDRESS / "ar.md"
    assert _review(path) == 0
    reviewed = path.read_text(encoding="utf-8")
    assert main(["translated", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == reviewed
    plant(f"{ADDRESS}tr.md", "Son günü beklemeyin.", "Geç kalmayın.")
    assert load_library(content).topic("address-registration").text("ar").status is TextStatus.REVIEWED
    assert main(["translated", str(path)]) == 0
    front = read_text_file(path).front
    assert (front.status, front.reviewer, front.reviewed) == (TextStatus.DRAFT, None, None)


REFUSED = [
    pytest.param("ar.md", "  ", ("--date", DAY), "a review without a name", id="no-name"),
    pytest.param("ar.md", "M", ("--date", "2999-01-01"), "which is not yet", id="future"),
    pytest.param("tr.md", "M", ("--date", DAY), "compare it with the law and add --source", id="source"),
    pytest.param("ar.md", "M", ("--date", DAY, "--source"), "leave --source out", id="no-source"),
    pytest.param("xx.md", "M", ("--date", DAY), "the file is missing", id="no-file"),
]


@pytest.mark.parametrize(("name", "reviewer", "extra", "says"), REFUSED)
def test_what_is_no_review_is_refused(
    content: Path, capsys: pytest.CaptureFixture[str], name: str, reviewer: str, extra: tuple[str, ...], says: str
) -> None:
    before = {path: path.read_bytes() for path in (content / ADDRESS).iterdir()}
    assert _review(content / ADDRESS / name, reviewer=reviewer, extra=extra) == 1
    assert says in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (content / ADDRESS).iterdir()} == before


@pytest.mark.parametrize(("folder", "days"), [(ADDRESS, 180), (HEALTH, 90)])
def test_the_source_is_reviewed_with_its_facts(content: Path, folder: str, days: int) -> None:
    path = content / folder / "tr.md"
    facts_path = path.with_name("facts.yaml")
    before = facts_path.read_text(encoding="utf-8").splitlines()
    assert _review(path, extra=("--source", "--date", "2026-11-20")) == 0
    topic = load_library(content).topics[Path(folder).name]
    assert topic.facts.last_reviewed == date(2026, 11, 20)
    assert topic.facts.review_due == date(2026, 11, 20) + timedelta(days=days)
    assert read_text_file(path).front.reviewer == "Meryem Örnek"
    assert not topic.text("ar").outdated
    after = facts_path.read_text(encoding="utf-8").splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [line.partition(":")[0] for line in changed] == ["last_reviewed", "review_due"]
    assert _findings(content) == []


def test_words_of_codes_are_reviewed_and_follow_their_source_like_topics(content: Path, plant: Plant) -> None:
    path = content / "case" / "ar.yaml"
    assert _review(path) == 0
    assert load_library(content).case_words.texts["ar"].status is TextStatus.REVIEWED
    assert _findings(content) == []
    plant("case/ar.yaml", "بطاقتكم", "هويتكم")
    altered = load_library(content).case_words.texts["ar"]
    assert (altered.status, altered.altered) == (TextStatus.DRAFT, True)
    plant("case/tr.yaml", "Kartınız basılıyor.", "Kartınız hazırlanıyor.")
    assert _review(path) == 1
    assert main(["translated", str(path)]) == 0
    assert not load_library(content).case_words.texts["ar"].outdated
    assert load_library(content).case_words.texts["fa"].outdated
    assert _review(path) == 0
    assert _review(content / "case" / "tr.yaml", extra=("--source", "--date", DAY)) == 0
    assert read_text_file(content / "case" / "tr.yaml").front.reviewer == "Meryem Örnek"
