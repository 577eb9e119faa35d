"""Deadlines and lines before the model."""

import asyncio
import threading

import pytest

from bot.translation.model import NoWay, TooSlow
from bot.translation.translator import MOST_WAITING, Translator


class Slow:
    """An engine that works until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.worked: list[str] = []

    def leads(self, source: str, target: str) -> bool:
        return source != target

    def translate(self, text: str, source: str, target: str) -> str:
        self.go.wait(10)
        if not self.leads(source, target):
            raise NoWay("none")
        self.worked.append(text)
        return text.upper()


async def test_a_translation_comes_and_an_error_too() -> None:
    engine = Slow()
    engine.go.set()
    translator = Translator(engine, 5)
    assert await translator.translate("a", "en", "tr") == "A"
    with pytest.raises(NoWay):
        await translator.translate("a", "tr", "tr")
    translator.close()


async def test_nobody_waits_longer_than_the_deadline_and_others_do_not_wait_at_all() -> None:
    engine = Slow()
    translator = Translator(engine, 0.1)
    late = asyncio.create_task(translator.translate("slow", "en", "tr"))
    await asyncio.sleep(0)
    with pytest.raises(TooSlow):
        await late
    with pytest.raises(TooSlow):
        await translator.translate("waits behind it", "en", "tr")
    engine.go.set()
    for _ in range(100):
        if engine.worked:
            break
        await asyncio.sleep(0.01)
    assert await translator.translate("later", "en", "tr") == "LATER"
    assert engine.worked == ["slow", "later"], "what nobody waits for any more is not begun"
    translator.close()


async def test_a_long_line_is_refused_at_once() -> None:
    engine = Slow()
    translator = Translator(engine, 5)
    waiting = [asyncio.create_task(translator.translate(str(n), "en", "tr")) for n in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(TooSlow, match="wait already"):
        await translator.translate("one more", "en", "tr")
    engine.go.set()
    assert await asyncio.gather(*waiting) == [str(n) for n in range(MOST_WAITING)]
    assert await translator.translate("again", "en", "tr") == "AGAIN"
    translator.close()
