"""What people write, compared with the official list: in ten languages, with every trick we know."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.library import load_library
from bot.content.mentions import LONGEST, MOST, Channel, mentions
from bot.content.official import OfficialList, Verdict

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load_library(ROOT / "content")
LIST = OfficialList(LIBRARY.phones, LIBRARY.sites)


def seen(text: str) -> list[tuple[str, str]]:
    """What was found, and the verdict."""
    return [(c.mention.text, c.verdict.value) for c in map(LIST.compare, mentions(text).found)]


OFFICIAL = {
    "Is randevu.goc.gov.tr the right page?": "randevu.goc.gov.tr",
    "https://e-ikamet.goc.gov.tr/Ikamet/Home": "https://e-ikamet.goc.gov.tr/Ikamet/Home",
    "WWW.GOC.GOV.TR": "WWW.GOC.GOV.TR",
    "goc.gov.tr'den randevu aldım": "goc.gov.tr",
    "goc gov tr doğru mu": "goc.gov.tr",
    "randevu goc gov tr": "randevu.goc.gov.tr",
    "goc nokta gov nokta tr": "goc.gov.tr",
    "goc dot gov dot tr?": "goc.gov.tr",
    "goc [.] gov [.] tr": "goc.gov.tr",
    "goc . gov . tr": "goc.gov.tr",
    "ｇｏｃ．ｇｏｖ．ｔｒ": "goc.gov.tr",
    "goc。gov。tr": "goc.gov.tr",
    "سایت goc.gov.tr درست است؟": "goc.gov.tr",
    "سایتgoc.gov.trاست": "goc.gov.tr",
    "هل الموقع (goc.gov.tr) رسمي؟": "goc.gov.tr",
    "«goc.gov.tr» официальный?": "goc.gov.tr",
    "ar.goc.gov.tr:443/": "ar.goc.gov.tr:443/",
    "https:goc.gov.tr": "https://goc.gov.tr",
    "help.unhcr.org/turkiye": "help.unhcr.org/turkiye",
    "Ma www.turkiye.gov.tr baa?": "www.turkiye.gov.tr",
    "ایا evisa.gov.tr سمه ده؟": "evisa.gov.tr",
    "E-İKAMET.GOC.GOV.TR": "E-İKAMET.GOC.GOV.TR",
    "e-mail: bilgi@goc.gov.tr": "bilgi@goc.gov.tr",
    "157": "157",
    "Alo 157 resmî mi?": "157",
    "۱۵۷ شماره رسمی است؟": "157",
    "هل رقم ١٥٧ رسمي": "157",
    "444 48 68": "444 48 68",
    "4444868 hejmara fermî ye?": "4444868",
    "+90 312 157 11 22": "+90 312 157 11 22",
    "0090 312 157 11 22 настоящий номер?": "0090 312 157 11 22",
    "(0312) 157 11 22": "(0312) 157 11 22",
}

UNLISTED = {
    "0850 123 45 67 aradı": "0850 123 45 67",
    "call ０８５０-１２３-４５-６７": "0850-123-45-67",
    "رقم ٠٨٥٠ ١٢٣ ٤٥ ٦٧": "0850 123 45 67",
    "شماره ۰۸۵۰۱۲۳۴۵۶۷": "08501234567",
    "زنګ راته وشو له 0 (850) 123 45 67": "0 (850) 123 45 67",
    "+98 912 000 0000 кто это?": "+98 912 000 0000",
    "196 réel ?": "196",
    "444 0 999 wac": "444 0 999",
    "wa.me/905320000000": "wa.me/905320000000",
    "t.me/randevu_al": "t.me/randevu_al",
    "https://bit.ly/3abc": "https://bit.ly/3abc",
    "yaz @hizli_randevu": "@hizli_randevu",
    "vize-danismanlik.com.tr": "vize-danismanlik.com.tr",
    "randevual.online diyorlar": "randevual.online",
    "hxxps://hizlirandevu.xyz": "https://hizlirandevu.xyz",
    "avukat@ornek.com para istiyor": "avukat@ornek.com",
    "evil.com?u=goc.gov.tr": "evil.com?u=goc.gov.tr",
    "http://192.0.2.7/goc": "http://192.0.2.7/goc",
    "сайт визы.рф": "визы.рф",
    "www.facebook.com/gocidaresi": "www.facebook.com/gocidaresi",
}

LOOK_ALIKE = {
    "goc.gov.tr.example.com": "goc.gov.tr.example.com",
    "goc-gov.tr": "goc-gov.tr",
    "gocgov.tr": "gocgov.tr",
    "göç.gov.tr": "göç.gov.tr",
    "xn--g-6fa8b.gov.tr": "xn--g-6fa8b.gov.tr",
    "gоc.gov.tr (Cyrillic o)": "gоc.gov.tr",
    "randevu.gοc.gov.tr (Greek o)": "randevu.gοc.gov.tr",
    "g0c.gov.tr": "g0c.gov.tr",
    "goc.gow.tr": "goc.gow.tr",
    "goc.com.tr": "goc.com.tr",
    "user@goc.gov.tr@evil": "user@goc.gov.tr@evil",
    "goc.gov.tr@evil.example": "goc.gov.tr@evil.example",
    "https://goc.gov.tr@evil.example/x": "https://goc.gov.tr@evil.example/x",
    "https://goc.gov.tr\\@evil.example": "https://goc.gov.tr\\@evil.example",
    "http://goc.gov.tr%2eevil.com": "http://goc.gov.tr%2eevil.com",
    "https://goc.gov.tr,x@evil.com/": "https://goc.gov.tr,x@evil.com/",
    "go\u200cc.gov.tr": "go\u200cc.gov.tr",
    "ulusalgocrandevu.com": "ulusalgocrandevu.com",
    "unhcr-yardim.org": "unhcr-yardim.org",
    "https://evisa-gov.com.tr": "https://evisa-gov.com.tr",
    "@goc_gov_tr": "@goc_gov_tr",
}

NOTHING = [
    "99000000001 numaram",
    "my number is 98000000001",
    "T.C. 10000000000",
    "٩٩٠٠٠٠٠٠٠٠١",
    "passport U12345678",
    "Law 6458, article 91",
    "23.11.2026 saat 10.30",
    "2026-11-23 10:30",
    "1.500 TL mi 2.350,50 TL mi",
    "TR33 0006 1005 1978 6457 8413 26",
    "Randevuma gittim.ne yapmalıyım",
    "Hello.Me too",
    "3.5 yaşında, 12.5 kilo",
    "U.S.A. or E.U.?",
    "pasaport.pdf",
    "я ждал 180 дней",  # three digits are found, and the shield asks what they are: see tests/hub
    "ne yapmalıyım...sonra",
    "@ work",
    "a@",
    "...",
    "kimlik no: 99-000-000-001",
]


@pytest.mark.parametrize("text", OFFICIAL)
def test_the_official_is_known(text: str) -> None:
    assert (OFFICIAL[text], "official") in seen(text)
    assert {verdict for _, verdict in seen(text)} == {"official"}


@pytest.mark.parametrize("text", UNLISTED)
def test_everything_else_is_not_on_the_list(text: str) -> None:
    assert seen(text) == [(UNLISTED[text], "unlisted")]


@pytest.mark.parametrize("text", LOOK_ALIKE)
def test_what_looks_official_is_named_as_that(text: str) -> None:
    assert seen(text) == [(LOOK_ALIKE[text], "look-alike")]


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_of_people_papers_days_and_money_are_not_compared(text: str) -> None:
    assert [m for m in mentions(text).found if m.channel is not Channel.SHORT] == []


def test_the_nearest_owner_is_named() -> None:
    owners = [LIST.compare(m).owner for m in mentions("randevu.goc.gov.tr en.goc.gov.tr 112").found]
    assert [getattr(o, "domain", None) or getattr(o, "number", None) for o in owners] == [
        "randevu.goc.gov.tr",
        "goc.gov.tr",
        "112",
    ]


def test_two_in_one_breath_are_two() -> None:
    assert seen("goc.gov.tr,gocrandevu.xyz") == [("goc.gov.tr", "official"), ("gocrandevu.xyz", "look-alike")]


def test_no_text_and_no_question_of_ours_is_taken_for_an_unknown_address() -> None:
    strings = [
        string for topic in LIBRARY.topics.values() for text in topic.texts.values() for string in text.strings()
    ]
    taught = [
        line.strip()[2:]
        for path in sorted((ROOT / "nlu_data" / "nlu").glob("*/*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("- ")
    ]
    assert min(len(strings), len(taught)) > 5000
    strangers = [
        (text, mention.text)
        for text in (*strings, *taught)
        for mention in mentions(text).found
        if mention.channel is not Channel.SHORT and LIST.compare(mention).verdict is not Verdict.OFFICIAL
    ]
    assert strangers == []


LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12) | st.sampled_from(
    ["goc", "gov", "tr", "randevu", "www", "goc-gov", "xn--g-6fa8b", "gоc", "göç", "com", "unhcr", "org"]
)
AROUND = st.sampled_from(
    [
        "",
        "https://",
        "http://",
        "//",
        "goc.gov.tr@",
        "goc.gov.tr/",
        "https://goc.gov.tr@",
        "https://goc.gov.tr\\",
        "(",
        "x=",
    ]
)
BEHIND = st.sampled_from(
    [
        "",
        "/",
        "/goc.gov.tr",
        "?goc.gov.tr",
        "#goc.gov.tr",
        ":80",
        ".",
        "@goc.gov.tr",
        "%40",
        "'da",
        "\\",
        ",goc",
        "\u200b",
    ]
)


@settings(max_examples=1500, deadline=None)
@given(AROUND, st.lists(LABEL, min_size=1, max_size=5), BEHIND)
def test_nothing_is_called_official_whose_domain_is_another(before: str, labels: list[str], after: str) -> None:
    host = ".".join(labels)
    written = before + host + after
    for mention in mentions(written).found:
        compared = LIST.compare(mention)
        if compared.verdict is not Verdict.OFFICIAL or mention.channel is not Channel.ADDRESS:
            continue
        # Said by what is shown to the person, not by what the finder made of it.
        shown = mention.text.lower()
        authority = shown.partition("//")[2] or shown
        for end in "/?#":
            authority = authority.partition(end)[0]
        name = authority.rpartition("@")[2].partition(":")[0].rstrip(".")
        assert any(name == domain or name.endswith(f".{domain}") for domain in LIBRARY.sites), written
        assert "\\" not in authority, written


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=3000))
def test_any_text_is_read(text: str) -> None:
    assert len(mentions(text).found) <= MOST


HOSTILE = [
    "http://a.b.com/" * 300,
    "a.com " * 700,
    "a.b@c.d " * 500,
    "@" * 4000,
    "a@" * 2000,
    "a." * 2000,
    "1" * 4000,
    "1 " * 2000,
    "1-" * 2000,
    "0850 123 45 67 " * 270,
    "+90850 " * 570,
    "goc.gov.tr" * 400,
    "goc.gov.tr," * 400,
    "goc dot " * 500,
    "x gov tr " * 450,
    "[.]" * 1300,
    "(" * 4000,
    "-" * 4000,
    "/" * 4000,
    "e\u0301\u0302\u0303" * 1000,
    "\ufdfa" * 4000,
    "ب1" * 2000,
    "TR00 0000 " * 400,
    "xn--" * 1000 + ".gov.tr",
    "https://" + "a" * 3900 + ".goc.gov.tr",
    "https:" * 660,
    "\u202e\u2066" * 2000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_hostile_text_costs_less_than_five_milliseconds(text: str) -> None:
    text = text[:4000]
    fastest = 1.0
    for _ in range(5):
        began = time.perf_counter()
        compared = [LIST.compare(mention) for mention in mentions(text).found]
        fastest = min(fastest, time.perf_counter() - began)
    assert len(compared) <= MOST
    assert fastest < 0.005


def test_the_end_of_a_very_long_text_is_not_looked_at() -> None:
    assert seen("x " * (LONGEST // 2) + "goc.gov.tr") == []
