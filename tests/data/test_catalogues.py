"""The interface's words: extraction is reproducible, and each defect of a translation is found."""

import gettext
import shutil
from pathlib import Path

import pytest

from bot.checks.catalogues import check_catalogues
from bot.checks.extraction import as_bytes, compile_all, extract, update_all
from bot.checks.findings import Report
from bot.i18n.catalogues import load_catalogues
from bot.i18n.registry import load_registry
from tests.data.conftest import PROJECT

SOURCE = """
from words import N_, ngettext

HELLO = N_("Hello {name}")
BYE = N_("Goodbye")
WAITING = ngettext("{n} person before you", "{n} people before you", 3)
"""
PAGE = "{% trans %}\n  One moment,\n  please\n{% endtrans %}<p>{{ _('Finish') }}</p>"
ARABIC = [
    "لا أحد قبلكم",
    "شخص واحد قبلكم",
    "شخصان قبلكم",
    "{n} أشخاص قبلكم",
    "{n} شخص قبلكم",
    "{n} شخصًا قبلكم",
]
RUSSIAN = ["Перед вами {n} человек", "Перед вами {n} человека", "Перед вами {n} человек"]
TRANSLATIONS = {
    "tr": {"Hello {name}": "Merhaba {name}", "Goodbye": "Güle güle", "plural": ["Önünüzde {n} kişi var"]},
    "ar": {"Hello {name}": "مرحبًا {name}", "Goodbye": "مع السلامة", "plural": ARABIC},
    "fa": {"Hello {name}": "سلام {name}", "Goodbye": "خداحافظ", "plural": ["{n} نفر پیش از شما"]},
    "ru": {"Hello {name}": "Здравствуйте, {name}", "Goodbye": "До свидания", "plural": RUSSIAN},
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The registry with the five languages of this small project."""
    folder = tmp_path / "content"
    folder.mkdir()
    rows = (PROJECT / "content" / "languages.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    spoken = tuple(f"  - {{code: {code}," for code in ("en", *TRANSLATIONS))
    kept = [
        row if not row.startswith("  - {") or row.startswith(spoken) else row.replace("offered", "planned")
        for row in rows
    ]
    (folder / "languages.yaml").write_text("".join(kept), encoding="utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path, content: Path) -> Path:
    """A small project with five phrases, translated into every offered language."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "words.py").write_text(SOURCE, encoding="utf-8")
    page = tmp_path / "kiosk" / "public" / "templates" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, encoding="utf-8")
    (tmp_path / "locales").mkdir()
    shutil.copy(PROJECT / "locales" / "babel.cfg", tmp_path / "locales")
    update_all(tmp_path, load_registry(content))
    for code, words in TRANSLATIONS.items():
        path = _po(tmp_path, code)
        text = path.read_text(encoding="utf-8")
        for msgid in ("Hello {name}", "Goodbye"):
            text = text.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{words[msgid]}"')
        for msgid in ("Finish", "One moment, please"):
            text = text.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{code} words"')
        for number, form in enumerate(words["plural"]):
            text = text.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{form}"')
        path.write_text(text, encoding="utf-8")
    return tmp_path


def _po(project: Path, code: str) -> Path:
    return project / "locales" / code / "LC_MESSAGES" / "rehber.po"


def _report(project: Path) -> Report:
    report = Report()
    check_catalogues(project, report)
    return report


def test_a_translated_project_has_no_findings(project: Path) -> None:
    report = _report(project)
    assert [finding.line(project) for finding in report.findings] == []
    assert report.looked_at["phrases"] == 5
    assert report.looked_at["catalogues"] == 5


def test_the_template_has_no_dates_and_no_line_numbers(project: Path) -> None:
    before = (project / "locales" / "rehber.pot").read_bytes()
    source = project / "bot" / "words.py"
    source.write_text("\n\n\n" + SOURCE, encoding="utf-8")
    assert as_bytes(extract(project)) == before
    assert b"Date" not in before
    assert b"words.py:" not in before


