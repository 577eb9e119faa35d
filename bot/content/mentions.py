"""Finds the phone numbers and the addresses of the internet that a person wrote.

Pure, and bounded: only the first 2,000 characters are looked at, and of them a limited number of candidates, so that no
text costs more than a few milliseconds. What looks like an identity number, a date, a sum or the number of a law is no
phone number here. Whose a thing is, is `bot.content.official`'s business.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

import phonenumbers
from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS

LONGEST: Final = 2000
"""Characters that are looked at; the kiosk takes no more, and Rasa sees no more."""
MOST: Final = 12
"""Mentions that are found in one text at most."""
REGION: Final = "TR"
_LONGEST_TOKEN: Final = 200
_TOKENS_TRIED: Final = 24
_NUMBERS_TRIED: Final = 40


class Channel(StrEnum):
    """What kind of thing was written."""

    ADDRESS = "address"  # a website or an e-mail address
    HANDLE = "handle"  # @name of a messenger or a network
    PHONE = "phone"
    SHORT = "short"  # a service number of three digits


@dataclass(frozen=True, slots=True)
class Mention:
    """`text` is what was written, in plain letters. `key` is what to compare.

    The key of a phone number is its E.164 form (RFC 3966 without `tel:`), of a short number its digits, of an address
    its host in small letters. It is empty where no host can be told for certain: `goc.gov.tr@evil.example`.
    """

    channel: Channel
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """What was found, in the order of channels, and how many words stand beside it."""

    found: tuple[Mention, ...]
    words_beside: int
    plain: str
    """The text in plain letters, small, without what was found."""


_ZERO_WIDTH_KEPT: Final = frozenset("\u200c\u200d")  # they are part of words, and make another host of a host
_ARABIC: Final = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff"
_BORDER: Final = re.compile(rf"(?<=[{_ARABIC}])(?=[A-Za-z@+])|(?<=[A-Za-z0-9/])(?=[{_ARABIC}])")
_BRACKETED_DOT: Final = re.compile(r"\s?[\[({]\s?(?:\.|dot|nokta|point|точка|نقطة|نقطه|ټکی)\s?[\])}]\s?", re.IGNORECASE)
_SPOKEN_DOT: Final = re.compile(
    r"(?<=\w) (?:dot|nokta|point|точка|نقطة|نقطه|نکته|ټکی|xal|dhibic) (?=\w)", re.IGNORECASE
)
_LOOSE_DOT: Final = re.compile(r"(?<=\w) \. ?(?=\w)|(?<=\w)\. (?=(?:gov|com|org|net|edu|tr)\b)", re.IGNORECASE)
_SPACED: Final = re.compile(
    r"(?<!\w)((?:(?:randevu|e-ikamet|www) )?[\w-]{2,40}) (gov|com|org|edu|net|bel|k12) tr(?!\w)", re.IGNORECASE
)
_SCHEME: Final = re.compile(r"(?<!\w)h(?:tt|xx)p(s?)\s?:[/\\]*(?=[^\s/\\])", re.IGNORECASE)
_OPENING: Final = re.compile(r"(?:\w+:)?[(\[{<*~`\"'“”‘’«»‹›„¿¡]*")
_CLOSING: Final = re.compile(r"(?:[)\]}>*~`\"'“”‘’«»‹›,;:!?.،؛؟۔|][^@/\\%]*)?")
_ENDS: Final = ")]}>*~`\"'“”‘’«»‹›,;:!?.،؛؟۔|"
_AUTHORITY: Final = re.compile(r"([\w\u200c\u200d.-]+)(?::\d{1,5})?")
_MAILBOX: Final = re.compile(r"[\w.+-]+@([\w\u200c\u200d.-]+)")
_HANDLE: Final = re.compile(r"(?<![\w@./])@[A-Za-z][A-Za-z0-9_.]{2,31}(?![\w@])")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?\b")
_SHORT: Final = re.compile(r"(?<![\w.,/:+%-])1\d\d(?![\w%]|[.,/:-]\d)")
_WORD: Final = re.compile(r"[^\W\d_]+")

_USUAL_ENDINGS: Final = re.compile(
    "com|net|org|edu|gov|info|biz|online|site|xyz|top|app|click|link|live|store|website|shop|space|club|vip|icu|dev"
    "|page|blog|cloud|digital|services|support|agency|center|network|email|chat|group|team|tech|istanbul|ist"
)
_ALSO_WORDS: Final = re.compile(
    "ad|ai|al|am|an|ar|as|at|ba|be|bi|ci|do|es|et|fi|ga|ge|gt|id|ie|il|im|in|io|is|it|je|ke|ki|la|li|lu|ma|me|ml|mu"
    "|my|na|ne|no|nu|pa|pm|ps|re|sa|se|si|so|st|su|tm|to|us|va|ve|ye"
)
"""Endings of countries that are also short words of our languages: "geldim.ne" is a sentence without a space."""


def letters_of(label: str) -> str:
    """A label of an internationalised name in its own letters (RFC 3492)."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


