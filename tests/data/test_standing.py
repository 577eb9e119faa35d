"""What staff are told about the knowledge: where each topic stands, which reviews are near, what is not translated."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.content import load_library
from bot.content.standing import SOON, Standing, by_level, counts, due_reviews, gaps, languages
from bot.i18n.catalogues import load_catalogues
from tests.data.conftest import PROJECT, Plant

ADDRESS = "address-registration"


def test_the_figures_of_a_language_add_up(content: Path, plant: Plant) -> None:
    before = counts(load_library(content), "ar")
    plant(f"topics/{ADDRESS}/tr.md", "Son günü beklemeyin.", "Geç kalmayın.")
    (content / "topics/education/ar.md").unlink()
    library = load_library(content)
    after = counts(library, "ar")
    assert after.total() == before.total() == len(library.topics)
    assert after[Standing.OUTDATED] == before[Standing.OUTDATED] + 1
    assert after[Standing.MISSING] == before[Standing.MISSING] + 1
    assert counts(library, "tr") == {Standing.SOURCE: len(library.topics)}
    assert gaps(library, Standing.MISSING, ["tr", "ar"]) == {"education": ("ar",)}
    outdated = gaps(library, Standing.OUTDATED, [language.code for language in library.languages.offered()])
    assert "tr" not in outdated[ADDRESS]
    assert len(outdated[ADDRESS]) == len(library.languages.offered()) - 1


@pytest.mark.parametrize(("before", "found"), [(-1, True), (0, True), (SOON.days, True), (SOON.days + 1, False)])
def test_a_review_is_near_from_thirty_days_before_it_is_due(before: int, found: bool) -> None:
    library = load_library(PROJECT / "content")
    facts = library.topic(ADDRESS).facts
    near = {one.topic.slug: one.days_left for one in due_reviews(library, facts.review_due - timedelta(days=before))}
    assert (near.get(ADDRESS) == before) is found


def test_the_most_urgent_review_comes_first() -> None:
    library = load_library(PROJECT / "content")
    days = [one.days_left for one in due_reviews(library, date(2100, 1, 1))]
    assert len(days) == len(library.topics)
    assert days == sorted(days)
    assert days[0] < 0


def test_every_topic_has_one_level() -> None:
    library = load_library(PROJECT / "content")
    listed = [topic.slug for topics in by_level(library).values() for topic in topics]
    assert sorted(listed) == sorted(library.slugs)


def test_a_language_with_a_first_text_is_looked_at_before_it_is_offered(content: Path) -> None:
    offered = [language.code for language in load_library(content).languages.offered()]
    assert [language.code for language in languages(load_library(content))] == offered
    (content / f"topics/{ADDRESS}/uk.md").write_bytes((content / f"topics/{ADDRESS}/en.md").read_bytes())
    assert [language.code for language in languages(load_library(content))] == [*offered, "uk"]


def test_staff_see_the_drafts_that_are_offered_to_nobody() -> None:
    library = load_library(PROJECT / "content")
    withdrawn = library.reviewed_only()
    seen = languages(withdrawn)
    assert [language.code for language in seen] == [language.code for language in languages(library)]
    for language in seen:
        assert counts(withdrawn, language.code) == counts(library, language.code)


def test_the_phrases_of_every_language_are_counted(catalogues: None) -> None:
    loaded = load_catalogues(PROJECT, load_library(PROJECT / "content").languages)
    assert loaded.phrases.keys() == loaded.by_language.keys()
    assert len(loaded.all_phrases) > 200
    assert loaded.phrases["en"] == loaded.all_phrases, "English is written by machine and always whole"
    assert all(loaded.phrases.values())
