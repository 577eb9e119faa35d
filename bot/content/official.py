"""Compares what a person wrote with the official phone lines and websites.

The outcome is what the list says and no more: who is behind a number that is not on it, nobody here knows. So nothing
is ever called a fraud. An address that could be taken for an official one is named as that.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from bot.content.mentions import REGION, Channel, Mention, letters_of
from bot.content.reference import Phone, Site

APPOINTMENTS: Final = "randevu.goc.gov.tr"
"""The site of `official_sites.yaml` where appointments are made."""
_SHORT_MARK: Final = 4
"""A mark of up to this many letters must be a whole part: "goc" also stands in "gocuk.com"."""
_BETWEEN_PARTS: Final = re.compile(r"[\W_]+")

# Letters of other scripts that look like Latin ones, from Unicode's confusables (UTS 39), as far as they matter here.
_LOOKS_LIKE: Final = str.maketrans(
    "аеорсухіјѕһԁɡցոαοενιτυκρгґмнвткпьıłøđ0134578",
    "aeopcyxijshdggnaoevitukprrmhbtknbilodoieastb",
)


class Verdict(StrEnum):
    """What the official list says of a mention."""

    OFFICIAL = "official"
    LOOK_ALIKE = "look-alike"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A mention and the verdict. `owner` is the official line or site that it is, or that it could be taken for."""

    mention: Mention
    verdict: Verdict
    owner: Phone | Site | None


class OfficialList:
    """The lines and sites of a library, ready to be compared with."""

    def __init__(self, phones: Mapping[str, Phone], sites: Mapping[str, Site]) -> None:
        self._phones = {key: phone for phone in phones.values() for key in _keys(phone)}
        # The nearest owner first: randevu.goc.gov.tr before goc.gov.tr.
        self._sites = sorted(sites.values(), key=lambda site: -len(site.domain))

    def compare(self, mention: Mention) -> Comparison:
        """What the list says of this mention."""
        match mention.channel:
            case Channel.PHONE | Channel.SHORT:
                owner = self._phones.get(mention.key)
                return Comparison(mention, Verdict.OFFICIAL if owner else Verdict.UNLISTED, owner)
            case Channel.ADDRESS if site := self._owner(mention.key):
                return Comparison(mention, Verdict.OFFICIAL, site)
            case _:
                imitated = self._imitated(mention.key or mention.text.lower())
                return Comparison(mention, Verdict.LOOK_ALIKE if imitated else Verdict.UNLISTED, imitated)

    def _owner(self, host: str) -> Site | None:
        """The site that `host` belongs to: the domain itself or what lies below it, letter by letter."""
        return next((s for s in self._sites if host == s.domain or host.endswith(f".{s.domain}")), None)

    def _imitated(self, host: str) -> Site | None:
        """The site that somebody could take `host` for."""
        seen = _as_seen(host)
        squeezed = _squeezed(seen)
        parts = frozenset(_BETWEEN_PARTS.split(seen))
        for site in reversed(self._sites):
            whole = _squeezed(_as_seen(site.domain))
            marks = [_as_seen(mark) for mark in site.marks]
            if whole in squeezed or any(m in parts if len(m) <= _SHORT_MARK else m in squeezed for m in marks):
                return site
        short = seen.removeprefix("www.")
        return next((site for site in self._sites if _is_near(short, _as_seen(site.domain))), None)


def _keys(phone: Phone) -> Iterable[str]:
    """The forms in which a line can be written: as it is dialled here, and with the country in front."""
    yield phone.dial
    try:
        number = phonenumbers.parse(phone.dial, REGION)
    except phonenumbers.NumberParseException:
        return
    yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _as_seen(host: str) -> str:
    """`host` as the eye takes it: punycode read, without marks, other scripts' letters as the Latin ones."""
    read = ".".join(letters_of(label) for label in host.split("."))
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", read) if not unicodedata.category(c).startswith(("M", "Cf"))
    )
    return bare.casefold().translate(_LOOKS_LIKE).replace("rn", "m").replace("vv", "w")


def _squeezed(seen: str) -> str:
    return "".join(c for c in seen if c.isalnum())


def _is_near(one: str, other: str) -> bool:
    """Whether one letter was added, left out, changed, or swapped with its neighbour."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped
