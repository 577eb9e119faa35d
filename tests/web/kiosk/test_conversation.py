"""What a person sends is stored before it is acknowledged, once, and shown as words and nothing else."""

import html
import re
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import select

from bot.bootstrap import Service
from bot.content import Library
from bot.model import Block, BlockKind, Button, Utterance
from bot.storage import tables
from tests.web.kiosk.conftest import Answering, begin, events, take

JSON = {"Accept": "application/json"}

TOPIC = re.compile(r'data-testid="topic">.*?<span class="topics__words">([^<]+)<', re.DOTALL)
"""A topic among the suggestions, and the words on it."""

PAYLOADS = [
    "<script>window.broken = true</script>",
    '<img src=x onerror="window.broken = true">',
    '"><svg onload=window.broken=true>',
    "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7} {0.__class__}",
    "javascript:alert(1) <a href='javascript:window.broken=true'>x</a>",
    "</textarea></p></article><h1>x</h1>",
    "' OR 1=1; DROP TABLE inbox; --",
    "<!-- --><![CDATA[x]]>&lt;b&gt;",
]


async def send(http: httpx2.AsyncClient, **message: object) -> httpx2.Response:
    return await http.post("/chat/messages", json={"client_id": str(uuid4()), **message}, headers=JSON)


async def test_a_message_is_in_the_database_when_it_is_acknowledged(
    http: httpx2.AsyncClient, service: Service, answering: Answering
) -> None:
    await begin(http, "tr")
    response = await send(http, text="  Adresimi nereye bildireceğim?  ")
    assert response.status_code == 202
    assert [(kind, text) for _, kind, text in await answering.heard()] == [("text", "Adresimi nereye bildireceğim?")]
    async with service.engine.connect() as db:
        row = (await db.execute(select(tables.inbox))).one()
    assert (row.channel, row.state, row.language_hint) == ("kiosk", "received", "tr")
    assert http.cookies["rehber"] not in row.channel_message_id
    assert b"Adres" not in row.sealed_payload


