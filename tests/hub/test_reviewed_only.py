"""`REHBER_OFFER_DRAFTS=false`: people are offered the languages in which somebody has reviewed every topic."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import bot.bootstrap
from bot.bootstrap import Service, build_service
from bot.content import load_library
from bot.errors import SettingsError
from bot.hub.turn import Hub
from bot.settings import Settings
from tests.hub.conversation import Person
from tests.reviewed import reviewed_project

ARABIC = "أريد أن أعرف كيف أسجل عنواني في هذه المدينة من فضلكم"
PERSIAN = "من می‌خواهم بدانم چگونه آدرس خود را در این شهر ثبت کنم"


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reviewed_project(tmp_path_factory.mktemp("reviewed"))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"offer_drafts": False})


@pytest.fixture
async def service(
    settings: Settings, catalogues: None, reviewed: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    monkeypatch.setattr(bot.bootstrap, "ROOT", reviewed)
    built = build_service(settings, connections=5)
    yield built
    await built.engine.dispose()


@pytest.fixture
def person(hub: Hub) -> Person:
    return Person(hub, hint=None)


def test_the_source_and_wholly_reviewed_languages_are_offered(service: Service) -> None:
    assert [language.code for language in service.registry.offered()] == ["tr", "ar"]
    # An answer never falls back on a draft either.
    assert service.registry.chain("ar") == ("ar", "tr")
    assert all(topic.languages is service.registry for topic in service.library.topics.values())
    # Staff work in languages of their own.
    assert service.catalogues.say("en", "Finish") == "Finish"


def test_drafts_are_offered_unless_the_office_says_otherwise(reviewed: Path) -> None:
    assert Settings().offer_drafts
    assert len(load_library(reviewed / "content").languages.offered()) == 10


def test_a_default_language_that_nobody_reviewed_is_refused(
    settings: Settings, catalogues: None, reviewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.bootstrap, "ROOT", reviewed)
    with pytest.raises(SettingsError, match="choose one of tr, ar"):
        build_service(settings.model_copy(update={"default_language": "fa"}))


async def test_the_chooser_has_the_reviewed_languages(person: Person) -> None:
    (chooser,) = await person.commands("language")
    assert await person.meanings(chooser) == ["language:tr", "language:ar", "handoff.open"]


async def test_only_reviewed_languages_are_detected(hub: Hub, person: Person) -> None:
    assert {said.language for said in await person.says(ARABIC)} == {"ar"}
    somebody_else = Person(hub, hint=None)
    assert {said.language for said in await somebody_else.says(PERSIAN)} == {"tr"}


async def test_a_deep_link_into_a_draft_leads_to_the_default_language(hub: Hub) -> None:
    for code, answered in (("ar", "ar"), ("fa", "tr"), ("en", "tr")):
        said = await Person(hub, hint=None).commands("start", f"lang_{code}__topic_education")
        assert {utterance.language for utterance in said} == {answered}, code


async def test_an_old_button_into_a_draft_chooses_nothing(person: Person) -> None:
    await person.is_offered("language:fa")
    said = await person.presses("language:fa")
    assert {utterance.language for utterance in said} == {"tr"}


async def test_a_reviewed_page_does_not_say_that_nobody_checked_it(person: Person, service: Service) -> None:
    draft = service.catalogues.say("ar", "This translation is not yet checked by a person.")
    (page,) = await person.says(ARABIC)
    assert page.keys == ("topic:education",)
    assert draft not in "\n".join(line for block in page.blocks for line in (block.text, *block.items))
