"""Whatever bytes the case system sends, nothing is shown but a valid message about this person, from this moment.

So nothing becomes "no appointment" or "no file" except the one message that says so, and nobody reads of somebody else.
"""

import asyncio
import gettext
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.caseapi import models
from bot.caseapi.answer import build
from bot.caseapi.client import CaseClient, CaseFile, Check
from bot.caseapi.errors import CannotCheck
from bot.caseapi.models import Appointments, Permits, ProtectionReport, TravelPermits
from bot.caseapi.wording import Words, line, say
from bot.content.case_words import load_case_words
from bot.i18n.catalogues import Catalogues
from bot.i18n.registry import load_registry
from bot.settings import ROOT
from tests.caseapi.conftest import ENGLISH, answer_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHALLENGE, SESSION, SUBJECT = "challenge-of-the-test", "session-of-the-test-0", "subject-of-the-test-0"
SOMEBODY = "subject-of-somebody-else"
ENGLISH_WORDS = Words(
    Catalogues({"en": gettext.NullTranslations()}),
    load_case_words(ROOT / "content", load_registry(ROOT / "content")),
)


@dataclass(frozen=True)
class Report:
    """One report: where it is asked for, what says "there is one" and what says "there is none"."""

    name: str
    check: Check
    model: type[models.Report]
    field: str
    entry: dict[str, Any]
    others: dict[str, Any]
    none: object

    def message(self, content: object, subject: str = SUBJECT) -> dict[str, Any]:
        return {"subject": subject, "as_of": NOW.isoformat(), self.field: content}

    @property
    def filled(self) -> dict[str, Any]:
        return self.message([self.entry] if self.none == [] else self.entry)

    @property
    def empty(self) -> dict[str, Any]:
        return self.message(self.none)

    @property
    def of_somebody(self) -> dict[str, Any]:
        entry = self.entry | self.others
        return self.message([entry] if self.none == [] else entry, SOMEBODY)


