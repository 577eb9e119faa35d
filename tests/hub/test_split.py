"""A cut utterance loses no word, keeps their order, and fits."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.hub.split import split
from bot.i18n.bidi import ISOLATES, is_balanced, isolate
from bot.model import Block, BlockKind, Button, Purpose, Utterance

WORDS = st.text(alphabet="abcابپ0123456789.!؟,-\u200c🙂", min_size=1, max_size=30)
TEXTS = st.lists(WORDS, max_size=60).map(" ".join)
BLOCKS = st.builds(Block, st.sampled_from(list(BlockKind)), TEXTS, st.lists(TEXTS.filter(bool), max_size=5).map(tuple))
BUTTON = Button("More", key="menu")


def utterance(*blocks: Block, purpose: Purpose = Purpose.ANSWER) -> Utterance:
    return Utterance("en", "ltr", blocks, (BUTTON,), purpose, ("topic:x",))


def words(parts: list[Utterance]) -> list[str]:
    return [word for part in parts for b in part.blocks for text in (b.text, *b.items) for word in text.split()]


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=6), st.integers(40, 400))
def test_no_word_is_lost_and_every_part_fits(blocks: list[Block], longest: int) -> None:
    whole = utterance(*blocks)
    parts = split(whole, longest)
    assert words(parts) == words([whole])
    assert all(len(part.plain_text()) <= longest for part in parts)
    assert all(part.blocks for part in parts)
    assert [part.buttons for part in parts] == [()] * (len(parts) - 1) + [(BUTTON,)]
    assert {(part.language, part.direction, part.purpose, part.keys) for part in parts} == {
        (whole.language, whole.direction, whole.purpose, whole.keys)
    }


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="xyz", min_size=41, max_size=300))
def test_a_word_that_is_longer_than_a_bubble_is_cut_anywhere(word: str) -> None:
    parts = split(utterance(Block(BlockKind.PARAGRAPH, word)), 40)
    assert "".join(words(parts)) == word
    assert all(len(part.plain_text()) <= 40 for part in parts)


def test_what_fits_stays_as_it_is() -> None:
    whole = utterance(Block(BlockKind.STEPS, "Do\nthis", ("one", "two")))
    assert split(whole, len(whole.plain_text())) == [whole]


def test_it_is_cut_between_sentences_rather_than_words() -> None:
    text = "One two three four. Five six seven. Eight nine."
    parts = split(utterance(Block(BlockKind.PARAGRAPH, text)), 40)
    assert [part.plain_text() for part in parts] == ["One two three four. Five six seven.", "Eight nine."]


@pytest.mark.parametrize("longest", range(30, 120, 7))
def test_a_phone_number_in_arabic_text_is_never_cut(longest: int) -> None:
    text = isolate("اتصل على الرقم 444 48 68 أو على 0312 157 11 22 في كل وقت. " * 12, "rtl")
    parts = split(Utterance("ar", "rtl", (Block(BlockKind.PARAGRAPH, text),)), longest)
    assert len(parts) > 1
    for part in parts:
        assert is_balanced(part.plain_text())
        assert len(part.plain_text()) <= longest
    shown = " ".join(part.plain_text() for part in parts)
    assert len(re.findall("\u2066444 48 68\u2069", shown)) == 12
    assert len(re.findall("\u20660312 157 11 22\u2069", shown)) == 12


def test_isolates_do_not_hide_a_text_that_has_no_other_border() -> None:
    text = f"\u2066{'a b ' * 40}\u2069"
    parts = split(utterance(Block(BlockKind.PARAGRAPH, text)), 50)
    assert [w for w in ("".join(c for c in p if c not in ISOLATES) for p in words(parts)) if w] == ["a", "b"] * 40
