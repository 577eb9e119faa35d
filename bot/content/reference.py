"""The laws and phone numbers that topics refer to, each written once for the whole service.

`laws.yaml` gives a law's number and its name in every offered language, `phones.yaml` a number and whose it is.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.content.facts import LawNumber, Name
from bot.i18n.yaml_files import read_model


class Law(BaseModel):
    """A law or regulation. `number` is as it is cited, `names` its full name by language code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: LawNumber
    names: dict[str, Name]
    gazette: Name | None = None


class Phone(BaseModel):
    """A phone line. `number` as it is read aloud, `dial` as a `tel:` link wants it (RFC 3966)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]+( [0-9]+)*$")]
    dial: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]+$")]
    names: dict[str, Name]
    evidence: Name
    checked_on: date


class _Laws(BaseModel):
    model_config = ConfigDict(extra="forbid")

    laws: tuple[Law, ...]


class _Phones(BaseModel):
    model_config = ConfigDict(extra="forbid")

    phones: tuple[Phone, ...]


def load_laws(root: Path) -> dict[str, Law]:
    """The laws of the content folder `root` by number. Raises ContentFileError."""
    path = root / "laws.yaml"
    laws = read_model(path, _Laws).laws
    return {law.number: law for law in laws}


def load_phones(root: Path) -> dict[str, Phone]:
    """The phone lines of the content folder `root` by number as written. Raises ContentFileError."""
    path = root / "phones.yaml"
    phones = read_model(path, _Phones).phones
    return {phone.number: phone for phone in phones}
