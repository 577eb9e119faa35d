"""What an attacker learns who goes through the numbers: `python -m benchmarks.enumeration --numbers 100000`.

Fifty chats and five kiosks at once, on a real database and the sandbox as a process of its own. Half of the numbers
come in sequence, half at random; every hundredth is one of a person whom the sandbox knows, with a wrong detail. Who is
locked goes on with a new chat account, or with a new visit at the same kiosk. The last line is one JSON object. The run
fails when a file or an SMS came out, when answers differed, or when no alarm was raised.
"""

import argparse
import asyncio
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
from rich.progress import Progress
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.caseapi.attempts import CHAT, KIOSK, Origin
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.form import WITH_FOREIGNER_NUMBER, Form, Step
from bot.caseapi.models import DocumentType
from bot.caseapi.pace import Pace
from bot.caseapi.sandbox.people import people
from bot.caseapi.verification import Reply, Verification
from bot.launch.database import EmbeddedDatabase
from bot.storage.attempts import StoredAttempts
from bot.storage.database import make_engine
from bot.storage.sealing import Seal
from bot.storage.tables import alarms, verification_attempts

CHATS: Final = 50
KIOSKS: Final = 5
TRIES_OF_AN_ACCOUNT: Final = 4
"""Numbers an attacker tries with one account or visit. The fourth is never asked about; that is how they know."""
CODE_GUESSES: Final = 0.1
"""Share of the numbers at which the attacker also guesses a code."""
TICK: Final = 0.02
"""Shorter than in earnest, where a beat alone would keep 55 attackers busy for a quarter of an hour."""
SANDBOX_SECRET: Final = "sandbox"  # noqa: S105  the one that it has by default
_PHONE: Final = "+905000012345"


@dataclass(slots=True)
class Findings:
    """What the attackers saw, and what it cost. `shapes` are the different answers, by the step that they answer."""

    tries: int = 0
    files: int = 0
    shapes: dict[Step, Counter[str]] = field(default_factory=lambda: {Step.PHONE: Counter(), Step.CODE: Counter()})
    alarms: dict[str, int] = field(default_factory=dict)

    def note(self, step: Step, reply: Reply) -> None:
        self.shapes[step][repr((reply.lines, reply.prompt, reply.outcome))] += 1
        self.files += reply.session is not None


@dataclass(slots=True)
class Numbers:
    """What is tried, in order. Nothing tells the three sources apart but who counts."""

    count: int
    chance: random.Random
    known: tuple[str, ...] = field(
        default_factory=lambda: tuple(
            person.number for person in people(datetime.now(UTC)) if person.document in WITH_FOREIGNER_NUMBER
        )
    )
    given: int = 0

    def next(self) -> str | None:
        """The next number; None when all are tried."""
        if self.given == self.count:
            return None
        self.given += 1
        if self.given % 100 == 0:
            return self.chance.choice(self.known)
        if self.given % 2:
            return f"99{self.given:09}"
        return f"99{self.chance.randrange(10**9):09}"


