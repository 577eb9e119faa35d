"""What the clock tells a stranger: nothing. Thousands of tries on a real database and a real case system on a socket.

A stranger can measure better than any person: the same try, often, at the same time as others, on the same machine.
Tries of all three kinds run at once in random order, so whatever else the machine does hits all of them alike.
"""

import asyncio
import bisect
import math
import random
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from itertools import combinations

import httpx2
import pytest

from bot.caseapi.attempts import CHAT, NUMBER, Counted, Limit, Origin, Try
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.form import WITH_FOREIGNER_NUMBER
from bot.caseapi.identity import masked_phone
from bot.caseapi.pace import Pace, Question
from bot.caseapi.sandbox.people import Person, people
from bot.caseapi.verification import Reply, Verification
from bot.storage.attempts import StoredAttempts
from bot.storage.database import make_engine
from bot.storage.sealing import Seal
from tests.caseapi.conftest import TOKEN

TICK = 0.1
AT_ONCE = 18
TRIES = 1000
"""Of each kind. Two answers of each are measured: to the phone, and to the code."""
MANY_LOCKED = 50
"""Who tries the same number at once waits for themselves, locked or not: that would be a difference of the test."""
SURE = 0.001
SEAL = Seal(b"a secret of this test, long enough")
OWNERS = [person for person in people(datetime.now(UTC)) if person.document in WITH_FOREIGNER_NUMBER]


class Kind(Enum):
    """Why a try ends with nothing."""

    UNKNOWN = "unknown person"
    WRONG = "wrong detail"
    LOCKED = "locked number or chat"


class NoPace(Pace):
    """Answers as soon as there is an answer."""

    def __init__(self) -> None:
        super().__init__(0)

    async def pretended(self, question: Question) -> None:
        return None


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """A case system in a process of its own: in ours it would stop the stranger's clock."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-m", "bot.caseapi.sandbox", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                httpx2.get(f"{url}/v1/health").raise_for_status()
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield url
        process.terminate()


@dataclass
class Stranger:
    """Somebody who tries and measures. `seen` holds every different answer, without the phone they typed themselves."""

    client: CaseClient
    log: StoredAttempts
    seconds: dict[Kind, list[float]] = field(default_factory=lambda: defaultdict(list))
    seen: set[str] = field(default_factory=set)
    owners: "asyncio.Queue[Person]" = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        for owner in OWNERS * 2:
            self.owners.put_nowait(owner)

    async def lock(self) -> None:
        """Use up the tries of some numbers and of some chats."""
        for n in range(MANY_LOCKED * NUMBER.failures):
            number = Counted(SEAL.fingerprint("case-subject", _locked_number(n)), NUMBER)
            assert await self.log.reserve(Try(number, _chat(f"telegram:one-of-many-{n}")))
            number = Counted(SEAL.fingerprint("case-subject", f"97{n:09}"), Limit(1))
            chat = Counted(_chat(_locked_chat(n).name).name, Limit(CHAT.failures))
            assert await self.log.reserve(Try(number, chat))

    async def measure(self, pace: Pace, each: int) -> None:
        verification = Verification(self.client, self.log, SEAL.fingerprint, pace=pace)
        kinds = [kind for kind in Kind for _ in range(each)]
        random.shuffle(kinds)
        tries = iter(enumerate(kinds))

        async def one_after_the_other() -> None:
            for number, kind in tries:
                await self._try(verification, kind, number)

        await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))

    async def _try(self, verification: Verification, kind: Kind, number: int) -> None:
        owner = await self.owners.get()
        unknown = f"98{number:09}"
        typed = {Kind.UNKNOWN: unknown, Kind.WRONG: owner.number, Kind.LOCKED: unknown}[kind]
        origin = Origin(f"telegram:{kind}-{number}", CHAT)
        if kind is Kind.LOCKED:
            typed, origin = (_locked_number(number), origin) if number % 2 else (unknown, _locked_chat(number))
        form = verification.begin(Check.STATUS, "en").form
        for text in (owner.document.value, typed, "A00Z00000"):
            assert form is not None
            form = (await verification.answer(form, text, origin)).form
        counted: list[int] = []
        for text in (owner.phone, "000000"):
            assert form is not None
            # Nobody types in step with the others.
            await asyncio.sleep(random.uniform(0, TICK / 2))
            began = time.perf_counter()
            reply = await verification.answer(form, text, origin)
            self.seconds[kind].append(time.perf_counter() - began)
            self.seen.add(_shown(reply, owner))
            form = reply.form
            counted += [form.attempt] if form is not None and form.attempt is not None else []
        # Taken back, so that the thousandth finds what the first one found.
        for attempt in counted:
            await self.log.withdraw(attempt)
        self.owners.put_nowait(owner)


def _locked_number(n: int) -> str:
    return f"96{n % MANY_LOCKED:09}"


def _locked_chat(n: int) -> Origin:
    return Origin(f"telegram:locked-{n % MANY_LOCKED}", CHAT)


def _chat(name: str) -> Counted:
    return Counted(SEAL.fingerprint("case-origin", name), CHAT)


def _shown(reply: Reply, owner: Person) -> str:
    shown = repr((reply.lines, reply.prompt, reply.outcome))
    return shown.replace(masked_phone(owner.phone), "(what was typed)")


@pytest.fixture
async def stranger(database_url: str, office: str) -> AsyncIterator[Stranger]:
    engine = make_engine(database_url, connections=AT_ONCE)
    async with CaseClient(office, TOKEN) as client:
        stranger = Stranger(client, StoredAttempts(engine))
        await stranger.lock()
        yield stranger
    await engine.dispose()


def likelihood(one: list[float], other: list[float]) -> float:
    """Two-sample Kolmogorov-Smirnov: how likely a difference as large is where there is none (asymptotic).

    Smirnov, "Table for estimating the goodness of fit of empirical distributions", Ann. Math. Statist. 19 (1948).
    """
    one, other = sorted(one), sorted(other)
    n, m = len(one), len(other)
    gap = max(abs(bisect.bisect_right(one, x) / n - bisect.bisect_right(other, x) / m) for x in (*one, *other))
    scaled = gap * math.sqrt(n * m / (n + m))
    if scaled < 0.3:
        return 1.0
    return min(1.0, 2 * math.fsum((-1.0) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101)))


def test_the_measure_finds_a_difference_and_only_a_difference() -> None:
    chance = random.Random(7)
    one, same = ([chance.gauss(100, 10) for _ in range(2000)] for _ in range(2))
    assert likelihood(one, same) > 0.01
    assert likelihood(one, [x + 3 for x in same]) < SURE


async def test_two_thousand_tries_of_each_kind_look_and_last_the_same(stranger: Stranger) -> None:
    await stranger.measure(Pace(TICK), TRIES)
    assert len(stranger.seen) == 2, "one answer to the phone, one to the code"
    for one, other in combinations(Kind, 2):
        times = stranger.seconds[one], stranger.seconds[other]
        assert [len(each) for each in times] == [2 * TRIES, 2 * TRIES]
        assert abs(statistics.median(times[0]) - statistics.median(times[1])) < 0.010, (one, other)
        assert likelihood(*times) > SURE, (one, other)


async def test_without_the_pace_a_stranger_sees_what_is_locked(stranger: Stranger) -> None:
    """The measure above can fail: it does as soon as answers come when they are ready."""
    await stranger.measure(NoPace(), 300)
    assert len(stranger.seen) == 2
    assert likelihood(stranger.seconds[Kind.LOCKED], stranger.seconds[Kind.UNKNOWN]) < SURE
