"""The laws, phone numbers and websites that topics refer to, each written once for the whole service.

`laws.yaml` gives a law's number and its name in every offered language, `phones.yaml` a number and whose it is,
`official_sites.yaml` the same of a domain.
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


class Site(BaseModel):
    """An official website. What lies below `domain` is of the same owner. `marks`: names that imitate it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
    marks: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{3,}$")], ...]
    names: dict[str, Name]
    evidence: Name
    checked_on: date


class _Laws(BaseModel):
    model_config = ConfigDict(extra="forbid")

    laws: tuple[Law, ...]


class _Phones(BaseModel):
    model_config = ConfigDict(extra="forbid")

    phones: tuple[Phone, ...]


class _Sites(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sites: tuple[Site, ...]


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


def load_sites(root: Path) -> dict[str, Site]:
    """The official websites of the content folder `root` by domain. Raises ContentFileError."""
    path = root / "official_sites.yaml"
    sites = read_model(path, _Sites).sites
    return {site.domain: site for site in sites}
