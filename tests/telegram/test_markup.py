"""What people see: nothing of it is markup by accident, nothing of it is lost, nothing is too long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.markup import LONGEST, bubbles, units
from bot.model import Block, BlockKind, Button, Purpose, Utterance
from tests.emulator.richtext import parse_html


def said(*blocks: Block, purpose: Purpose = Purpose.ANSWER, buttons: tuple[Button, ...] = ()) -> Utterance:
    return Utterance("fa", "rtl", blocks, buttons, purpose)


def shown(utterance: Utterance) -> tuple[str, set[tuple[str, str]]]:
    """The text of the only bubble as Telegram shows it, and which parts of it are marked how."""
    (bubble,) = bubbles(utterance)
    text, entities = parse_html(bubble.html)
    assert text == bubble.plain
    wide = text.encode("utf-16-le")
    return text, {
        (entity["type"], wide[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"))
        for entity in entities
    }


def test_each_kind_of_block_has_its_own_look() -> None:
    text, marks = shown(
        said(
            Block(BlockKind.CARD, "Danger", ("Call 112",)),
            Block(BlockKind.HEADING, "Work permit"),
            Block(BlockKind.PARAGRAPH, "You can apply."),
            Block(BlockKind.STEPS, "Bring", ("card", "photo")),
            Block(BlockKind.NOTE, "Law 6458"),
            Block(BlockKind.PERSON, "Hello"),
        )
    )
    assert text == (
        "Danger\n• Call 112\n\nWork permit\n\nYou can apply.\n\nBring\n• card\n• photo\n\nLaw 6458\n\nHello"
    )
    assert marks == {
        ("blockquote", "Danger\n• Call 112"),
        ("bold", "Danger"),
        ("bold", "Work permit"),
        ("bold", "Bring"),
        ("italic", "Law 6458"),
    }


@pytest.mark.parametrize(
    "words", ["<b>bold</b>", "a & b < c", "</blockquote>", "&lt;", '<a href="tg://user?id=1">x</a>']
)
@pytest.mark.parametrize("kind", list(BlockKind))
def test_words_are_never_markup(kind: BlockKind, words: str) -> None:
    text, marks = shown(said(Block(kind, words, (words,))))
    assert text == f"{words}\n• {words}"
    assert {name for name, _ in marks} <= {"bold", "italic", "blockquote", "code"}


def test_what_was_quoted_is_no_link() -> None:
    _, marks = shown(
        said(Block(BlockKind.QUOTE, "https://goc-gov.tr/x @goc_yardim"), Block(BlockKind.PARAGRAPH, "No."))
    )
    assert marks == {("code", "https://goc-gov.tr/x @goc_yardim")}


def test_a_private_result_is_hidden_until_it_is_tapped() -> None:
    _, marks = shown(said(Block(BlockKind.PARAGRAPH, "One"), Block(BlockKind.HEADING, "Two"), purpose=Purpose.PRIVATE))
    assert {("spoiler", "One"), ("spoiler", "Two")} <= marks


BLOCKS = st.lists(
    st.builds(
        Block,
        st.sampled_from(BlockKind),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(["<x>" * 2000, "س " * 4000]),
        st.lists(st.sampled_from(["a", "& ", "👩‍👩‍👧" * 900, "long sentence. " * 400, "x" * 9000]), max_size=3).map(
            tuple
        ),
    ),
    max_size=6,
).map(tuple)


@given(BLOCKS, st.sampled_from([Purpose.ANSWER, Purpose.PRIVATE]))
def test_no_word_is_lost_and_no_message_is_too_long(blocks: tuple[Block, ...], purpose: Purpose) -> None:
    utterance = said(*blocks, purpose=purpose)
    parts = bubbles(utterance)
    texts = [parse_html(part.html)[0] for part in parts]
    assert all(0 < units(text) <= LONGEST for text in texts)
    assert [part.plain for part in parts] == texts
    assert re.sub(r"\s", "", "".join(texts)) == re.sub(r"\s", "", utterance.plain_text())


def test_a_long_text_is_cut_between_sentences() -> None:
    sentence = "You can apply at the office of your province. "
    parts = bubbles(said(Block(BlockKind.PARAGRAPH, sentence * 150)))
    assert len(parts) == 2
    assert all(part.plain.strip().endswith("province.") for part in parts)


def test_a_character_of_several_parts_is_never_cut() -> None:
    family = "👩‍👩‍👧‍👦"
    for lead in range(12):
        parts = bubbles(said(Block(BlockKind.PARAGRAPH, "x" * lead + family * 800)))
        assert all(part.plain.removeprefix("x" * lead).replace(family, "") == "" for part in parts)


def test_short_choices_share_a_row_and_long_ones_do_not() -> None:
    # The last but one is 16 characters between marks that nobody sees.
    labels = ["Yes", "No", "Show me what I have to bring", "Stop", "\u2068çççççççççççççççç\u2069", "العربية"]
    rows = keyboard(said(buttons=tuple(Button(label, token=label) for label in labels)))
    assert rows is not None
    assert [[button.text for button in row] for row in rows.inline_keyboard] == [
        ["Yes", "No"],
        ["Show me what I have to bring"],
        ["Stop", "\u2068çççççççççççççççç\u2069"],
        ["العربية"],
    ]


def test_only_pages_that_a_phone_can_reach_are_linked() -> None:
    buttons = (
        Button("Here", link="https://rehber.example.gov.tr/check"),
        Button("There", link="http://127.0.0.1:8000/check"),
        Button("Script", link="javascript:alert(1)"),
    )
    rows = keyboard(said(buttons=buttons))
    assert rows is not None
    assert [[button.url for button in row] for row in rows.inline_keyboard] == [["https://rehber.example.gov.tr/check"]]
    assert keyboard(said(buttons=buttons[1:])) is None
    assert keyboard(said()) is None
