"""The loader: what a topic gives to the hub, and how a broken file stops the start with its name and a remedy."""

from datetime import date
from pathlib import Path

import pytest

from bot.caseapi.codes import Vocabulary, with_words
from bot.content import TextStatus, load_library
from bot.content.library import UnknownTopicError
from bot.content.text import fingerprint
from bot.errors import ContentError
from bot.i18n.registry import UnknownLanguageError
from bot.i18n.yaml_files import ContentFileError
from tests.data.conftest import Plant

ADDRESS = "topics/address-registration/"


def test_a_topic_has_its_words_laws_and_phones_in_the_asked_language(content: Path) -> None:
    topic = load_library(content).topic("health-care")
    text = topic.text("fa")
    assert (text.language, text.status, text.outdated) == ("fa", TextStatus.DRAFT, False)
    assert text.title == "خدمات درمانی"
    assert text.sections["persona-tp"].heading == "اگر تحت حمایت موقت هستید"
    assert [basis.law_number for basis in topic.legal_basis("fa")] == ["5510", "2014/6883"]
    assert topic.legal_basis("fa")[1].law_name == "آیین‌نامه حمایت موقت"
    assert topic.legal_basis("fa")[1].article == "27"
    assert set(topic.phone_names("fa")) == {"112", "182", "157"}


def test_one_section_can_serve_several_personas(content: Path) -> None:
    text = load_library(content).topic("work-permit").text("en")
    assert text.sections["persona-refugee"] is text.sections["persona-subsidiary"]
    assert len(text.ordered_sections) == len({section.heading for section in text.ordered_sections})
    assert len(text.ordered_sections) < len(text.sections)


def test_a_missing_language_falls_back_along_the_registry_and_says_so(content: Path) -> None:
    (content / ADDRESS / "ar.md").unlink()
    (content / ADDRESS / "fa.md").unlink()
    (content / ADDRESS / "en.md").unlink()
    (content / ADDRESS / "prs.md").unlink()
    (content / "topics/education/prs.md").unlink()
    library = load_library(content)
    assert library.topic("address-registration").text("ar").language == "tr"
    assert library.topic("education").text("prs").language == "fa"
    assert library.topic("address-registration").text("prs").language == "tr"


def test_unknown_names_are_errors_and_not_empty_answers(content: Path) -> None:
    library = load_library(content)
    with pytest.raises(UnknownTopicError, match="citizenship"):
        library.topic("citizenship")
    with pytest.raises(UnknownLanguageError, match="xx"):
        library.topic("education").text("xx")


def test_a_topic_is_withheld_from_the_day_after_its_review_is_due(content: Path) -> None:
    topic = load_library(content).topic("health-care")
    assert not topic.withheld(date(2027, 2, 21))
    assert topic.withheld(date(2027, 2, 22))


def test_a_changed_source_makes_its_translations_outdated_and_no_others(content: Path, plant: Plant) -> None:
    plant(f"{ADDRESS}tr.md", "Son günü beklemeyin.", "Geç kalmayın.")
    library = load_library(content)
    assert library.topic("address-registration").text("ar").outdated
    assert not library.topic("address-registration").original().outdated
    assert not library.topic("education").text("ar").outdated


def test_the_fingerprint_follows_words_and_not_spaces() -> None:
    assert fingerprint("# A\n\nB c\n") == fingerprint("# A\nB  c  \n\n\n") == fingerprint("#\tA\n\nB\u00a0c")
    assert fingerprint("# A\n\nB\n") != fingerprint("# A\n\nC\n")