REPORTS: Final = (
    Report(
        "appointments",
        Check.APPOINTMENT,
        Appointments,
        "appointments",
        {
            "id": "appointment-of-the-test",
            "type": "INTERVIEW",
            "unit": "Masa 4",
            "address": "Örnek Cad. 1",
            "start": "2026-11-30T10:30:00+03:00",
            "end": "2026-11-30T11:00:00+03:00",
            "status": "BOOKED",
            "items_to_bring": ["PASSPORT"],
        },
        {"id": "appointment-of-somebody", "unit": "Zümrüt", "address": "Başka Sok. 77"},
        [],
    ),
    Report(
        "permits",
        Check.STATUS,
        Permits,
        "permits",
        {
            "kind": "STUDENT",
            "status": "APPROVED_PRINTING",
            "valid_from": "2026-12-01",
            "valid_to": "2027-12-01",
            "next_step_code": "WAIT_FOR_SMS",
        },
        {"valid_from": "2031-05-05", "valid_to": "2032-06-06"},
        [],
    ),
    Report(
        "protection",
        Check.STATUS,
        ProtectionReport,
        "protection",
        {
            "track": "IP",
            "status": "UNDER_ASSESSMENT",
            "province": "Sivas",
            "next_step_code": "UPDATE_ADDRESS",
            "see_officer": False,
        },
        {"province": "Zonguldak"},
        None,
    ),
    Report(
        "travel-permits",
        Check.STATUS,
        TravelPermits,
        "travel_permits",
        {"valid_from": "2026-12-01", "valid_to": "2026-12-10", "province": "Ankara", "status": "GRANTED"},
        {"province": "Zonguldak", "valid_from": "2031-05-05", "valid_to": "2031-06-06"},
        [],
    ),
)
# What stands in nobody's file but somebody else's, as it would be read.
STRANGE: Final = ("somebody", "Zümrüt", "Başka", "Zonguldak", "2031", "2032")
every_report = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def _asked(report: Report, body: bytes, status: int = 200) -> CaseFile | None:
    """What the client makes of this answer to one report, the others being empty; None for "cannot check"."""
    empty = {f"/v1/case/{other.name}": json.dumps(other.empty).encode() for other in REPORTS}

    def serve(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == f"/v1/case/{report.name}":
            return answer_of(body, status)
        if request.method == "GET":
            return answer_of(empty[request.url.path])
        session = {"challenge_id": CHALLENGE, "session": SESSION, "subject": SUBJECT, "expires_in": 300}
        return answer_of(json.dumps(session).encode())

    async def ask() -> CaseFile | None:
        transport = httpx2.MockTransport(serve)
        async with CaseClient("https://case.example", "", now=lambda: NOW, transport=transport) as client:
            try:
                return (await client.look_up(CHALLENGE, "000000", report.check)).file
            except CannotCheck:
                return None

    return asyncio.run(ask())


def _text(file: CaseFile) -> str:
    """All that is shown of it, in English."""
    return "\n".join(say(sentence, ENGLISH_WORDS, ENGLISH) for sentence in build(file, NOW).lines)


def _denies(file: CaseFile) -> bool:
    denials = [line("no-appointment"), line("no-file")]
    return any(sentence in denials for sentence in build(file, NOW).lines)


def _is_valid(report: Report, body: bytes) -> bool:
    """Judged without the client: a message of this report, about this person, from this moment."""
    try:
        found = report.model.model_validate_json(body)
    except ValueError:
        return False
    said = json.loads(body)
    return bool(said["subject"] == SUBJECT and abs(NOW - found.as_of) <= timedelta(seconds=60))


def _assert_honest(report: Report, body: bytes) -> None:
    file = _asked(report, body)
    if file is None:
        return
    assert _is_valid(report, body)
    assert SUBJECT not in (text := _text(file))
    assert not [word for word in STRANGE if word in text]
    if _denies(file):
        # The damage happened to be the very statement, about this very person and moment.
        said = json.loads(body)
        assert said == {**report.empty, "as_of": said["as_of"]}


_Draw = Callable[[st.SearchStrategy[Any]], Any]


def _at_a_place(draw: _Draw, message: Any) -> Any:
    """The message with one value, at a drawn depth, replaced or removed."""
    if isinstance(message, dict) and message and draw(st.sampled_from([True, True, True, False])):
        name = draw(st.sampled_from(sorted(message)))
        change = draw(st.sampled_from(["replace", "remove", "deeper"]))
        if change == "remove":
            return {key: value for key, value in message.items() if key != name}
        inner = draw(_json) if change == "replace" else _at_a_place(draw, message[name])
        return {**message, name: inner}
    if isinstance(message, list) and message:
        return [_at_a_place(draw, message[0]), *message[1:]]
    return draw(_json)


@st.composite
def _damaged(draw: _Draw, message: dict[str, Any]) -> bytes:
    return json.dumps(_at_a_place(draw, message)).encode()


@st.composite
def _torn(draw: _Draw, message: dict[str, Any]) -> bytes:
    """The bytes with a piece cut out, and another one, perhaps of the same message, put in its place."""
    body = json.dumps(message, ensure_ascii=False).encode()
    begin = draw(st.integers(0, len(body)))
    end = draw(st.integers(begin, len(body)))
    source = draw(st.integers(0, len(body)))
    piece = draw(st.binary(max_size=6) | st.just(body[source : source + (end - begin)]) | st.just(b""))
    return bytes(body[:begin] + piece + body[end:])


@every_report
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_never_hides_what_is_there(report: Report, data: st.DataObject) -> None:
    _assert_honest(report, data.draw(_damaged(report.filled) | _torn(report.filled)))


@every_report
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_nobody_reads_of_somebody_else(report: Report, data: st.DataObject) -> None:
    """Somebody else's report, whole or damaged: to replace its subject by this one's takes more than an accident."""
    somebody = report.of_somebody
    body = data.draw(st.just(json.dumps(somebody).encode()) | _damaged(somebody) | _torn(somebody))
    assert _asked(report, body) is None


@every_report
def test_the_check_for_somebody_else_s_words_would_find_them(report: Report) -> None:
    mixed_up = {**report.of_somebody, "subject": SUBJECT}
    file = _asked(report, json.dumps(mixed_up).encode())
    assert file is not None
    assert any(word in _text(file) for word in STRANGE)


@every_report
@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | _json.map(lambda value: json.dumps(value).encode()))
def test_noise_is_not_an_answer(report: Report, body: bytes) -> None:
    assert _asked(report, body) is None


@every_report
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_another_report_is_not_an_answer(report: Report, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([one for one in REPORTS if one is not report]))
    assert _asked(report, json.dumps(data.draw(st.sampled_from([other.filled, other.empty]))).encode()) is None


@every_report
@settings(max_examples=40, deadline=None)
@given(st.integers(201, 599), st.booleans())
def test_the_right_words_under_another_status_are_not_an_answer(report: Report, status: int, filled: bool) -> None:
    message = report.filled if filled else report.empty
    assert _asked(report, json.dumps(message).encode(), status) is None


@every_report
@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="abcdefghij0123456789_-", min_size=16, max_size=40), st.booleans())
def test_another_subject_is_not_an_answer(report: Report, subject: str, filled: bool) -> None:
    message = report.filled if filled else report.empty
    assert _asked(report, json.dumps({**message, "subject": subject}).encode()) is None


@every_report
@settings(max_examples=40, deadline=None)
@given(st.integers(-10_000_000, 10_000_000), st.booleans())
@example(60, False)
@example(61, False)
@example(-61, True)
def test_only_what_was_looked_up_just_now_is_an_answer(report: Report, seconds: int, filled: bool) -> None:
    as_of = (NOW - timedelta(seconds=seconds)).isoformat()
    message = (report.filled if filled else report.empty) | {"as_of": as_of}
    assert (_asked(report, json.dumps(message).encode()) is not None) is (abs(seconds) <= 60)


@every_report
def test_the_statement_itself_is_believed(report: Report) -> None:
    empty, filled = (_asked(report, json.dumps(message).encode()) for message in (report.empty, report.filled))
    assert empty is not None
    assert filled is not None
    assert _denies(empty)
    assert not _denies(filled)
