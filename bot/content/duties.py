"""The duties of the office's own list that no applicant asks about. They are kept for staff, so that nothing is lost.

Owns `office_duties.yaml`. That every sentence of the list is either in a topic or here is checked by `bot.checks`.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.content.facts import Name, SeedSentence, Slug
from bot.i18n.yaml_files import ContentFileError, read_model

FILE: Final = "office_duties.yaml"


class Duty(BaseModel):
    """A duty as the list names it, the unit that has it, and why it is no topic (`reason`, in the source language).

    `topics`: where a person's own question about it is answered, if there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
    unit: Name
    seed: SeedSentence
    reason: Name
    topics: tuple[Slug, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    duties: tuple[Duty, ...]


def load_duties(root: Path, topics: Collection[str]) -> tuple[Duty, ...]:
    """Read the duties of the content folder `root`, in the order of the file. Raises ContentFileError."""
    path = root / FILE
    duties = read_model(path, _File).duties
    refs = [duty.ref for duty in duties]
    for ref in sorted({ref for ref in refs if refs.count(ref) > 1}):
        raise ContentFileError(path, f"two duties are called {ref}", "give each its own place in the list")
    for slug in sorted({slug for duty in duties for slug in duty.topics} - set(topics)):
        raise ContentFileError(path, f"there is no topic {slug}", "correct the name, or take it out")
    return duties
