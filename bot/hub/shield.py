"""The scam shield: a number or an address that a person wrote is compared with the official list, before the answer.

Says what the list says, then the official line and address, and that an appointment costs nothing. What was compared
is shown to the same person only, never as a link, and is written down nowhere else. Who gives their own phone number
with a question is not told about lists.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from bot.content.mentions import Channel, Mention, Mentions, mentions
from bot.content.official import APPOINTMENTS, Comparison, OfficialList, Verdict
from bot.content.reference import Phone, Site
from bot.hub.render import Renderer
from bot.hub.topic_page import INFORMATION_LINE
from bot.i18n.bidi import LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE
from bot.keys import Key
from bot.model import Block, BlockKind, Utterance

FRAUD: Final = "fraud-and-intermediaries"
EMERGENCY: Final = "emergency-and-contacts"
EMERGENCY_LINE: Final = "112"
SHOWN: Final = 3
"""Comparisons in one answer."""
WORDS_BESIDE: Final = 6
"""A message with more words beside a phone number is about something else."""
LONGEST_SHOWN: Final = 80
_NOT_UNDERSTOOD: Final = Key("say", "not-understood-again")
_ABOUT_NUMBERS: Final = frozenset({FRAUD, EMERGENCY, "information-service"})

# "my number is …", in every language of the service
_OWN_NUMBER: Final = re.compile(
    r"\bmy (?:\w+ )?(?:phone|number|mobile|tel|whatsapp)"
    r"|\b(?:cep |telefon )?numaram|\btelefonum|\bbenim (?:numara|telefon)"
    r"|رقمي|هاتفي|رقم هاتفي|جوالي"
    r"|شماره (?:تلفن |تماس |موبایل |تلیفون )?من|شماره[\u200c ]?ام|تلفنم"
    r"|زما (?:د )?\w*(?:شمېر|شمیر|ټلیفون|تلیفون)"
    r"|мо[йя] (?:номер|телефон)"
    r"|\bmon (?:numéro|téléphone|portable)"
    r"|hejmara min|telefona min"
    r"|lambarkayga|taleefankayga|telefoonkayga"
)
# "call", "phone", "number", "official", "real", "fake": what makes three digits a phone number
_OF_NUMBERS: Final = re.compile(
    r"\b(?:alo|ara|aray\w*|arad\w*|aram\w*|arıyor\w*|numara\w*|telefon\w*|hat|hatt\w*|resm[iî]\w*|gerçek|sahte"
    r"|call\w*|phone\w*|number\w*|hotline|line|official\w*|real|fake|scam"
    r"|appel\w*|numéro\w*|téléphon\w*|ligne|officiel\w*"
    r"|hejmar\w*|bang\w*|xet\w*|fermî\w*|lambar\w*|wac\w*|taleefan\w*|telefoon\w*|khad\w*|rasmi\w*"
    r"|номер\w*|телефон\w*|звон\w*|лини\w*|официальн\w*|настоящ\w*)\b"
    r"|رقم|هاتف|اتصل|اتصال|خط|رسمي|رسمی|شماره|تلفن|تماس|زنگ|شمېر|شمیر|تلیفون|ټلیفون|زنګ|کرښ"
)


def shield(words: Renderer, text: str, keys: Collection[Key]) -> list[Utterance]:
    """What to say about the numbers and addresses in `text`, which was understood as `keys`: one utterance or none."""
    found = mentions(text)
    if not found.found or _is_a_call_for_help(found):
        return []
    official = OfficialList(words.library.phones, words.library.sites)
    compared = [official.compare(mention) for mention in found.found if _is_meant(mention, found, keys)]
    # The page that calls for help names the official lines itself.
    if not compared or (in_danger(keys) and all(one.verdict is Verdict.OFFICIAL for one in compared)):
        return []
    blocks = [block for one in compared[:SHOWN] for block in _said(words, one)]
    if len(compared) > SHOWN:
        blocks.append(Block(BlockKind.PARAGRAPH, words.phrase("compared-more")))
    return [words.utterance([*blocks, _card(words)], [*words.topic_buttons([FRAUD]), words.person()])]


def instead_of_doubt(text: str, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The keys, or the topic on fraud where the assistant is unsure of a message that is a number or an address alone;
    the topic on emergencies where it is that number.

    It cannot be sure of such a message: it never sees a phone number.
    """
    if not all(key.name == "topics" or key == _NOT_UNDERSTOOD for key in keys):
        return keys
    found = mentions(text)
    if not found.found or found.words_beside:
        return keys
    return (Key("topic", EMERGENCY if _is_a_call_for_help(found) else FRAUD),)


def in_danger(keys: Collection[Key]) -> bool:
    """Whether the emergency numbers come first, before anything that is said here."""
    return any(key.name == "danger" for key in keys)


def _is_a_call_for_help(found: Mentions) -> bool:
    """Whether nothing but the emergency number was written: that is no question about a list."""
    return not found.words_beside and all(mention.text == EMERGENCY_LINE for mention in found.found)


def _is_meant(mention: Mention, found: Mentions, keys: Collection[Key]) -> bool:
    """Whether the message is about this number or address."""
    if mention.channel in {Channel.ADDRESS, Channel.HANDLE}:
        return True
    if any(key.argument in _ABOUT_NUMBERS for key in keys):
        return True
    if found.words_beside > WORDS_BESIDE or _OWN_NUMBER.search(found.plain):
        return False
    if mention.channel is Channel.PHONE:
        return True
    # Three digits may be days or lira.
    alone = found.words_beside == 0 and not any(character.isdigit() for character in found.plain)
    return alone or _OF_NUMBERS.search(found.plain) is not None


def _said(words: Renderer, compared: Comparison) -> Iterator[Block]:
    yield Block(BlockKind.QUOTE, f"{LEFT_TO_RIGHT_ISOLATE}{_short(compared.mention.text)}{POP_ISOLATE}")
    match compared.verdict:
        case Verdict.OFFICIAL if compared.owner:
            yield Block(BlockKind.PARAGRAPH, words.phrase("compared-official", name=_name(words, compared.owner)))
        case Verdict.LOOK_ALIKE if isinstance(compared.owner, Site):
            yield Block(BlockKind.PARAGRAPH, words.phrase("compared-unlisted"))
            yield Block(BlockKind.PARAGRAPH, words.phrase("compared-look-alike", address=compared.owner.domain))
        case _:
            yield Block(BlockKind.PARAGRAPH, words.phrase("compared-unlisted"))


def _card(words: Renderer) -> Block:
    lines = (
        words.phrase("pay-nobody"),
        words.phrase("official-phone", phone=INFORMATION_LINE),
        words.phrase("official-address", address=APPOINTMENTS),
        words.phrase("official-desk"),
    )
    return Block(BlockKind.CARD, "", lines)


def _name(words: Renderer, owner: Phone | Site) -> str:
    codes = words.library.languages.chain(words.language)
    return next(owner.names[code] for code in codes if code in owner.names)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
