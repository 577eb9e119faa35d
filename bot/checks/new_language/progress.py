"""How far a language is: counts of what is written, and the names that shared files do not have in it yet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.checks.content.glossary import load_glossary
from bot.checks.extraction import catalogue_path, read
from bot.checks.new_language.sentences import FEWEST_MEASURING, count_sentences, held_out_path
from bot.checks.nlu.entities import word_list_path
from bot.checks.nlu.parity import FEWEST
from bot.content import Library
from bot.i18n.registry import Language
from bot.i18n.yaml_files import read_text


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of work: how much is done, where, and the names that are missing there, if it has any."""

    what: str
    done: int
    of: int
    where: str
    missing: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return self.done >= self.of


def progress(root: Path, language: Language, library: Library, intents: Collection[str]) -> tuple[Row, ...]:
    """Every kind of work for a language of the project in `root`, in the order in which to do it."""
    code = language.code
    glossary = load_glossary(root / "content")
    teaching = root / "nlu_data" / "nlu" / code
    taught = sum(_sentences(teaching / f"{intent}.yml") >= FEWEST for intent in intents)
    # A rule of style has patterns where a language needs them; the others hold everywhere.
    offered = {each.code for each in library.languages.offered()} - {code}
    rules = {rule.id: rule.patterns for rule in glossary.never if offered <= rule.patterns.keys()}
    measured = sum(_sentences(held_out_path(root, code) / f"{intent}.yml") >= FEWEST_MEASURING for intent in intents)
    return (
        _names("glossary terms", "content/glossary.yaml", code, {t.id: t.forms for t in glossary.terms}),
        _names("units", "content/glossary.yaml", code, glossary.units),
        _names("rules of what is never said", "content/glossary.yaml", code, rules),
        _names(
            "groups of topics",
            "content/groups.yaml",
            code,
            {g.id: g.names for g in library.arrangement.groups.values()},
        ),
        _names("laws", "content/laws.yaml", code, {law.number: law.names for law in library.laws.values()}),
        _names(
            "phone lines", "content/phones.yaml", code, {line.number: line.names for line in library.phones.values()}
        ),
        Row(
            "topic texts",
            sum(code in topic.texts for topic in library.topics.values()),
            len(library.topics),
            f"content/topics/*/{code}.md",
        ),
        Row("words of codes", int(code in library.case_words.texts), 1, f"content/case/{code}.yaml"),
        _phrases(root, language),
        Row("intents taught", taught, len(intents), f"nlu_data/nlu/{code}/"),
        Row("intents measured", measured, len(intents), f"tests/nlu/held_out/{code}/"),
        Row("list of papers", int(word_list_path(root, code).exists()), 1, f"nlu_data/entities/{code}.yml"),
    )


def _names(what: str, where: str, code: str, names: Mapping[str, Mapping[str, object]]) -> Row:
    missing = tuple(name for name, by_language in names.items() if not by_language.get(code))
    return Row(what, len(names) - len(missing), len(names), where, missing)


def _phrases(root: Path, language: Language) -> Row:
    messages = [message for message in read(catalogue_path(root, language), language) if message.id]
    forms = [(m.string,) if isinstance(m.string, str) else tuple(m.string or ()) for m in messages]
    done = sum(bool(strings) and all(strings) for strings in forms)
    return Row("phrases", done, len(messages), f"locales/{language.locale}/LC_MESSAGES/rehber.po")


def _sentences(path: Path) -> int:
    return count_sentences(read_text(path)) if path.exists() else 0