_ENDINGS: Final = frozenset(ending.lower() for ending in TLDS)
_LINKS: Final = LinkifyIt().tlds(sorted(_ENDINGS | {letters_of(ending) for ending in _ENDINGS}))


def mentions(text: str) -> Mentions:
    """The phone numbers, addresses and handles in a text that a person wrote."""
    plain = _plain(text)
    found: list[Mention] = []
    rest: list[str] = []
    tried = 0
    for token in plain.split():
        left = token
        while tried < _TOKENS_TRIED and _may_hold_one(left):
            tried += 1
            mention, left = _first(left)
            if mention is None:
                break
            found.append(mention)
        rest.append(left)
    # Numbers of people and of papers are not for comparing: an identity number, an account.
    words = _IBAN.sub(" ", " ".join(rest))
    for mention in _phones(words):
        found.append(mention)
        words = words.replace(mention.text, " ", 1)
    return Mentions(tuple(dict.fromkeys(found))[:MOST], len(_WORD.findall(words)), words.casefold())


def _plain(text: str) -> str:
    """Every script's digits and wide letters as ASCII, spelled-out dots as dots, without invisible characters."""
    cut = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].replace("。", ".")
    kept = "".join(_character(c) for c in cut)
    spaced = " ".join(_BORDER.sub(" ", kept).split())
    dotted = _LOOSE_DOT.sub(".", _SPOKEN_DOT.sub(".", _BRACKETED_DOT.sub(".", spaced)))
    joined = _SPACED.sub(lambda m: f"{m[1].replace(' ', '.')}.{m[2]}.tr", dotted)
    return _SCHEME.sub(r"http\1://", joined)


def _character(character: str) -> str:
    if character.isascii():
        return character if character >= " " else " "
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Cf", "Cc", "Cs", "Co", "Cn"} and character not in _ZERO_WIDTH_KEPT:
        return " " if category == "Cc" else ""
    return character


def _may_hold_one(token: str) -> bool:
    return "@" in token or "." in token.strip(".…,;:!?()")


def _first(token: str) -> tuple[Mention | None, str]:
    """The first address or handle in a token, and what stands behind it.

    Where anything stands around an address that could change its meaning, all of the token is one thing without a host.
    """
    cut = token[:_LONGEST_TOKEN]
    links = _LINKS.match(cut)
    if not links:
        handle = _HANDLE.search(cut)
        if handle is None:
            return None, token
        name = handle[0].rstrip(".")
        return Mention(Channel.HANDLE, name, name.lower()), ""
    link = links[0]
    before, after = cut[: link.index], cut[link.last_index :]
    certain = len(cut) == len(token) and _OPENING.fullmatch(before) and _CLOSING.fullmatch(after)
    host = _host(link.schema, link.text) if certain else ""
    if not host:
        return Mention(Channel.ADDRESS, cut.rstrip(".,;:!?"), ""), ""
    if not link.schema and _is_prose(link.text, host):
        return None, token
    return Mention(Channel.ADDRESS, link.text, host), after.lstrip(_ENDS)


def _host(schema: str, written: str) -> str:
    """The host that a browser or a mail program goes to, or nothing where programs disagree (userinfo, backslash)."""
    if schema == "mailto:":
        mailbox = _MAILBOX.fullmatch(written.removeprefix("mailto:"))
        return mailbox[1].lower().rstrip(".") if mailbox else ""
    if schema not in {"", "http:", "https:", "//"}:
        return ""
    authority = re.split(r"[/?#]", re.sub(r"^(?:https?:)?//", "", written, flags=re.IGNORECASE), maxsplit=1)[0]
    named = _AUTHORITY.fullmatch(authority)
    return named[1].lower().rstrip(".") if named else ""


def _is_prose(written: str, host: str) -> bool:
    """Whether this is rather the end of a sentence and the beginning of the next than an address."""
    if len(written.rstrip("/.")) > len(host) or host.startswith("www."):
        return False
    labels = host.split(".")
    ending = labels[-1]
    if _ALSO_WORDS.fullmatch(ending):
        return True
    if len(labels) > 2:
        return False
    usual = _USUAL_ENDINGS.fullmatch(ending) or len(ending) == 2 or not ending.isascii()
    return not usual or len(labels[0]) < 2 or labels[0].isdecimal()


def _phones(text: str) -> Iterator[Mention]:
    if not any(c.isdigit() for c in text):
        return
    matcher = phonenumbers.PhoneNumberMatcher(
        text, REGION, leniency=phonenumbers.Leniency.VALID, max_tries=_NUMBERS_TRIED
    )
    rest = text
    for match in islice(matcher, MOST):
        if _is_identity(match.raw_string):
            continue
        rest = rest.replace(match.raw_string, " ", 1)
        yield Mention(
            Channel.PHONE,
            match.raw_string,
            phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164),
        )
    for short in islice(_SHORT.finditer(rest), MOST):
        yield Mention(Channel.SHORT, short[0], short[0])


def _is_identity(written: str) -> bool:
    """Eleven digits that begin with another one than zero: a number of the population register."""
    digits = "".join(c for c in written if c.isdigit())
    return len(digits) == 11 and digits[0] != "0" and not written.startswith("+")
