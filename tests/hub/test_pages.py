"""Every topic in every language on every channel: complete, readable, with where it stands and a person below."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.content import Library, Topic, load_library
from bot.content.facts import Level
from bot.hub.capabilities import CHANNELS, DEFAULT, capabilities
from bot.hub.render import Renderer
from bot.hub.topic_page import original_page, topic_page
from bot.i18n.bidi import ISOLATES, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE, is_balanced
from bot.i18n.catalogues import Catalogues, load_catalogues
from bot.i18n.formats import format_date
from bot.i18n.phrases import NOTES, PHRASES
from bot.model import BlockKind, Utterance
from bot.post.outbox import TOKEN_BYTES
from bot.settings import ROOT

LIBRARY = load_library(ROOT / "content")
LANGUAGES = [language.code for language in LIBRARY.languages.offered()]
TODAY = max(topic.facts.last_reviewed for topic in LIBRARY.topics.values())
NUMBER = re.compile(r"\d")


@pytest.fixture(scope="module")
def words(catalogues: None) -> Catalogues:
    return load_catalogues(ROOT, LIBRARY.languages)


def renderer(words: Catalogues, language: str, channel: str = "telegram", library: Library = LIBRARY) -> Renderer:
    return Renderer(library, words, language, capabilities(channel), TODAY)


def plain(text: str) -> str:
    return "".join(character for character in text if character not in ISOLATES)


def strings(utterance: Utterance) -> list[str]:
    texts = [text for block in utterance.blocks for text in (block.text, *block.items) if text]
    return [*texts, *(button.label for button in utterance.buttons)]


def pages(words: Catalogues, slug: str, language: str) -> list[Utterance]:
    on = renderer(words, language)
    topic = LIBRARY.topic(slug)
    sections = [name for section in topic.text(language).sections.values() for name in section.ids]
    return [
        topic_page(on, slug),
        *(topic_page(on, slug, name) for name in dict.fromkeys(sections)),
        original_page(on, slug),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", LIBRARY.slugs)
def test_a_page_says_all_that_the_text_says(words: Catalogues, slug: str, language: str) -> None:
    text = LIBRARY.topic(slug).text(language)
    page = topic_page(renderer(words, language), slug)
    shown = plain(page.plain_text())
    for sentence in (text.title, text.answer, *text.paragraphs):
        assert sentence in shown
    if "do" in text.sections:
        assert all(item in shown for item in text.sections["do"].items)
    offered = {button.key for button in page.buttons}
    for section in text.ordered_sections:
        if "do" not in section.ids:
            assert f"topic:{slug}#{section.ids[0]}" in offered
            part = plain(topic_page(renderer(words, language), slug, section.ids[0]).plain_text())
            assert all(line in part for line in (section.heading, *section.paragraphs, *section.items))
    # Where no page may advise, a person stands before everything else.
    urgent = LIBRARY.topic(slug).facts.level in (Level.H2, Level.H3)
    assert page.buttons[0 if urgent else -1].key == "handoff.open"
    assert (f"original:{slug}" in offered) == (text.language != LIBRARY.languages.source.code)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_bubble_fits_and_nothing_is_dropped(words: Catalogues, language: str, channel: str) -> None:
    on = renderer(words, language, channel)
    for slug in LIBRARY.slugs:
        for page in [*pages(words, slug, language), on.menu(), on.chooser(), on.offer(LIBRARY.slugs[:3])]:
            parts = on.fitted([page])
            assert all(len(part.plain_text()) <= on.capabilities.longest for part in parts)
            assert " ".join(part.plain_text() for part in parts).split() == page.plain_text().split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", LIBRARY.slugs)
def test_the_last_block_says_where_it_stands(words: Catalogues, slug: str, language: str) -> None:
    topic = LIBRARY.topic(slug)
    for page in pages(words, slug, language):
        notes = page.blocks[-1]
        assert notes.kind is BlockKind.NOTE
        said = plain("\n".join(notes.items))
        spoken = LIBRARY.languages.get(page.language)
        assert format_date(topic.facts.last_reviewed, spoken) in said
        for basis in topic.legal_basis(page.language):
            assert str(basis.law_number) in said
        status = topic.text(page.language).status
        drafted = words.say(page.language, NOTES["draft"])
        assert (drafted in said) == (status.value == "draft")
        assert ("machine" in status.value) == (words.say(page.language, NOTES["machine"]) in said)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if LIBRARY.languages.get(code).direction == "rtl"])
@pytest.mark.parametrize("slug", LIBRARY.slugs)
def test_numbers_stand_in_one_isolate_and_only_one(words: Catalogues, slug: str, language: str) -> None:
    phones = [number for number in LIBRARY.topic(slug).facts.phones if " " in number]
    for page in [p for p in pages(words, slug, language) if p.direction == "rtl"]:
        for text in strings(page):
            assert is_balanced(text)
            depth = 0
            for character in text:
                depth += (character == LEFT_TO_RIGHT_ISOLATE) - (character == POP_ISOLATE)
                assert depth <= 1, f"isolated twice: {text!r}"
                assert depth == 1 or not NUMBER.match(character), f"a number outside of an isolate: {text!r}"
            for number in phones:
                runs = [run.split(POP_ISOLATE)[0] for run in text.split(LEFT_TO_RIGHT_ISOLATE)[1:]]
                assert plain(text).count(number) == sum(run.count(number) for run in runs), "a number in pieces"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_emergency_begins_with_its_numbers(words: Catalogues, language: str) -> None:
    urgent = [topic for topic in LIBRARY.topics.values() if topic.facts.level is Level.H3]
    assert urgent
    for topic in LIBRARY.topics.values():
        page = topic_page(renderer(words, language), topic.slug)
        first = page.blocks[0]
        assert (first.kind is BlockKind.CARD) == (topic in urgent)
        if topic in urgent:
            assert any("112" in line for line in first.items)


def overdue(topic: Topic) -> Library:
    return replace(LIBRARY, topics={**LIBRARY.topics, topic.slug: topic})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("days", "withheld"), [(-1, False), (0, False), (1, True), (400, True)])
@pytest.mark.parametrize("slug", ["work-permit", "emergency-and-contacts", "deportation-and-detention"])
def test_a_topic_past_its_review_is_withheld(
    words: Catalogues, language: str, days: int, withheld: bool, slug: str
) -> None:
    topic = LIBRARY.topic(slug)
    on = replace(renderer(words, language), today=topic.facts.review_due + timedelta(days=days))
    for page in (topic_page(on, topic.slug), topic_page(on, topic.slug, "do"), original_page(on, topic.slug)):
        sorry = words.say(language, PHRASES["withheld"], phone="157")
        assert (plain(page.plain_text()).endswith(sorry)) == withheld
        if withheld and topic.facts.level == "H3":
            assert page.blocks[0].kind is BlockKind.CARD, "emergency numbers go away with the words around them"
        assert "handoff.open" in [button.key for button in page.buttons]
        assert (topic.text(page.language).title in plain(page.plain_text())) != withheld


def test_a_language_without_texts_gets_the_nearest_and_is_told_so(words: Catalogues) -> None:
    topic = LIBRARY.topic("education")
    without = replace(topic, texts={code: text for code, text in topic.texts.items() if code != "ar"})
    on = renderer(words, "ar", library=overdue(without))
    page = topic_page(on, "education")
    assert page.language == "en"
    assert words.say("ar", NOTES["other-language"], language="English") in plain(page.plain_text())
    assert page.buttons[-1].label == words.say("ar", "Talk to a person")


def test_every_button_becomes_a_token_that_telegram_takes() -> None:
    # https://core.telegram.org/bots/api#inlinekeyboardbutton: 1-64 bytes of callback_data.
    assert TOKEN_BYTES * 4 // 3 <= 64


def test_a_channel_nobody_knows_gets_the_shortest_bubbles() -> None:
    assert capabilities("carrier pigeon") == DEFAULT
    assert DEFAULT.longest == min(known.longest for known in CHANNELS.values())
    assert date.min < TODAY