class Attack:
    """Attackers who share the numbers, on one check."""

    def __init__(self, verification: Verification, numbers: Numbers, engine: AsyncEngine, progress: Progress) -> None:
        self.findings = Findings()
        self._verification = verification
        self._numbers = numbers
        self._engine = engine
        self._progress = progress
        self._task = progress.add_task("numbers", total=numbers.count)

    async def run(self) -> None:
        chats = [self._attacker(f"chat-{n}", None) for n in range(CHATS)]
        kiosks = [self._attacker(f"visit-{n}", Origin(f"kiosk:{n}", KIOSK)) for n in range(KIOSKS)]
        watching = asyncio.create_task(self._watch())
        await asyncio.gather(*chats, *kiosks)
        watching.cancel()
        await self._look_for_alarms()

    async def _attacker(self, name: str, device: Origin | None) -> None:
        account = 0
        while number := self._numbers.next():
            origin = Origin(f"{name}-{account // TRIES_OF_AN_ACCOUNT}", CHAT, device)
            await self._try(number, origin)
            account += 1
            self.findings.tries += 1
            self._progress.advance(self._task)

    async def _try(self, number: str, origin: Origin) -> None:
        form: Form | None = self._verification.begin(Check.STATUS, "en").form
        for text in (DocumentType.RESIDENCE_PERMIT_CARD.value, number, "A00Z00000"):
            form = await self._type(form, text, origin)
        form = await self._type(form, _PHONE, origin)
        if self._numbers.chance.random() < CODE_GUESSES:
            await self._type(form, f"{self._numbers.chance.randrange(10**6):06}", origin)

    async def _type(self, form: Form | None, text: str, origin: Origin) -> Form | None:
        if form is None:
            return None
        reply = await self._verification.answer(form, text, origin)
        if form.step in self.findings.shapes:
            self.findings.note(form.step, reply)
        return reply.form

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(0.2)
            await self._look_for_alarms()

    async def _look_for_alarms(self) -> None:
        async with self._engine.connect() as db:
            for kind in await db.scalars(select(alarms.c.kind)):
                self.findings.alarms.setdefault(kind, self.findings.tries)


async def drill(database_url: str, office: str, count: int, progress: Progress, *, seed: int = 1) -> dict[str, Any]:
    """Run the attack and return what it came to."""
    engine = make_engine(database_url, connections=20)
    numbers = Numbers(count, random.Random(seed))  # noqa: S311  spreads the numbers, guards nothing
    async with CaseClient(office, SANDBOX_SECRET) as client:
        pace = Pace(TICK)
        check = Verification(client, StoredAttempts(engine), Seal(b"enumeration drill").fingerprint, pace=pace)
        attack = Attack(check, numbers, engine, progress)
        began = time.perf_counter()
        await attack.run()
        seconds = time.perf_counter() - began
    async with engine.connect() as db:
        asked = await db.scalar(select(func.count()).where(verification_attempts.c.admitted))
    await engine.dispose()
    found = attack.findings
    return {
        "tries": found.tries,
        "seconds": round(seconds, 1),
        "counted_tries": asked,
        "sms": await _sms(office),
        "files": found.files,
        "answers": {step.value: len(shapes) for step, shapes in found.shapes.items()},
        "alarms_after_tries": dict(sorted(found.alarms.items())),
    }


def harmless(outcome: dict[str, Any]) -> bool:
    """Whether the attackers learned nothing and were noticed."""
    one_shape_a_step = set(outcome["answers"].values()) == {1}
    nothing_out = outcome["files"] == 0 and outcome["sms"] == 0
    return one_shape_a_step and nothing_out and {"range", "failures"} <= set(outcome["alarms_after_tries"])


async def _sms(office: str) -> int:
    headers = {"Authorization": f"Bearer {SANDBOX_SECRET}"}
    async with httpx2.AsyncClient(headers=headers) as client:
        return len((await client.get(f"{office}/sandbox/sms")).raise_for_status().json())


@asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    """The address of a sandbox process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.caseapi.sandbox", "--port", str(port), stderr=subprocess.DEVNULL
    )
    try:
        async with httpx2.AsyncClient() as client, asyncio.timeout(30):
            while True:
                try:
                    (await client.get(f"{url}/v1/health")).raise_for_status()
                    break
                except httpx2.TransportError:
                    await asyncio.sleep(0.1)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def main(count: int) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="rehber-drill-") as folder,
        EmbeddedDatabase(Path(folder) / "data") as server,
    ):
        async with sandbox() as office:
            with Progress() as progress:
                url = await asyncio.to_thread(server.migrated, "drill")
                outcome = await drill(url, office, count, progress)
    print(json.dumps(outcome))
    return 0 if harmless(outcome) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.enumeration", description=__doc__)
    parser.add_argument("--numbers", type=int, default=100_000)
    sys.exit(asyncio.run(main(parser.parse_args().numbers)))
