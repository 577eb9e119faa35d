"""The papers themselves: what stands on them, in which letters and pages, and that nothing is fetched to make them."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from bot.bootstrap import Service
from bot.hub.deep_link import DeepLink
from bot.hub.topic_leaflet import leaflet, slip
from bot.i18n.bidi import ISOLATES
from bot.printing import typeset
from bot.printing.codes import code
from bot.printing.columns import Cell, Part
from bot.printing.papers import leaflet_pdf, slip_dots
from tests.printing.conftest import BOT

PICTURES = Path(__file__).resolve().parents[2] / "reports" / "papers"


def bare(text: str) -> str:
    """The letters alone: a PDF keeps neither isolates nor spaces as they were."""
    return "".join(char for char in text if char not in ISOLATES and not char.isspace())


def words_of(pdf: bytes) -> str:
    with closing(pypdfium2.PdfDocument(pdf)) as pages:
        texts = []
        for number in range(len(pages)):
            with closing(pages[number]) as page, closing(page.get_textpage()) as text:
                texts.append(text.get_text_bounded())
    return bare("".join(texts))


def count(pdf: bytes) -> int:
    with closing(pypdfium2.PdfDocument(pdf)) as pages:
        return len(pages)


def keep(pdf: bytes, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with closing(pypdfium2.PdfDocument(pdf)) as pages:
        for number in range(len(pages)):
            with closing(pages[number]) as page:
                page.render(scale=1.6).to_pil().save(PICTURES / f"{name}-{number + 1}.png")


def strings(cell: Cell) -> list[str]:
    return [text for text in (cell.heading, *cell.lines, *cell.items) if text]


@pytest.mark.parametrize("language", ["tr", "ar", "ps", "fr"])
def test_the_leaflet_has_every_letter_in_both_languages(office: Service, language: str) -> None:
    made = leaflet_pdf(leaflet(office, "work-permit", language))
    keep(made, f"leaflet-{language}")
    found, topic = words_of(made), office.library.topic("work-permit")
    texts = {text.language: text for text in (topic.original(), topic.text(language))}.values()
    # Two columns come out of a PDF line by line and joined letters in any order, so letters are counted.
    letters = Counter(bare("".join(sentence for text in texts for sentence in text.strings()).replace("-", "")))
    assert letters <= Counter(found)
    if language == "tr":
        assert all(bare(sentence) in found for sentence in topic.original().strings())


def test_every_topic_in_every_language_has_two_columns_that_say_the_same(office: Service) -> None:
    source = office.registry.source.code
    for language in office.registry.offered():
        for slug in office.library.slugs:
            rows = leaflet(office, slug, language.code).rows
            assert {len(row) for row in rows} == {1 if language.code == source else 2}, (slug, language.code)
            for row in rows:
                assert len({cell.part for cell in row}) == 1
                assert len({(bool(cell.heading), len(cell.items)) for cell in row}) == 1, (slug, language.code, row)
                assert [cell.language for cell in row] == [source, language.code][-len(row) :]


def test_the_longest_topics_fit_on_two_sheets(office: Service) -> None:
    longest = max(office.library.slugs, key=lambda slug: len("".join(office.library.topic(slug).original().strings())))
    for language in ("ps", "ru", "fr", "ar"):
        assert count(leaflet_pdf(leaflet(office, longest, language))) <= 2, language


def test_a_leaflet_is_tagged_and_has_its_own_letters(office: Service) -> None:
    with closing(pypdfium2.PdfDocument(leaflet_pdf(leaflet(office, "work-permit", "ar")))) as pages:
        assert pypdfium2.raw.FPDFCatalog_IsTagged(pages)
        assert pages.get_metadata_value("Title")
        assert pages.get_metadata_value("Author") == office.settings.office_name
        fonts = set()
        for number in range(len(pages)):
            with closing(pages[number]) as page:
                for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                    fonts.add(item.get_font().get_base_name())
    assert len(fonts) > 1
    assert all("Noto" in name for name in fonts), fonts


def test_emergency_numbers_stand_first_in_both_languages(office: Service) -> None:
    slug = "violence-abuse-and-self-harm"
    rows = leaflet(office, slug, "ar").rows
    assert [row[0].part for row in rows[:3]] == [Part.LANGUAGE, Part.CARD, Part.TITLE]
    for cell in rows[1]:
        assert "112" in "".join(cell.items)
    assert slip(office, slug, "ar").own[0].part is Part.CARD


def test_what_is_withheld_is_withheld_on_paper(office: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = office.library.topic("work-permit")
    old = replace(topic, facts=topic.facts.model_copy(update={"review_due": date(2020, 1, 1)}))
    late = replace(office, library=replace(office.library, topics={**office.library.topics, "work-permit": old}))
    for cells in (
        [cell for row in leaflet(late, "work-permit", "fr").rows for cell in row],
        slip(late, "work-permit", "fr").own,
    ):
        said = " ".join(text for cell in cells for text in strings(cell))
        assert "157" in said
        assert topic.text("fr").answer not in said


def test_the_officer_reads_that_the_translation_is_a_draft(office: Service) -> None:
    (notes,) = [row for row in leaflet(office, "work-permit", "ar").rows if row[0].part is Part.NOTE]
    assert office.catalogues.say("tr", "This translation is not yet checked by a person.") in notes[0].lines


def test_the_code_leads_to_the_topic_in_the_language(office: Service, without_a_bot: Service) -> None:
    drawn = leaflet(office, "work-permit", "ar").code
    assert drawn is not None
    assert drawn.address == f"https://t.me/{BOT}?start=lang_ar__topic_work-permit"
    assert leaflet(without_a_bot, "work-permit", "ar").code is None, "no code leads nowhere"
    assert slip(without_a_bot, "work-permit", "ar").code is None


def test_every_deep_link_is_one_that_telegram_takes(office: Service) -> None:
    """At most 64 of A-Z, a-z, 0-9, `_` and `-` (https://core.telegram.org/bots/features#deep-linking)."""
    for language in office.registry.offered():
        for slug in office.library.slugs:
            link = DeepLink(language.code, slug)
            assert len(str(link)) <= 64
            assert str(link).replace("_", "").replace("-", "").isalnum()
            assert str(link).isascii()
            assert DeepLink.read(str(link), office.library) == link


def test_numbers_stand_from_left_to_right(office: Service) -> None:
    for text in strings(leaflet(office, "work-permit", "ar").rows[-1][1]):
        for number in ("6458", "2014/6883"):
            assert number not in text or f"\u2066{number}\u2069" in text


@pytest.mark.parametrize("width", [576, 384])
def test_a_slip_fills_its_paper_and_no_more(office: Service, width: int) -> None:
    for language in ("ar", "ps", "tr"):
        dots = slip_dots(slip(office, "work-permit", language), width)
        assert (dots.mode, dots.width) == ("1", width)
        ink = dots.convert("L").point(lambda shade: 255 - shade).getbbox()
        assert ink is not None
        left, _, right, bottom = ink
        assert left >= 2
        assert right <= width - 2, "nothing is cut off"
        assert dots.height - bottom < 20, "no empty paper"


def test_nothing_is_fetched(office: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that look like a reference stay words, and a template that names a file gets nothing."""
    made = leaflet(office, "work-permit", "fr")
    evil = '<img src="file:///etc/passwd"><link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
    cell = replace(made.rows[1][0], heading=evil)
    assert bare(evil) in words_of(leaflet_pdf(replace(made, rows=((cell, cell),))))
    with pytest.raises(typeset.NothingIsFetchedError):
        typeset._refusing().fetch("file:///etc/passwd")


def test_a_code_has_its_quiet_zone_and_no_person_in_it() -> None:
    drawn = code("https://t.me/x?start=y")
    assert f'viewBox="0 0 {drawn.modules + 8} {drawn.modules + 8}"' in drawn.markup
    assert "<title" not in drawn.markup
