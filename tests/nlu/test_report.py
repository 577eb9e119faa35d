"""The page of the evaluation: everything on it is there, nothing on it is alive, and texts stay texts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from bot.rasa.questions import Question
from bot.rasa.report import Measurement, page
from bot.rasa.scores import Heard

MEASURED = Measurement("reports/questions.jsonl", "0123456789abcdef", datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
# Those that HTML never closes.
VOID = {"meta", "input"}


@dataclass
class Parts(HTMLParser):
    """What a browser would make of the page, as far as these tests ask."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def parsed(heard: list[Heard]) -> Parts:
    parts = Parts()
    parts.feed(page(heard, MEASURED))
    parts.close()
    assert (parts.unbalanced, parts.open) == ([], [])
    return parts


def heard(text: str, expect: str, intent: str | None, lang: str = "tr", sure: float = 0.6) -> Heard:
    ranking = ((intent, sure), (expect, 0.2)) if intent and intent != expect else ((expect, sure),)
    return Heard(Question(text, lang, (expect,)), lang, intent, sure, ranking, 0.012)


@pytest.fixture
def some() -> list[Heard]:
    return [
        heard("Çalışabilir miyim?", "work-permit", "work-permit"),
        heard("أريد أن أعمل", "work-permit", "education", "ar"),
        heard("أريد شغل", "work-permit", "education", "ar"),
        heard("المدرسة", "education", "nlu_fallback", "ar"),
    ]


def test_every_figure_and_every_sentence_that_was_missed_is_there(some: list[Heard]) -> None:
    words = parsed(some).words
    assert {"4", "25.0 %", "100.0 %", "16.7 %", "100.0"} <= set(words), "headline figures"
    assert words.count("أريد أن أعمل") == 2, "in the worst pairs and in the list"
    assert words.count("أريد شغل") == words.count("المدرسة") == 1
    assert "Çalışabilir miyim?" not in words
    assert "2 missed" in words


def test_every_picture_has_words(some: list[Heard]) -> None:
    pictures = parsed(some).of("svg")
    assert len(pictures) >= 5
    assert [p for p in pictures if p["role"] != "img" or not (p.get("aria-label") or p.get("aria-labelledby"))] == []
    assert "ar: first guess right 0.0 %, among the first three 100.0 %" in [p.get("aria-label") for p in pictures]


def test_a_cell_says_what_was_taken_for_what(some: list[Heard]) -> None:
    assert "work-permit, understood as education: 2 of 3" in parsed(some).words


def test_people_write_in_their_own_direction(some: list[Heard]) -> None:
    quoted = parsed(some).of("q")
    assert len(quoted) == 4
    assert {q["dir"] for q in quoted} == {"auto"}
    assert {q["lang"] for q in quoted} == {"ar"}


def test_nothing_comes_from_elsewhere_and_nothing_runs(some: list[Heard]) -> None:
    parts = parsed(some)
    assert [tag for tag, _ in parts.elements if tag in {"script", "link", "img", "iframe", "object", "base"}] == []
    assert [name for _, attributes in parts.elements for name in attributes if name.startswith("on")] == []
    assert [a for _, attributes in parts.elements for a in attributes if a in {"src", "href", "xlink:href"}] == []
    policy = [m["content"] for m in parts.of("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '"><svg onload=alert(1)>',
        "</q></style><style>*{display:none}",
        "{{ 7*7 }}{% raw %}",
        "a\x00b\x1b[31m",
        "\ud83d",
        "\u202eabc",
    ],
    ids=ascii,
)
def test_what_a_file_holds_stays_text(evil: str) -> None:
    """In every place that a file of questions reaches: the text, the language, the expected name."""
    innocent = {tag for tag, _ in parsed([heard("a", "b", "c", "d")]).elements}
    parts = parsed([heard(evil, evil, "education", evil)])
    assert {tag for tag, _ in parts.elements} == innocent
    assert [name for _, attributes in parts.elements for name in attributes if name.startswith("on")] == []
    page([heard(evil, evil, "education", evil)], MEASURED).encode("utf-8")


def test_a_long_text_is_cut() -> None:
    assert len(page([heard("x" * 100_000, "help", "deny")], MEASURED)) < 60_000


def test_nothing_known_is_still_a_page() -> None:
    parts = parsed([Heard(Question("x", "", ()), None, None, 0.0, (), 0.01)])
    assert "None." in parts.words


def test_the_languages_of_the_missed_can_be_chosen_without_a_script(some: list[Heard]) -> None:
    parts = parsed(some)
    ids = [i["id"] for i in parts.of("input") if "id" in i]
    listed = {item["class"] for item in parts.of("li")}
    assert ids == ["only-0", "only-1"]
    assert listed == {"in-0"}
    assert "body:has(#only-0:checked) .missed li:not(.in-0)" in page(some, MEASURED)