BROKEN = [
    pytest.param(f"{ADDRESS}facts.yaml", "slug: address-registration", "slug: address", "slug", id="slug"),
    pytest.param(f"{ADDRESS}facts.yaml", "level: H0", "level: H9", "level", id="level"),
    pytest.param(f"{ADDRESS}facts.yaml", "level: H0", "level: H0\nlevel: H1", "twice", id="key-twice"),
    pytest.param(f"{ADDRESS}facts.yaml", "level: H0", "level: H0\nmood: good", "mood", id="unknown-field"),
    pytest.param(f"{ADDRESS}facts.yaml", "sources: [seed, E57, E44]", "sources: [seed, E99]", "E99", id="source"),
    pytest.param(f"{ADDRESS}facts.yaml", 'law: "5490"', 'law: "6548"', "unknown law 6548", id="law"),
    pytest.param(f"{ADDRESS}facts.yaml", 'phones: ["157"]', 'phones: ["196"]', "unknown phone 196", id="phone"),
    pytest.param(f"{ADDRESS}facts.yaml", "evidence: [S, V]", "evidence: [G]", "S or V", id="unsupported-fact"),
    pytest.param(f"{ADDRESS}facts.yaml", "applies_to: [ip", "applies_to: [alien, ip", "alien", id="persona"),
    pytest.param(f"{ADDRESS}facts.yaml", "2027-05-22", "2026-11-23", "review_due", id="review"),
    pytest.param(f"{ADDRESS}facts.yaml", "slug:", "\tslug:", "not valid YAML", id="yaml"),
    pytest.param(f"{ADDRESS}en.md", "---\n", "", "no front matter", id="front-matter"),
    pytest.param(f"{ADDRESS}en.md", "status: draft", "status: perfect", "status", id="status"),
    pytest.param(f"{ADDRESS}en.md", "status: draft", "status: reviewed", "reviewer", id="review-without-name"),
    pytest.param(f"{ADDRESS}en.md", "status: draft", "status: source", "marked as source", id="two-sources"),
    pytest.param(f"{ADDRESS}tr.md", "status: source", "status: draft", "not marked as the source", id="no-source"),
    pytest.param(f"{ADDRESS}en.md", "# Registering", "Registering", "no title", id="title"),
    pytest.param(f"{ADDRESS}en.md", "{#bring}", "{#do}", "same id", id="id-twice"),
    pytest.param(
        f"{ADDRESS}en.md", "## Who must report {#who}", "## Who must report", "second title|markup", id="no-id"
    ),
    pytest.param(f"{ADDRESS}en.md", "Do not wait", "Do **not** wait", "markup", id="emphasis"),
    pytest.param(f"{ADDRESS}en.md", "Do not wait", "<b>Do not wait</b>", "markup", id="html"),
    pytest.param(f"{ADDRESS}en.md", "Do not wait", "See https://example.org", "address", id="address"),
    pytest.param("languages.yaml", "code: en,", "code: eng1,", "pattern", id="code"),
    pytest.param("languages.yaml", "fallback: [tr]", "fallback: [xx]", "'xx' has no row", id="fallback"),
    pytest.param("laws.yaml", "laws:", "rules:", "laws", id="laws"),
    pytest.param("phones.yaml", 'dial: "112"', 'dial: "one"', "pattern", id="dial"),
]


@pytest.mark.parametrize(("name", "old", "new", "says"), BROKEN)
def test_a_broken_file_is_named_with_a_reason_and_a_remedy(
    content: Path, plant: Plant, name: str, old: str, new: str, says: str
) -> None:
    path = plant(name, old, new)
    with pytest.raises(ContentFileError, match=says) as failure:
        load_library(content)
    assert failure.value.path == path
    assert failure.value.remedy
    assert isinstance(failure.value, ContentError)


def test_a_contradicted_fact_needs_a_word_on_how_the_text_handles_it(content: Path, plant: Plant) -> None:
    plant("topics/registration-documents/facts.yaml", '    caution: "Older pages', '    statement_tr: "Older pages')
    plant("topics/registration-documents/facts.yaml", '    statement_tr: "Belgenin geçerlilik', '    # "Belgenin')
    with pytest.raises(ContentFileError, match="`caution` must say"):
        load_library(content)


def test_text_that_is_not_utf8_is_named(content: Path) -> None:
    path = content / ADDRESS / "en.md"
    path.write_bytes(path.read_bytes() + b"\xff")
    with pytest.raises(ContentFileError, match="not UTF-8"):
        load_library(content)


def test_an_unknown_language_file_and_an_empty_library_are_refused(content: Path) -> None:
    stray = content / ADDRESS / "xx.md"
    stray.write_text((content / ADDRESS / "en.md").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ContentFileError, match="unknown language"):
        load_library(content)
    (content / "topics").rename(content / "elsewhere")
    with pytest.raises(ContentFileError, match="there is no topic"):
        load_library(content)


def test_a_code_without_words_in_a_language_has_those_of_its_fallback(content: Path, plant: Plant) -> None:
    plant("case/prs.yaml", "  PASSPORT: پاسپورت شما\n", "")
    words = load_library(content).case_words
    assert words.of("prs", "items", "PASSPORT") == "گذرنامه شما"
    assert words.of("prs", "items", "PHOTOS") != words.of("fa", "items", "PHOTOS")
    with pytest.raises(KeyError, match="A_HAT"):
        words.of("prs", "items", "A_HAT")


def test_a_code_without_words_in_the_source_stops_the_start(content: Path, plant: Plant) -> None:
    plant("case/tr.yaml", "  PASSPORT: pasaportunuz\n", "")
    with pytest.raises(ContentError, match="items has no words for PASSPORT"):
        load_library(content).case_words.require("items", with_words(Vocabulary.ITEM))
