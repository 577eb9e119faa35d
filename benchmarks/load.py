"""Closed-loop load: a number of conversations, each of which asks its next question when the last one is answered."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

Ask = Callable[[str, str], Awaitable[None]]
"""Ask one question in the conversation of this name and return when it is answered. Raises when it is not."""

WARM_UP: Final = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Latencies in milliseconds and answered messages a second."""

    p50: float
    p95: float
    throughput: float

    def rounded(self) -> dict[str, float]:
        return {"p50": round(self.p50, 1), "p95": round(self.p95, 1), "throughput": round(self.throughput, 1)}


async def measure(ask: Ask, questions: Sequence[str], *, conversations: int, messages: int) -> Figures:
    """Ask `messages` questions over `conversations` at a time, all of them new, after a few to warm up."""
    name = uuid4().hex[:8]
    for number in range(WARM_UP):
        await ask(f"{name}-warm-{number % conversations}", questions[number % len(questions)])
    latencies: list[float] = []

    async def converse(number: int) -> None:
        for turn in range(messages // conversations):
            began = time.perf_counter()
            await ask(f"{name}-{number}", questions[(number + turn) % len(questions)])
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(converse(number) for number in range(conversations)))
    took = time.perf_counter() - began
    ordered = sorted(latencies)
    return Figures(
        p50=statistics.median(ordered) * 1000,
        p95=ordered[int(len(ordered) * 0.95)] * 1000,
        throughput=len(ordered) / took,
    )
