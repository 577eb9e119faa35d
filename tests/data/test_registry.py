"""The registry of languages."""

from pathlib import Path

import pytest

from bot.i18n.registry import UnknownLanguageError, load_registry
from bot.i18n.yaml_files import ContentFileError
from tests.data.conftest import PROJECT, Plant


def test_ten_languages_are_offered_and_turkish_is_the_source() -> None:
    registry = load_registry(PROJECT / "content")
    offered = [language.code for language in registry.offered()]
    assert offered == ["tr", "en", "ar", "fa", "prs", "ps", "ru", "fr", "kmr", "so"]
    assert registry.source.code == "tr"
    assert [code for code in offered if registry.get(code).direction == "rtl"] == ["ar", "fa", "prs", "ps"]
    assert not registry.is_offered("uk")
    assert not registry.is_offered("xx")


def test_only_some_languages_can_be_offered_and_the_source_always_is() -> None:
    registry = load_registry(PROJECT / "content").only(["ar", "uk"])
    assert [language.code for language in registry.offered()] == ["tr", "ar"]
    assert registry.chain("fa") == ("fa", "tr")
    assert registry.chain("prs") == ("prs", "tr")


def test_the_chain_has_offered_languages_only_and_reaches_the_source() -> None:
    registry = load_registry(PROJECT / "content")
    for language in registry.languages.values():
        chain = registry.chain(language.code)
        assert chain[0] == language.code
        assert "tr" in chain
        assert all(registry.is_offered(code) for code in chain[1:])


def test_dari_is_never_chosen_by_detection() -> None:
    assert not load_registry(PROJECT / "content").get("prs").detectable


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(UnknownLanguageError, match=r"languages\.yaml"):
        load_registry(PROJECT / "content").get("xx")


def test_the_source_must_be_offered(content: Path, plant: Plant) -> None:
    plant("languages.yaml", "status: offered", "status: planned")
    with pytest.raises(ContentFileError, match="source language is not offered"):
        load_registry(content)


def test_a_language_is_listed_once(content: Path, plant: Plant) -> None:
    plant("languages.yaml", "code: prs", "code: ps")
    with pytest.raises(ContentFileError, match="listed twice"):
        load_registry(content)
