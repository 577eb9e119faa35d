"""`make bench`: Rehber and a plain Rasa server side by side, in one run, on one machine.

Both run at the same time and are measured in turns, so that a noisy moment meets both. Rehber's latency begins before
its inbox row is written, so it includes two commits that the plain server does not make; its memory is that of the
whole service with its database, the doors and the case sandbox. The last line of output is one JSON object.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import psutil
from rich.console import Console

from benchmarks import plain_rasa, rehber
from benchmarks.load import Ask, Figures, measure
from bot.errors import RehberError
from bot.launch.answers import on_free_ports
from bot.launch.run import started
from bot.launch.steps import Steps
from bot.settings import ROOT, Settings, load_settings

ROUNDS: Final = 3
LOADS: Final = {1: 100, 10: 300}
"""Messages a round, by conversations at a time."""


def main() -> int:
    console = Console(stderr=True, highlight=False)
    steps = Steps(console)
    try:
        settings = load_settings()
        with tempfile.TemporaryDirectory(prefix="rehber-bench-") as folder:
            alone = on_free_ports(settings).model_copy(update={"data_dir": Path(folder)})
            project = plain_rasa.prepared_project(ROOT / "data" / "bench" / "plain-rasa", steps)
            began = time.monotonic()
            with started(alone, console) as service:
                start_seconds = time.monotonic() - began
                port = on_free_ports(settings).rasa_port
                with plain_rasa.served(project, port, steps) as plain:
                    figures = asyncio.run(_measure(service.settings, plain, console))
                    memory = {
                        "rehber": _memory(_service_pids(service.runner.pid, folder)),
                        "plain": _memory([plain.pid]),
                    }
                    result = _result(figures, start_seconds, plain.start_seconds, memory)
    except RehberError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result))
    return 0


async def _measure(settings: Settings, plain: plain_rasa.Plain, console: Console) -> dict[tuple[str, int], Figures]:
    rounds: dict[tuple[str, int], list[Figures]] = {}
    async with rehber.asking(settings) as ask_rehber, plain_rasa.asking(plain) as ask_plain:
        sides: dict[str, tuple[Ask, tuple[str, ...]]] = {
            "plain": (ask_plain, plain_rasa.QUESTIONS),
            "rehber": (ask_rehber, rehber.QUESTIONS),
        }
        for number in range(ROUNDS):
            for conversations, messages in LOADS.items():
                for name, (ask, questions) in sides.items():
                    taken = await measure(ask, questions, conversations=conversations, messages=messages)
                    rounds.setdefault((name, conversations), []).append(taken)
                    console.print(f"round {number + 1}: {name:7} {conversations:2} at a time  {taken.rounded()}")
    return {
        which: Figures(
            statistics.median(f.p50 for f in taken),
            statistics.median(f.p95 for f in taken),
            statistics.median(f.throughput for f in taken),
        )
        for which, taken in rounds.items()
    }


def _result(
    figures: dict[tuple[str, int], Figures], start: float, plain_start: float, memory: dict[str, float]
) -> dict[str, object]:
    def side(name: str, start_seconds: float) -> dict[str, object]:
        return {
            **figures[name, 10].rounded(),
            "alone": figures[name, 1].rounded(),
            "start": round(start_seconds, 1),
            "memory": round(memory[name]),
        }

    mine, other = figures["rehber", 10], figures["plain", 10]
    return {
        "rehber": side("rehber", start),
        "plain_rasa": side("plain", plain_start),
        "ratio": {
            "throughput": round(mine.throughput / other.throughput, 2),
            "p50": round(mine.p50 / other.p50, 2),
            "p50_alone": round(figures["rehber", 1].p50 / figures["plain", 1].p50, 2),
            "start": round(start / plain_start, 2),
            "memory": round(memory["rehber"] / memory["plain"], 2),
        },
        "units": {"p50": "ms", "p95": "ms", "throughput": "messages/s", "start": "s", "memory": "MB"},
    }


def _service_pids(runner: int, folder: str) -> list[int]:
    """The process runner with its children, and the embedded database."""
    family = [runner, *(child.pid for child in psutil.Process(runner).children(recursive=True))]
    postmaster = int((Path(folder) / "postgresql" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    return [*family, postmaster, *(child.pid for child in psutil.Process(postmaster).children(recursive=True))]


def _memory(pids: list[int]) -> float:
    """Proportional set size in MB: what is shared between processes is counted once."""
    return float(sum(psutil.Process(pid).memory_full_info().pss for pid in pids)) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
