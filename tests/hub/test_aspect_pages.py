"""Every aspect of every topic in every language: complete, fitting, and never for another paper than the person's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.content import Library, load_library
from bot.content.aspects import Aspect
from bot.content.facts import Level
from bot.content.papers import PAPERS
from bot.content.personas import PERSONA_PREFIX
from bot.hub.capabilities import CHANNELS, capabilities
from bot.hub.render import Renderer
from bot.hub.topic_page import topic_page
from bot.i18n.bidi import is_balanced
from bot.i18n.catalogues import Catalogues, load_catalogues
from bot.i18n.phrases import NOTES, PHRASES
from bot.model import BlockKind
from bot.settings import ROOT
from tests.hub.reading import lines, plain, standing_in

LIBRARY = load_library(ROOT / "content")
LANGUAGES = [language.code for language in LIBRARY.languages.offered()]
TODAY = max(topic.facts.last_reviewed for topic in LIBRARY.topics.values())


@pytest.fixture(scope="module")
def words(catalogues: None) -> Catalogues:
    return load_catalogues(ROOT, LIBRARY.languages)


def renderer(words: Catalogues, language: str, channel: str = "telegram") -> Renderer:
    return Renderer(LIBRARY, words, language, capabilities(channel), TODAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_aspect_of_every_topic_renders_and_fits(words: Catalogues, language: str) -> None:
    for slug, topic in LIBRARY.topics.items():
        urgent = topic.facts.level is Level.H3
        for aspect in Aspect:
            page = topic_page(renderer(words, language), slug, aspect)
            assert lines(page), (slug, aspect)
            assert (page.blocks[0].kind is BlockKind.CARD) == urgent
            for block in page.blocks:
                assert block.text.strip() or block.items, (slug, aspect)
                assert all(item.strip() for item in block.items)
                assert all(is_balanced(text) for text in (block.text, *block.items))
            offered = [button.key for button in page.buttons]
            assert {f"topic:{slug}", "handoff.open"} <= set(offered)
            assert len(offered) == len(set(offered))
            assert all(button.label.strip() for button in page.buttons)
            for channel in CHANNELS:
                on = renderer(words, language, channel)
                parts = on.fitted([page])
                assert all(len(part.plain_text()) <= on.capabilities.longest for part in parts)
                assert " ".join(part.plain_text() for part in parts).split() == page.plain_text().split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_aspect_says_what_facts_name_or_that_the_page_does_not(words: Catalogues, language: str) -> None:
    for slug, topic in LIBRARY.topics.items():
        text = topic.text(language)
        for aspect in Aspect:
            places = [aspect.value] if aspect in text.sections else topic.facts.aspects.get(aspect, ())
            said = standing_in(text, *places) or [words.say(text.language, NOTES["not-on-the-page"])]
            assert lines(topic_page(renderer(words, language), slug, aspect)) == said, (slug, aspect)


@pytest.mark.parametrize("paper", PAPERS)
def test_no_aspect_says_what_is_for_other_papers(words: Catalogues, paper: str) -> None:
    personas = {persona for group in PAPERS[paper] for persona in group}
    for slug, topic in LIBRARY.topics.items():
        text = topic.text("en")
        own = [s for s in text.ordered_sections if s.is_persona and personas & {_persona(name) for name in s.ids}]
        if not own:
            continue
        others = [s for s in text.ordered_sections if s.is_persona and s not in own]
        strange = {line for s in others for line in (*s.paragraphs, *s.items)}
        strange -= {line for s in own for line in (*s.paragraphs, *s.items)}
        for aspect in Aspect:
            told = topic_page(renderer(words, "en"), slug, aspect, paper=paper)
            assert lines(told)
            assert not strange.intersection(lines(told)), (slug, aspect)


def _persona(name: str) -> str:
    return name.removeprefix(PERSONA_PREFIX)


def test_no_aspect_is_told_of_a_page_past_its_review(words: Catalogues) -> None:
    for slug, topic in LIBRARY.topics.items():
        on = replace(renderer(words, "en"), today=topic.facts.review_due + timedelta(days=1))
        for aspect in Aspect:
            assert lines(topic_page(on, slug, aspect)) == [PHRASES["withheld"].format(phone="157")]


def test_a_language_without_a_text_hears_the_aspect_in_the_nearest(words: Catalogues) -> None:
    topic = LIBRARY.topic("education")
    without = replace(topic, texts={code: text for code, text in topic.texts.items() if code != "ar"})
    library: Library = replace(LIBRARY, topics={**LIBRARY.topics, topic.slug: without})
    page = topic_page(replace(renderer(words, "ar"), library=library), "education", Aspect.COST)
    assert page.language == "en"
    assert lines(page) == standing_in(topic.text("en"), "lead/1")
    assert words.say("ar", NOTES["other-language"], language="English") in plain(page.plain_text())
