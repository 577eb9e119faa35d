"""The office's own list: every sentence of it is a topic's or an office duty's, and a duty that is lost is found."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.checks.content import check_content
from bot.checks.findings import Report
from bot.content import load_library
from bot.content.duties import FILE
from bot.i18n.yaml_files import ContentFileError
from tests.data.conftest import PROJECT, Plant

TODAY = date(2026, 11, 23)
SEED = "seed/services.tr.txt"


def _lines(content: Path) -> list[str]:
    report = Report()
    check_content(content, TODAY, report)
    return [finding.line(content) for finding in report.findings]


def _without(content: Path, ref: str) -> None:
    path = content / FILE
    text = path.read_text(encoding="utf-8")
    left = re.sub(rf"(?ms)^  - ref: {ref}\n.*?(?=^  - ref: |\Z)", "", text)
    assert left != text
    path.write_text(left, encoding="utf-8")


def test_the_duties_that_nobody_asks_about_are_kept() -> None:
    duties = {duty.ref: duty for duty in load_library(PROJECT / "content").duties}
    assert duties.keys() == {"R02", "R11", "R16", "S02", "S08"}
    assert duties["S02"].topics == ("student-residence-permit",)
    assert duties["S02"].seed.errata == ("1. -> a)",)
    assert duties["R16"].seed.text == duties["S08"].seed.text
    assert duties["R16"].unit != duties["S08"].unit
    assert all(duty.reason for duty in duties.values())


@pytest.mark.parametrize("ref", ["R02", "R11", "R16", "S02", "S08"])
def test_a_lost_duty_is_found_even_when_two_units_have_the_same(content: Path, ref: str) -> None:
    _without(content, ref)
    (line,) = _lines(content)
    assert line.startswith(f"{SEED}: no topic and no office duty has ")
    assert line.endswith(f": quote it in the facts.yaml of a topic, or in {FILE}")


def test_a_sentence_that_a_topic_has_lost_is_found(content: Path, plant: Plant) -> None:
    path = plant("topics/notifications/facts.yaml", "seed:\n", "lost:\n")
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^lost:\n(?:^[ ].*\n)+", "", text), encoding="utf-8")
    assert any(line.startswith(f"{SEED}: no topic and no office duty has 'Kayıt işlemleri") for line in _lines(content))


def test_a_new_sentence_of_the_list_needs_a_place(content: Path, plant: Plant) -> None:
    plant(SEED, "1. Yabancıların harçsız", "1. Yeni bir görevi yapmak\n1. Yabancıların harçsız")
    (line,) = _lines(content)
    assert "'Yeni bir görevi yapmak'" in line


def test_a_duty_is_quoted_letter_by_letter(content: Path, plant: Plant) -> None:
    plant(FILE, "başvurularını değerlendirmek", "başvurularını incelemek")
    assert any(line.startswith(f"{FILE}: not a sentence of the office's list: ") for line in _lines(content))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("ref: R11", "ref: R02", "two duties are called R02"),
        ("[student-residence-permit]", "[student-permit]", "there is no topic student-permit"),
        ("ref: R11", "ref: other", "duties.1.ref"),
        ("    reason: ", "    because: ", "duties.0.reason"),
    ],
)
def test_a_broken_file_stops_the_start(content: Path, plant: Plant, old: str, new: str, reason: str) -> None:
    plant(FILE, old, new)
    with pytest.raises(ContentFileError, match=reason):
        load_library(content)
