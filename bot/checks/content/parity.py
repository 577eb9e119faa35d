"""Rule: every offered language has every topic, with the same sections, paragraphs and list items as the source.

A sentence that exists in one language only is how a right gets lost in translation.
"""

from pathlib import Path

from bot.checks.content.texts import facts_path, text_path, texts
from bot.checks.findings import Report
from bot.content import Library, TopicText
from bot.content.personas import PERSONA_PREFIX


def check(library: Library, root: Path, report: Report) -> None:
    for topic in library.topics.values():
        for language in library.languages.offered():
            if language.code not in topic.texts:
                path = text_path(root, topic.slug, language.code)
                report.add(path, f"no {language.english_name} text", "translate the source text into this file")
    for path, topic, text in texts(library, root):
        report.saw("texts")
        for difference in _differences(topic.original(), text):
            report.add(path, difference, "give it the same structure as the source text")
        for section_id in text.sections:
            persona = section_id.removeprefix(PERSONA_PREFIX)
            if persona != section_id and persona not in topic.facts.applies_to:
                report.add(
                    facts_path(root, topic.slug),
                    f"the texts have a section for {persona!r}, who is not in applies_to",
                    "add the persona or remove the section",
                )
    for number, law in library.laws.items():
        _require_names(f"law {number}", law.names, root / "laws.yaml", library, report)
    for number, phone in library.phones.items():
        _require_names(f"phone {number}", phone.names, root / "phones.yaml", library, report)
    for domain, site in library.sites.items():
        _require_names(f"website {domain}", site.names, root / "official_sites.yaml", library, report)


def _differences(source: TopicText, text: TopicText) -> list[str]:
    """How the structure of `text` differs from the source, one reason each."""
    found = []
    if len(text.paragraphs) != len(source.paragraphs):
        found.append(f"{len(text.paragraphs)} paragraphs below the answer, the source has {len(source.paragraphs)}")
    if tuple(text.sections) != tuple(source.sections):
        ids = ", ".join(text.sections) or "none"
        return [*found, f"its sections are {ids}; the source has {', '.join(source.sections) or 'none'}"]
    for ours, theirs in zip(text.ordered_sections, source.ordered_sections, strict=True):
        for what, here, there in (
            ("paragraphs", ours.paragraphs, theirs.paragraphs),
            ("items", ours.items, theirs.items),
        ):
            if len(here) != len(there):
                found.append(f"section {ours.ids[0]!r} has {len(here)} {what}, the source has {len(there)}")
    return found


def _require_names(what: str, names: dict[str, str], path: Path, library: Library, report: Report) -> None:
    for language in library.languages.offered():
        if language.code not in names:
            report.add(path, f"{what} has no {language.english_name} name", f"add `{language.code}:` to its names")
