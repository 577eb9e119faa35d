"""The addresses of the pages a person stays on, written once: links are made from them, and a change of language
comes back to them and to nothing else."""

from typing import Final

from bot.content import Library

WALL: Final = "/"
WALLS: Final = frozenset({WALL, "/?then=person"})
FINISH: Final = "/finish"
CHAT: Final = "/chat"
CHECK: Final = "/check"
CONTACTS: Final = "/contacts"
TOPICS: Final = "/topics"
CONTINUE: Final = "/continue"
TOPIC: Final = "/topic"
TURKISH: Final = "turkish"
TAKE: Final = "take"


def group_place(name: str) -> str:
    return f"{TOPICS}/{name}"


def topic_place(slug: str, *, original: bool = False) -> str:
    return f"{TOPIC}/{slug}/{TURKISH}" if original else f"{TOPIC}/{slug}"


def take_place(slug: str) -> str:
    return f"{TOPIC}/{slug}/{TAKE}"


def paper_place(slug: str, language: str) -> str:
    """For phones: it stands outside every visit."""
    return f"/paper/{slug}/{language}.pdf"


def places(library: Library) -> frozenset[str]:
    """Every place that a change of language may come back to."""
    groups = (group_place(name) for name in library.arrangement.groups)
    topics = (topic_place(slug, original=original) for slug in library.slugs for original in (False, True))
    taken = (take_place(slug) for slug in library.slugs)
    return frozenset({CHAT, CHECK, CONTACTS, CONTINUE, FINISH, TOPICS, *groups, *topics, *taken})