def test_extraction_keeps_translations_and_leaves_new_phrases_empty(project: Path) -> None:
    source = project / "bot" / "words.py"
    source.write_text(SOURCE.replace('"Goodbye"', '"See you"'), encoding="utf-8")
    update_all(project, load_registry(project / "content"))
    arabic = _po(project, "ar").read_text(encoding="utf-8")
    assert "مرحبًا {name}" in arabic
    assert 'msgid "See you"\nmsgstr ""' in arabic
    assert "Goodbye" not in arabic
    assert 'msgid "See you"\nmsgstr "See you"' in _po(project, "en").read_text(encoding="utf-8")


def test_compiled_words_are_what_the_service_says(project: Path) -> None:
    registry = load_registry(project / "content")
    assert len(compile_all(project, registry)) == 5
    catalogues = load_catalogues(project, registry)
    assert catalogues.say("fa", "Hello {name}", name="مریم") == "سلام مریم"
    assert catalogues.say("en", "One moment, please") == "One moment, please"
    assert isinstance(catalogues.by_language["ar"], gettext.GNUTranslations)
    assert catalogues.count("ar", "{n} person before you", "{n} people before you", 2) == "شخصان قبلكم"
    assert catalogues.count("ar", "{n} person before you", "{n} people before you", 5) == "5 أشخاص قبلكم"


PLANTED = [
    pytest.param("ar", "مع السلامة", "", "is not translated", id="empty"),
    pytest.param("ar", "{n} أشخاص قبلكم", "", "is not translated", id="empty-plural"),
    pytest.param("tr", "Merhaba {name}", "Merhaba {ad}", "has the places", id="placeholder"),
    pytest.param("fa", "{n} نفر", "چند نفر", None, id="count-may-be-left-out"),
    pytest.param("tr", "Güle güle", "<b>Güle güle</b>", "has markup", id="html"),
    pytest.param("tr", "Güle güle", "www.example.org", "an address", id="address"),
    pytest.param("fa", "خداحافظ", "خداحافظ\u200f", "invisible direction mark", id="direction-mark"),
    pytest.param("fa", "خداحافظ", "خداحافظ ۱", "digits that are not Latin", id="digits"),
    pytest.param("tr", 'msgid "Goodbye"', '#, fuzzy\nmsgid "Goodbye"', "marked as fuzzy", id="fuzzy"),
    pytest.param(
        "tr",
        'msgid "Goodbye"',
        'msgid "Good night"',
        "that no source says (1, such as 'Good night')",
        id="unknown-phrase",
    ),
    pytest.param("ar", "nplurals=6", "nplurals=7", "plural", id="plural-rule"),
    pytest.param("ru", "n%10==1", "n%10==2", "the plural rule is not that of the language", id="other-plural-rule"),
    pytest.param("ru", "nplurals=3", "nplurals=2", "not a catalogue", id="plural-rule-of-Russian"),
    pytest.param("ru", f'msgstr[2] "{RUSSIAN[2]}"\n', "", "is not translated", id="plural-form-lost"),
    pytest.param("ru", f'msgstr[1] "{RUSSIAN[1]}"', 'msgstr[1] ""', "is not translated", id="plural-form-empty"),
    pytest.param("ar", f'msgstr[5] "{ARABIC[5]}"\n', "", "is not translated", id="plural-form-lost-in-Arabic"),
]


@pytest.mark.parametrize(("code", "old", "new", "says"), PLANTED)
def test_a_planted_defect_is_found(project: Path, code: str, old: str, new: str, says: str | None) -> None:
    path = _po(project, code)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    findings = _report(project).findings
    if says is None:
        assert findings == []
    else:
        assert any(says in finding.reason and finding.path == path for finding in findings), findings


def test_a_stale_template_a_missing_catalogue_and_markup_in_code_are_found(project: Path) -> None:
    source = project / "bot" / "words.py"
    source.write_text(SOURCE.replace("Goodbye", "<b>Goodbye</b>"), encoding="utf-8")
    _po(project, "fa").unlink()
    reasons = " | ".join(finding.reason for finding in _report(project).findings)
    assert "not what the code says now" in reasons
    assert "lacks phrases of the source (1, such as '<b>Goodbye</b>')" in reasons
    assert "there is no catalogue" in reasons
    assert "markup" in reasons


def test_a_project_without_phrases_fails(project: Path) -> None:
    shutil.rmtree(project / "bot")
    shutil.rmtree(project / "kiosk")
    assert any("looked at no phrases" in finding.reason for finding in _report(project).findings)
