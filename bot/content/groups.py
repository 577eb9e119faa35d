"""How topics are arranged for people who look rather than ask: at most eight groups, and the topics asked most.

Owns `groups.yaml`. A list of fifty buttons is no list; this says which few come first.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.content.facts import Name, Slug
from bot.i18n.registry import Registry
from bot.i18n.yaml_files import ContentFileError, read_model

MOST_GROUPS: Final = 8


class Group(BaseModel):
    """Some topics under a name that is given in every offered language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
    names: dict[str, Name]
    topics: tuple[Slug, ...] = Field(min_length=1)

    def name(self, codes: Collection[str]) -> str:
        """The name in the first of these languages that has one."""
        return next(self.names[code] for code in codes if code in self.names)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first: tuple[Slug, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1, max_length=MOST_GROUPS)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`first`: topics asked most, in order. `groups`: every topic, by group id, in the order of the file."""

    first: tuple[str, ...]
    groups: Mapping[str, Group]


def load_arrangement(root: Path, topics: Collection[str], languages: Registry) -> Arrangement:
    """Read `groups.yaml` in the content folder `root`. Raises ContentFileError when a topic has not one place."""
    path = root / "groups.yaml"
    file = read_model(path, _File)
    placed = [slug for group in file.groups for slug in group.topics]
    for slug in sorted({slug for slug in placed if placed.count(slug) > 1}):
        raise ContentFileError(path, f"{slug} stands in two groups", "keep the one where people look for it")
    for slug in sorted(set(topics) - set(placed)):
        raise ContentFileError(path, f"{slug} stands in no group", "add it where people would look for it")
    for slug in sorted({*placed, *file.first} - set(topics)):
        raise ContentFileError(path, f"there is no topic {slug}", "correct the name, or take it out")
    for group in file.groups:
        for language in languages.offered():
            if language.code not in group.names:
                raise ContentFileError(path, f"{group.id} has no name in {language.code}", "add it")
    return Arrangement(file.first, {group.id: group for group in file.groups})
