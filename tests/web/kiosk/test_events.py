"""The event stream: everything said after a given id, in order, once each, whatever happens in between."""

import asyncio
from itertools import pairwise

import httpx2
import psycopg
import pytest
from sqlalchemy import select

from bot.bootstrap import Service
from bot.model import Block, BlockKind, Utterance
from bot.post import conversations, outbox
from bot.storage import tables
from kiosk.public import events as event_module
from tests.web.kiosk.conftest import Answering, Event, begin, events, take


def texts(found: list[Event]) -> list[str]:
    return [block["lines"][0] for _, _, data in found for block in data["blocks"]]


def one(text: str) -> Utterance:
    return Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, text),))


async def test_it_begins_with_what_was_said_before(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    ids = await answering.words("one", "two", "three")
    async with events(http) as stream:
        found = await take(stream, 3)
    assert [(name, number) for name, number, _ in found] == [("said", number) for number in ids]
    assert texts(found) == ["one", "two", "three"]


@pytest.mark.parametrize("known", [0, 1, 2])
async def test_it_goes_on_exactly_after_the_last_id(http: httpx2.AsyncClient, answering: Answering, known: int) -> None:
    await begin(http)
    ids = await answering.words("one", "two", "three")
    async with events(http, last_event_id=str(ids[known])) as stream:
        later = await answering.words("four")
        found = await take(stream, 3 - known)
    assert [number for _, number, _ in found] == [*ids[known + 1 :], *later]


async def test_the_later_of_address_and_header_counts(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    ids = await answering.words("one", "two", "three")
    for after, header in ((ids[0], str(ids[1])), (ids[1], str(ids[0])), (ids[1], "nonsense"), (ids[1], "-5")):
        async with events(http, after=str(after), last_event_id=header) as stream:
            assert texts(await take(stream, 1)) == ["three"]


async def test_what_is_said_now_comes_now(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    async with events(http) as stream:
        for number in range(3):
            await answering.words(f"word {number}")
            assert texts(await take(stream, 1, seconds=0.9)) == [f"word {number}"]


async def test_several_screens_of_one_visit_and_no_other_see_it(door: str, service: Service) -> None:
    async def put(address: str, text: str) -> None:
        async with service.engine.begin() as db:
            conversation = await conversations.find(db, service.seal, "kiosk", address)
            assert conversation
            await outbox.put(db, service.seal, conversation, "kiosk", [one(text)])

    origin = {"Origin": door}
    async with (
        httpx2.AsyncClient(base_url=door, headers=origin) as mine,
        httpx2.AsyncClient(base_url=door, headers=origin) as other,
    ):
        await begin(mine)
        await begin(other)
        async with events(mine) as first, events(mine) as second, events(other) as foreign:
            await put(mine.cookies["rehber"], "for me")
            await put(other.cookies["rehber"], "for you")
            assert texts(await take(first, 1)) == ["for me"]
            assert texts(await take(second, 1)) == ["for me"]
            assert texts(await take(foreign, 1)) == ["for you"]


async def test_nothing_falls_between_the_past_and_the_present(http: httpx2.AsyncClient, answering: Answering) -> None:
    """Opens streams while words are being written: each stream has every word, in order, once."""
    await begin(http)
    total = 60

    async def write() -> None:
        for number in range(total):
            await answering.words(str(number))

    async def read() -> list[Event]:
        async with events(http) as stream:
            return await take(stream, total, seconds=30)

    writing = asyncio.create_task(write())
    readers = []
    for _ in range(6):
        readers.append(asyncio.create_task(read()))
        await asyncio.sleep(0.05)
    await writing
    for found in await asyncio.gather(*readers):
        assert texts(found) == [str(number) for number in range(total)]
        assert all(earlier[1] < later[1] for earlier, later in pairwise(found))


async def test_cut_streams_together_lose_and_double_nothing(http: httpx2.AsyncClient, answering: Answering) -> None:
    await begin(http)
    found: list[Event] = []
    total, last = 30, 0

    async def write() -> None:
        for number in range(total):
            await answering.words(str(number))
            await asyncio.sleep(0.01)

    writing = asyncio.create_task(write())
    while len(found) < total:
        async with events(http, after=str(last)) as stream:
            for event in await take(stream, min(7, total - len(found))):
                found.append(event)
                last = event[1]
    await writing
    assert texts(found) == [str(number) for number in range(total)]


async def test_a_lost_database_line_costs_a_moment_and_no_word(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http)
    async with events(http) as stream:
        await answering.words("before")
        assert texts(await take(stream, 1)) == ["before"]
        with psycopg.connect(service.settings.database_url, autocommit=True) as admin:
            killed = admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
            assert killed.fetchall() == [(True,)]
        await answering.words("after")
        assert texts(await take(stream, 1, seconds=5)) == ["after"]


async def test_a_lost_ring_costs_a_moment_and_no_word(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http)
    conversation_id = await answering.conversation()
    async with events(http) as stream:
        await answering.words("heard")
        assert texts(await take(stream, 1)) == ["heard"]
        async with service.engine.begin() as db:
            # A row without its ring.
            await db.execute(
                tables.outbox.insert().values(
                    conversation_id=conversation_id,
                    channel="kiosk",
                    purpose="answer",
                    sealed_payload=service.seal.close(one("unheard").to_json()),
                )
            )
        assert texts(await take(stream, 1, seconds=5)) == ["unheard"]


async def test_it_says_when_the_conversation_is_gone(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http)
    async with events(http) as stream:
        async with service.engine.begin() as db:
            await conversations.erase(db, await answering.conversation())
        assert [name for name, _, _ in await take(stream, 1, seconds=5)] == ["gone"]


async def test_it_says_when_the_conversation_is_erased_and_begun_anew(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http)
    async with events(http) as stream:
        async with service.engine.begin() as db:
            await conversations.erase(db, await answering.conversation())
            await conversations.find_or_open(db, service.seal, "kiosk", http.cookies["rehber"])
        assert [name for name, _, _ in await take(stream, 1, seconds=5)] == ["gone"]
    assert (await http.get("/chat")).status_code == 200


async def test_it_says_when_the_language_changed(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http, "en")
    async with events(http) as stream:
        async with service.engine.begin() as db:
            await conversations.remember(db, await answering.conversation(), language="fa")
        await answering.words("سلام", language="fa")
        assert [name for name, _, _ in await take(stream, 2)] == ["said", "language"]
    assert '<html lang="fa" dir="rtl">' in (await http.get("/chat")).text


async def test_silence_is_told_from_a_cut_line(http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_module, "BEAT_SECONDS", 0.2)
    await begin(http)
    async with events(http) as stream:
        assert [name for name, _, _ in await take(stream, 2, seconds=3)] == ["beat", "beat"]


async def test_what_was_written_to_the_screen_is_marked(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http)
    async with events(http) as stream:
        await answering.words("one")
        await take(stream, 1)
        for _ in range(100):
            async with service.engine.connect() as db:
                states = (await db.execute(select(tables.outbox.c.state))).scalars().all()
            if states == ["sent"]:
                break
            await asyncio.sleep(0.02)
    assert states == ["sent"]


async def test_many_streams_share_one_line_to_the_database(
    http: httpx2.AsyncClient, answering: Answering, service: Service
) -> None:
    await begin(http)
    async with events(http) as a, events(http) as b, events(http) as c:
        await answering.words("one")
        for stream in (a, b, c):
            assert texts(await take(stream, 1)) == ["one"]
        with psycopg.connect(service.settings.database_url) as admin:
            lines = admin.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            ).fetchone()
    assert lines == (1,)
