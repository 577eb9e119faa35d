"""Whatever Rasa's REST channel does, the hub hears keys, "away" or "failed", and hears it within the deadline."""

import asyncio
import gzip
import json
import socket
import time

import pytest

from bot.assistant import AssistantAway, AssistantFailed
from bot.assistant.rasa import LARGEST_ANSWER, RasaAssistant
from bot.keys import Key
from tests.assistant.rest_channel import Act, body, cut, keys, rest_channel, said, slow, trickling

DEADLINE = 0.6

NOT_ANSWERS = {
    "an empty list": said(lambda _: []),
    "prose": said(lambda q: [{"recipient_id": q.sender, "text": "You may work."}]),
    "prose beside keys": said(
        lambda q: [{"recipient_id": q.sender, "custom": {"keys": ["menu"]}}, {"recipient_id": q.sender, "text": "Hi"}]
    ),
    "somebody else's answer": said(lambda _: [{"recipient_id": "another", "custom": {"keys": ["menu"]}}]),
    "an answer for two": said(
        lambda q: [{"recipient_id": name, "custom": {"keys": ["menu"]}} for name in (q.sender, "another")]
    ),
    "an unknown key": keys("sing:a-song"),
    "a known and an unknown key": keys("menu", "sing"),
    "no keys": keys(),
    "keys that are a string": said(lambda q: [{"recipient_id": q.sender, "custom": {"keys": "menu"}}]),
    "keys that are numbers": said(lambda q: [{"recipient_id": q.sender, "custom": {"keys": [7]}}]),
    "no custom part": said(lambda q: [{"recipient_id": q.sender, "custom": None}]),
    "an object": said(lambda _: {"recipient_id": "x"}),
    "a number": said(lambda _: 7),
    "null": said(lambda _: None),
    "half an understanding": said(
        lambda q: [{"recipient_id": q.sender, "custom": {"keys": ["menu"], "understanding": {"intent": "x"}}}]
    ),
    "a confidence that is no number": keys("menu", greeting=float("nan")),
    "500": body(b"[]", status=500),
    "401": body(b"[]", status=401),
    "a redirect": body(b"", status=302, headers="Location: http://127.0.0.1:1/\r\n"),
    "an HTML page": body(b"<html><body>Bad Gateway</body></html>"),
    "broken JSON": body(b'[{"recipient_id": "'),
    "no UTF-8": body(b'[{"recipient_id": "\xff"}]'),
    "nothing": body(b""),
    "JSON nested without end": body(b"[" * 100_000),
    "10 MB": body(b" " * 10_000_000),
    "10 MB that look small": body(gzip.compress(b" " * 10_000_000), headers="Content-Encoding: gzip\r\n"),
    "broken compression": body(b"not gzip", headers="Content-Encoding: gzip\r\n"),
    "an answer too late": slow(5, keys("menu")),
    "a byte now and then": trickling(0.05),
}

CUTS = {
    "before the first byte": cut(b""),
    "in the head": cut(b"HTTP/1.1 200 OK\r\nContent-"),
    "in the body": cut(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{"recipient_id"'),
}


@pytest.mark.parametrize("name", NOT_ANSWERS)
async def test_no_usable_answer_is_a_failure_within_the_deadline(name: str) -> None:
    with_act: Act = NOT_ANSWERS[name]
    async with rest_channel(with_act) as rasa, RasaAssistant(rasa.url, DEADLINE) as assistant:
        began = time.monotonic()
        with pytest.raises(AssistantFailed):
            await assistant.ask("a", "May I work?")
        assert time.monotonic() - began < DEADLINE + 1


@pytest.mark.parametrize("where", CUTS)
async def test_a_cut_connection_is_away_because_the_question_may_be_asked_again(where: str) -> None:
    async with rest_channel(CUTS[where]) as rasa, RasaAssistant(rasa.url, DEADLINE) as assistant:
        with pytest.raises(AssistantAway):
            await assistant.ask("a", "May I work?")


async def test_nobody_at_the_address_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with RasaAssistant(f"http://127.0.0.1:{taken.getsockname()[1]}", DEADLINE) as assistant:
            with pytest.raises(AssistantAway):
                await assistant.ask("a", "May I work?")


async def test_keys_and_understanding_arrive() -> None:
    act = keys("topic:work-permit#bring", "say:thanks", work_permit=0.9, health_care=0.05)
    async with rest_channel(act) as rasa, RasaAssistant(rasa.url, 5) as assistant:
        reply = await assistant.ask("conversation-1", "May I work?")
    assert reply.keys == (Key("topic", "work-permit", "bring"), Key("say", "thanks"))
    assert reply.understanding is not None
    assert (reply.understanding.intent, reply.understanding.confidence) == ("work-permit", 0.9)
    assert reply.understanding.ranking == (("work-permit", 0.9), ("health-care", 0.05))
    assert [(q.sender, q.message) for q in rasa.asked] == [("conversation-1", "May I work?")]


async def test_an_answer_just_below_the_limit_is_read() -> None:
    answer = json.dumps([{"recipient_id": "a", "custom": {"keys": ["menu"]}}]).encode()
    async with rest_channel(body(answer.ljust(LARGEST_ANSWER))) as rasa, RasaAssistant(rasa.url, 5) as assistant:
        assert (await assistant.ask("a", "x")).keys == (Key("menu"),)


async def test_a_text_without_words_never_reaches_rasa() -> None:
    async with rest_channel(keys("menu")) as rasa, RasaAssistant(rasa.url, 5) as assistant:
        assert (await assistant.ask("a", " /\u200c/ ")).keys == (Key("say", "not-understood-again"),)
        assert rasa.asked == []


async def test_after_failures_the_next_question_is_answered() -> None:
    async with rest_channel(keys("menu")) as rasa, RasaAssistant(rasa.url, DEADLINE) as assistant:
        rasa.acts = [trickling(0.05), cut(b"HTTP/1.1"), body(b" " * 1_000_000), slow(3, keys("menu"))]
        for _ in range(4):
            with pytest.raises((AssistantAway, AssistantFailed)):
                await assistant.ask("a", "x")
            rasa.asking.clear()
        assert (await assistant.ask("a", "x")).keys == (Key("menu"),)


async def test_conversations_do_not_wait_for_each_other() -> None:
    async with rest_channel(slow(0.3, keys("menu"))) as rasa, RasaAssistant(rasa.url, 5) as assistant:
        began = time.monotonic()
        await asyncio.gather(*(assistant.ask(f"conversation-{n}", "x") for n in range(20)))
        assert time.monotonic() - began < 3
        assert len(rasa.asked) == 20
