"""Rule: legal terms are translated as the glossary froze them, and what must never be said is not said."""

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bot.checks.content.texts import folded, texts
from bot.checks.findings import Report
from bot.content import Library
from bot.i18n.yaml_files import read_model

Forms = dict[str, tuple[str, ...]]


class Term(BaseModel):
    """A frozen term: its forms by language, and words that must not be used for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    note: str = ""
    forms: Forms
    avoid: Forms = {}


class Never(BaseModel):
    """Something no text may say; `patterns` are regular expressions by language, matched in folded text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    why: str
    patterns: Forms = Field(min_length=1)


class Glossary(BaseModel):
    """The whole of `glossary.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: tuple[Term, ...] = Field(min_length=1)
    units: dict[str, Forms]
    never: tuple[Never, ...]

    def unit_forms(self, unit: str, language: str) -> tuple[str, ...]:
        """The words for a unit in a language; empty where the glossary lacks them, which is then a finding."""
        return self.units.get(unit, {}).get(language, ())


def load_glossary(root: Path) -> Glossary:
    """Read `glossary.yaml` in the content folder `root`. Raises ContentFileError."""
    return read_model(root / "glossary.yaml", Glossary)


def check(library: Library, words: Glossary, root: Path, report: Report) -> None:
    source = library.languages.source.code
    report.saw("glossary terms", len(words.terms))
    for term in words.terms:
        for language in library.languages.offered():
            if not term.forms.get(language.code):
                report.add(root / "glossary.yaml", f"term {term.id!r} has no {language.english_name}", "add its form")
    for unit, forms_by_language in words.units.items():
        for language in library.languages.offered():
            if not forms_by_language.get(language.code):
                report.add(root / "glossary.yaml", f"unit {unit!r} has no {language.english_name}", "add its words")
    for path, topic, text in texts(library, root):
        here = folded("\n".join(text.strings()), text.language)
        original = folded("\n".join(topic.original().strings()), source)
        for term in words.terms:
            forms = term.forms.get(text.language, ())
            # Turkish adds endings and never changes how a word begins: a form is the beginning of a word.
            needed = any(
                re.search(rf"\b{re.escape(folded(form, source))}", original) for form in term.forms.get(source, ())
            )
            if needed and forms and not any(folded(form, text.language) in here for form in forms):
                report.add(path, f"the term {term.id!r} is missing or translated freely", f"write {forms[0]!r}")
        check_wrong_words(path, text.language, text.strings(), words, report)


def check_wrong_words(path: Path, language: str, strings: Iterable[str], words: Glossary, report: Report) -> None:
    """What must not stand in the file `path`: a word that is wrong for a term, and what is never said."""
    here = folded("\n".join(strings), language)
    for term in words.terms:
        for wrong in term.avoid.get(language, ()):
            if folded(wrong, language) in here:
                forms = term.forms.get(language, ())
                remedy = f"write {forms[0]!r}" if forms else "use the frozen term"
                report.add(path, f"{wrong!r} is used for the term {term.id!r}", remedy)
    for never in words.never:
        for pattern in never.patterns.get(language, ()):
            if match := re.search(pattern, here):
                report.add(path, f"says {match[0]!r} ({never.id})", never.why)
