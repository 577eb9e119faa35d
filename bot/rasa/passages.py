"""The passages of the topics' texts that a question is compared with when no intent is sure.

Reads `content/` as files, because Rasa's environment has none of the libraries that read it properly; what a text may
look like is `bot.content.text`'s business, and the checks have seen it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a topic's text, long enough to mean something alone."""

    topic: str
    text: str


def read_passages(topics: Path) -> list[Passage]:
    """Title and answer of each topic, then each section under the title, in every language there is."""
    return [passage for path in sorted(topics.glob("*/*.md")) for passage in _passages(path)]


def _passages(path: Path) -> Iterator[Passage]:
    body = path.read_text(encoding="utf-8").split("---\n", maxsplit=2)[-1]
    lead, *sections = body.split("\n## ")
    title, *paragraphs = [line.removeprefix("# ").strip() for line in lead.splitlines() if line.strip()]
    yield Passage(path.parent.name, f"{title}. {paragraphs[0]}")
    for paragraph in paragraphs[1:]:
        yield Passage(path.parent.name, f"{title}. {paragraph}")
    for section in sections:
        heading, *lines = [line.strip() for line in section.splitlines() if line.strip()]
        words = [heading.partition(" {#")[0], *(line.removeprefix("- ") for line in lines)]
        yield Passage(path.parent.name, f"{title}. {' '.join(words)}")