async def test_a_message_sent_twice_is_one_message(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    name = str(uuid4())
    for _ in range(3):
        assert (await send(http, client_id=name, text="where is the office?")).status_code == 202
    assert len(await answering.heard()) == 1


async def test_the_same_id_of_another_visit_is_another_message(door: str, answering: Answering) -> None:
    name = str(uuid4())
    for _ in range(2):
        async with httpx2.AsyncClient(base_url=door, headers={"Origin": door}) as client:
            await begin(client)
            assert (await send(client, client_id=name, text="hello")).status_code == 202
    assert len(await answering.heard(2)) == 2


NOT_A_MESSAGE: list[dict[str, object]] = [
    {"text": ""},
    {"text": " \n\t "},
    {"text": "\u202e\u200b"},
    {"text": "x" * 2001},
    {"text": "hello", "token": "abc"},
    {},
    {"text": "hello", "extra": "secret-canary"},
    {"token": "x" * 65},
    {"token": "a b"},
    {"client_id": "no-uuid", "text": "secret-canary"},
    {"text": ["secret-canary"]},
]


async def test_what_is_not_a_message_is_refused_and_not_repeated(http: httpx2.AsyncClient, service: Service) -> None:
    await begin(http)
    for message in NOT_A_MESSAGE:
        response = await send(http, **message)
        assert response.status_code == 422, message
        assert "secret-canary" not in response.text
    async with service.engine.connect() as db:
        assert (await db.execute(select(tables.inbox.c.id))).all() == []


async def test_broken_characters_do_no_harm(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    assert (await send(http, text="a\x00b\u202e\r\nc\x1b[2J")).status_code == 202
    half = f'{{"client_id": "{uuid4()}", "text": "a\\ud800"}}'
    refused = await http.post("/chat/messages", content=half, headers={**JSON, "Content-Type": "application/json"})
    assert refused.status_code == 422
    assert [text for _, _, text in await answering.heard()] == ["ab\nc[2J"]


async def test_without_a_visit_nothing_is_taken(http: httpx2.AsyncClient) -> None:
    assert (await send(http, text="hello")).status_code == 401
    async with events(http) as stream:
        assert [name for name, _, _ in await take(stream, 1)] == ["gone"]
    page = await http.get("/chat")
    assert (page.status_code, page.headers["location"]) == (303, "/")


async def test_a_made_up_cookie_opens_nothing(http: httpx2.AsyncClient, service: Service) -> None:
    http.cookies.set("rehber", "A" * 43)
    assert (await send(http, text="hello")).status_code == 401
    async with service.engine.connect() as db:
        assert (await db.execute(select(tables.conversations.c.id))).all() == []


async def test_markup_in_a_message_is_shown_as_words(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    plain = _tags((await http.get("/chat")).text)
    for payload in PAYLOADS:
        await send(http, text=payload)
        await answering.say(
            Utterance("en", "ltr", (Block(BlockKind.PERSON, payload), Block(BlockKind.STEPS, payload, (payload,)))),
        )
    page = (await http.get("/chat")).text
    assert _tags(page) - plain <= {"article", "p", "span", "div", "ul", "li", "h3"}
    assert page.count("{{ 7 * 7 }}") == 4
    for payload in PAYLOADS:
        assert payload not in page or not re.search(r"[<>&\"']", payload), payload


def _tags(page: str) -> set[str]:
    return set(re.findall(r"<([a-zA-Z0-9]+)", page))


async def test_without_script_the_conversation_works(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http, "fa")
    page = (await http.get("/chat")).text
    form = re.search(r'<form class="composer".*?name="client_id" value="([^"]+)"', page, re.DOTALL)
    assert form
    response = await http.post("/chat", data={"client_id": form[1], "text": "آدرس خود را کجا ثبت کنم؟"})
    assert (response.status_code, response.headers["location"]) == (303, "/chat")
    await answering.topic("fa", "address-registration")
    page = (await http.get("/chat")).text
    own, said = page.index('data-testid="message-own"'), page.index('data-testid="message-said"')
    assert own < said
    assert "آدرس خود را کجا ثبت کنم؟" in page
    assert "157" in page[said:]


async def test_a_form_that_is_too_long_says_so(http: httpx2.AsyncClient) -> None:
    await begin(http)
    response = await http.post("/chat", data={"client_id": str(uuid4()), "text": "x" * 2001})
    assert response.status_code == 413
    assert "too long" in response.text


async def test_the_topics_asked_most_are_offered_in_the_language_and_all_others_by_pictures(
    http: httpx2.AsyncClient, service: Service
) -> None:
    for language in service.registry.offered():
        await begin(http, language.code)
        page = (await http.get("/chat")).text
        labels = [html.unescape(label) for label in TOPIC.findall(page)]
        assert labels == _titles(service.library, language.code)
        assert 'href="/topics" data-testid="all-topics"' in page


def _titles(library: Library, language: str) -> list[str]:
    marks = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
    titles = [library.topic(slug).text(language).title for slug in library.arrangement.first]
    assert all(title.translate(marks) == title for title in titles)
    return titles


async def test_a_pressed_button_is_shown_as_the_words_on_it(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http)
    page = (await http.get("/chat")).text
    button = re.search(r'name="token" value="([^"]+)" data-testid="topic">', page)
    label = TOPIC.search(page)
    assert button
    assert label
    assert (await send(http, token=button[1])).status_code == 202
    (_, kind, text) = (await answering.heard())[0]
    assert (kind, text) == ("choice", button[1])
    page = (await http.get("/chat")).text
    own = re.search(r'data-testid="message-own">.*?<p [^>]*>([^<]*)</p>', page, re.DOTALL)
    assert own
    assert own[1] == label[1]


async def test_a_link_leads_to_this_door_only(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    links = ["/check?about=status", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
    buttons = tuple(Button(f"link {number}", link=link) for number, link in enumerate(links))
    await answering.say(Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "x"),), buttons))
    page = (await http.get("/chat")).text
    assert re.findall(r'data-testid="choice" href="([^"]*)"', page) == ["/check?about=status"]
    assert "evil" not in page
    assert "javascript" not in page


async def test_shown_is_marked_as_shown(http: httpx2.AsyncClient, answering: Answering, service: Service) -> None:
    await begin(http)
    await answering.words("one", "two")
    await http.get("/chat")
    async with service.engine.connect() as db:
        states = (await db.execute(select(tables.outbox.c.state))).scalars().all()
    assert states == ["sent", "sent"]


async def test_answers_stand_below_their_questions(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    for number in range(3):
        await send(http, text=f"question {number}")
        inbox_id = (await answering.heard(number + 1))[-1][0]
        said = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, f"answer {number}"),))
        await answering.say(said, inbox_id=inbox_id)
    page = (await http.get("/chat")).text
    assert re.findall(r"<p[^>]*>((?:question|answer) \d)</p>", page) == [
        f"{what} {number}" for number in range(3) for what in ("question", "answer")
    ]


async def test_ids_are_not_guessable_addresses(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    conversation = await answering.conversation()
    assert isinstance(conversation, UUID)
    page = (await http.get("/chat")).text
    assert str(conversation) not in page
    assert http.cookies["rehber"] not in page
