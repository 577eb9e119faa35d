"""The translation guard on single sentences: what must be kept, and what may rightly differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.registry import load_registry
from bot.translation.guard import Doubt, DoubtKind, compare
from bot.translation.guard_words import guard_words
from tests.data.conftest import PROJECT

AGREE = [
    # numbers
    ("3 gün içinde gelin.", "tr", "Come within three days.", "en"),
    ("Come within three days.", "en", "Üç gün içinde gelin.", "tr"),
    ("خلال ٣ أيام", "ar", "Üç gün içinde.", "tr"),
    ("۱۲ روز", "fa", "12 gün", "tr"),
    ("Süre 2 aydır.", "tr", "المدة شهران.", "ar"),
    ("1.500 lira", "tr", "1,500 lira", "en"),
    ("1.500 lira", "tr", "١٬٥٠٠ ليرة", "ar"),
    ("1.500,50 lira", "tr", "1 500,5 лиры", "ru"),
    ("1.234.567", "tr", "1,234,567", "en"),
    ("12,5 lira", "tr", "12.5 liras", "en"),
    ("157'yi arayın.", "tr", "Appelez le 157.", "fr"),
    ("11 gün", "tr", "on bir gün", "tr"),
    # times
    ("Saat 14.30'da gelin.", "tr", "Come at 2:30 p.m.", "en"),
    ("Saat 15.00'te gelin.", "tr", "Come at 3 pm.", "en"),
    ("Saat 14:30", "tr", "à 14h30", "fr"),
    # dates
    ("15.03.2026 tarihinde gelin.", "tr", "Come on March 15, 2026.", "en"),
    ("15 Mart 2026'da gelin.", "tr", "Приходите 15 марта 2026 года.", "ru"),
    ("15/03/2026", "tr", "2026-03-15", "en"),
    ("15 Mart 2026", "tr", "15 آذار/مارس 2026", "ar"),
    ("15 Mart 2026", "tr", "١٥ مارس ٢٠٢٦", "ar"),
    ("10.11.2026", "tr", "10 نوامبر 2026 (19 آبان 1405)", "fa"),
    ("19/8/1405", "fa", "10 Kasım 2026", "tr"),
    ("۱۹ عقرب ۱۴۰۵", "prs", "10.11.2026", "tr"),
    ("1er mars 2026", "fr", "1 Mart 2026", "tr"),
    ("15.03'te gelin.", "tr", "Come on 15 March.", "en"),
    # phone numbers and what is kept
    ("0312 157 11 22", "tr", "(0312) 157-11-22", "en"),
    ("+90 532 000 00 00", "tr", "+905320000000", "en"),
    ("Write to a.b@goc.gov.tr.", "en", "a.b@goc.gov.tr adresine yazın.", "tr"),
    ("اسمي Ahmet Yılmaz", "ar", "Benim adım Ahmet Yilmaz", "tr"),
    ("AB vatandaşı", "tr", "an EU citizen", "en"),
    # negation
    ("Gelmeyin.", "tr", "Do not come.", "en"),
    ("Gelmeden önce arayın.", "tr", "Call before you come.", "en"),
    ("Pasaportsuz gelmeyin.", "tr", "Don't come without a passport.", "en"),
    ("Açık olup olmadığını sorun.", "tr", "Ask if it is open.", "en"),
    ("En geç cuma günü gelin.", "tr", "Приходите не позднее пятницы.", "ru"),
    ("Hâlâ bekliyoruz.", "tr", "لا نزال ننتظر.", "ar"),
    # person
    ("Geleceğim.", "tr", "I will come.", "en"),
    ("Sizi arayacağız.", "tr", "We will call you.", "en"),
]

DIFFER = [
    ("3 gün içinde", "tr", "within four days", "en", DoubtKind.NUMBER, "3", ""),
    ("Süre 30 gündür.", "tr", "The time is 20 days.", "en", DoubtKind.NUMBER, "30", "20"),
    ("1.500 lira", "tr", "1.5 liras", "en", DoubtKind.NUMBER, "1.500", "1.5"),
    ("Saat 14.30", "tr", "at 4:30 p.m.", "en", DoubtKind.NUMBER, "14.30", "4:30 p.m."),
    ("۱۵ روز", "fa", "gün", "tr", DoubtKind.NUMBER, "15", ""),
    ("04.03.2026", "tr", "April 3, 2026", "en", DoubtKind.DATE, "04.03.2026", "April 3, 2026"),
    ("10 Kasım 2026", "tr", "10 декабря 2026", "ru", DoubtKind.DATE, "10 Kasım 2026", "10 декабря 2026"),
    ("0312 157 11 22", "tr", "0312 157 11 23", "en", DoubtKind.PHONE, "0312 157 11 22", "0312 157 11 23"),
    ("+93 70 123 4567", "prs", "arayın", "tr", DoubtKind.PHONE, "+93 70 123 4567", ""),
    ("a.b@goc.gov.tr", "tr", "a.b@goc.gov.com", "en", DoubtKind.NAME, "a.b@goc.gov.tr", ""),
    ("@rehber_bot ile yazın", "tr", "write to the guide", "en", DoubtKind.NAME, "@rehber_bot", ""),
    ("Kodunuz G-87.", "tr", "Your code is 87.", "en", DoubtKind.NAME, "G-87", ""),
    ("اسمي Ahmet Yılmaz", "ar", "Benim adım Mehmet Yılmaz", "tr", DoubtKind.NAME, "Ahmet Yılmaz", ""),
    ("قانون YUKK", "ar", "Kanun", "tr", DoubtKind.NAME, "YUKK", ""),
    ("Gelmeyin.", "tr", "Come.", "en", DoubtKind.NEGATION, "gelmeyin", ""),
    ("Bu bir hak değildir.", "tr", "هذا حق.", "ar", DoubtKind.NEGATION, "değildir", ""),
    ("لا تدفعوا", "ar", "Ödeyin.", "tr", DoubtKind.NEGATION, "لا", ""),
    ("Gelin.", "tr", "Не приходите.", "ru", DoubtKind.NEGATION, "", "не"),
    ("نمی‌توانم بیایم", "fa", "Gelebilirim.", "tr", DoubtKind.NEGATION, "نمیتوانم", ""),
    ("Je ne peux pas venir.", "fr", "Gelebilirim.", "tr", DoubtKind.NEGATION, "ne, pas", ""),
    ("I killed nobody.", "en", "Birini öldürdüm.", "tr", DoubtKind.NEGATION, "nobody", ""),
    ("I am afraid.", "en", "Biz korkuyoruz.", "tr", DoubtKind.PERSON, "i", "biz, korkuyoruz"),
    ("Вы должны прийти.", "ru", "I must come.", "en", DoubtKind.PERSON, "вы", "i"),
]


@pytest.mark.parametrize(("original", "language", "translation", "other"), AGREE)
def test_what_says_the_same_raises_no_doubt(original: str, language: str, translation: str, other: str) -> None:
    assert compare(original, language, translation, other) == ()
    assert compare(translation, other, original, language) == ()


@pytest.mark.parametrize(("original", "language", "translation", "other", "kind", "ours", "theirs"), DIFFER)
def test_what_differs_is_shown_with_both_sides(
    original: str, language: str, translation: str, other: str, kind: DoubtKind, ours: str, theirs: str
) -> None:
    assert Doubt(kind, ours, theirs) in compare(original, language, translation, other)


def test_a_date_is_not_reported_as_numbers_too() -> None:
    assert compare("15.03.2026", "tr", "16.03.2026", "en") == (Doubt(DoubtKind.DATE, "15.03.2026", "16.03.2026"),)


def test_numbers_that_stand_twice_are_counted() -> None:
    assert compare("20 gün ve 20 lira", "tr", "20 days and liras", "en") == (Doubt(DoubtKind.NUMBER, "20", ""),)


def test_languages_without_machine_translation_are_compared_by_figures_only() -> None:
    assert compare("Gelmeyin.", "tr", "Kaalay.", "so") == ()
    assert compare("20 gün", "tr", "30 maalmood", "so") == (Doubt(DoubtKind.NUMBER, "20", "30"),)
    assert compare("3 gün", "tr", "saddex maalmood", "so") == ()


def test_every_offered_language_has_its_twelve_numbers() -> None:
    for language in load_registry(PROJECT / "content").offered():
        assert set(guard_words(language.code).numbers.phrases.values()) == {str(number) for number in range(1, 13)}


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["tr", "en", "ar", "fa", "ps", "ru", "xx"]))
def test_any_text_can_be_compared(original: str, translation: str, language: str) -> None:
    assert all(doubt.original or doubt.translation for doubt in compare(original, language, translation, "fr"))
    assert compare(original, language, original, language) == ()
