"""Rule: what a topic quotes from the office's own list of services is there letter by letter, slips included."""

from pathlib import Path

from bot.checks.content.texts import facts_path
from bot.checks.findings import Report
from bot.content import Library
from bot.i18n.yaml_files import ContentFileError, read_text


def check(library: Library, root: Path, report: Report) -> None:
    path = root / "seed" / f"services.{library.languages.source.code}.txt"
    try:
        original = read_text(path)
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    for topic in library.topics.values():
        for sentence in topic.facts.seed:
            report.saw("seed sentences")
            if sentence.text not in original:
                report.add(
                    facts_path(root, topic.slug),
                    f"not a sentence of the office's list: {sentence.text[:40]!r}",
                    f"quote {path} exactly",
                )
