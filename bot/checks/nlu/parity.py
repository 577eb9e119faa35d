"""Rule: every intent has enough examples in every offered language, and none is taught far less than elsewhere."""

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from bot.checks.findings import Report
from bot.checks.nlu.examples import Example
from bot.i18n.registry import Registry

FEWEST: Final = 12
# A language with fewer than this share of the examples of the best-taught language is taught carelessly.
SHARE: Final = 0.35


def check(
    folder: Path, examples: Iterable[Example], intents: Collection[str], registry: Registry, report: Report
) -> None:
    counts = Counter((example.intent, example.language) for example in examples)
    for intent in sorted({intent for intent, _ in counts} - set(intents)):
        report.add(folder, f"the intent {intent!r} is not in the domain", "add it to domain/intents.yml")
    for intent in sorted(intents):
        most = max(counts[intent, code] for code in registry.languages)
        for language in registry.offered():
            path = folder / language.code / f"{intent}.yml"
            number = counts[intent, language.code]
            if number < FEWEST:
                report.add(path, f"{number} examples", f"write at least {FEWEST}")
            elif number < most * SHARE:
                report.add(path, f"{number} examples where another language has {most}", "write more examples")
