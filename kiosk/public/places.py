"""The addresses of the pages a person stays on, written once: links are made from them, and a change of language
comes back to them and to nothing else."""

from typing import Final

from bot.content import Library

CHAT: Final = "/chat"
CHECK: Final = "/check"
TOPICS: Final = "/topics"
TOPIC: Final = "/topic"
TURKISH: Final = "turkish"


def group_place(name: str) -> str:
    return f"{TOPICS}/{name}"


def topic_place(slug: str, *, original: bool = False) -> str:
    return f"{TOPIC}/{slug}/{TURKISH}" if original else f"{TOPIC}/{slug}"


def places(library: Library) -> frozenset[str]:
    """Every place that a change of language may come back to."""
    groups = (group_place(name) for name in library.arrangement.groups)
    topics = (topic_place(slug, original=original) for slug in library.slugs for original in (False, True))
    return frozenset({CHAT, CHECK, TOPICS, *groups, *topics})
