"""The sandbox: nobody in it is real, everything is in it, and it says what it is."""

import asyncio
import hmac
import os
import socket
import sys
from datetime import UTC, datetime

import httpx2
import pytest

from bot.caseapi.client import CaseClient, Check
from bot.caseapi.codes import ADVERSE, CODES, Vocabulary
from bot.caseapi.errors import Refused, TooManyTries
from bot.caseapi.identity import looks_like_foreigner_number
from bot.caseapi.models import DocumentType, Factor, FactorType, VerifyRequest
from bot.caseapi.sandbox.office import Office
from bot.caseapi.sandbox.people import people
from tests.caseapi.conftest import HEADERS, NOBODY, TOKEN, access, find, identity_of

EVERYBODY = people(datetime.now(UTC))


def test_no_number_can_be_somebody_s() -> None:
    foreigner = [person.number for person in EVERYBODY if len(person.number) == 11]
    assert len(foreigner) > 10
    assert not any(looks_like_foreigner_number(number) for number in foreigner)
    assert len({person.number for person in EVERYBODY}) == len({person.phone for person in EVERYBODY}) == len(EVERYBODY)


def test_every_status_and_document_is_there() -> None:
    assert {person.document for person in EVERYBODY} == set(DocumentType)
    assert {person.factor for person in EVERYBODY} == set(FactorType)
    permits = {permit.status for person in EVERYBODY for permit in person.permits}
    travel = {permit.status for person in EVERYBODY for permit in person.travel_permits}
    files = {(p.protection.track, p.protection.status) for p in EVERYBODY if p.protection}
    assert permits - ADVERSE == CODES[Vocabulary.PERMIT_STATUS]
    assert travel - ADVERSE == CODES[Vocabulary.TRAVEL_STATUS]
    assert {a.status for person in EVERYBODY for a in person.appointments} == CODES[Vocabulary.APPOINTMENT_STATUS]
    assert {code for track, code in files if track == "IP"} - ADVERSE == CODES[Vocabulary.INTERNATIONAL_PROTECTION]
    assert {code for track, code in files if track == "TP"} - ADVERSE == CODES[Vocabulary.TEMPORARY_PROTECTION]
    assert permits & ADVERSE
    assert travel & ADVERSE
    assert {track for track, code in files if code in ADVERSE} == {"IP", "TP"}


async def test_known_and_unknown_people_get_the_same_answer(sandbox_url: str) -> None:
    known, same_phone = identity_of(find("TP ACTIVE")), find("TP ACTIVE").phone
    unknown = NOBODY.model_copy(update={"phone": same_phone})
    shapes = []
    async with httpx2.AsyncClient(base_url=sandbox_url) as http:
        for asked, key in ((known, "0" * 32), (unknown, "1" * 32)):
            headers = {**access(sandbox_url), "Idempotency-Key": key, "Content-Type": "application/json"}
            response = await http.post("/v1/verify", content=asked.model_dump_json(), headers=headers)
            body = response.json() | {"challenge_id": len(response.json()["challenge_id"])}
            names = sorted(name for name in response.headers if name != "date")
            shapes.append((response.status_code, names, len(response.content), body))
    assert shapes[0] == shapes[1]


async def test_unknown_people_run_out_of_tries_like_known_ones(sandbox_url: str) -> None:
    async with (
        CaseClient(sandbox_url, TOKEN) as client,
        httpx2.AsyncClient(base_url=sandbox_url, headers=HEADERS) as http,
    ):
        for asked in (NOBODY, identity_of(find("TP ACTIVE"))):
            challenge = await client.start(asked)
            sent = (await http.get("/sandbox/sms")).json()
            wrong = "111111" if "000000" in [message["code"] for message in sent] else "000000"
            endings = []
            for _ in range(6):
                with pytest.raises((Refused, TooManyTries)) as ending:
                    await client.look_up(challenge.challenge_id, wrong, Check.STATUS)
                endings.append(ending.type)
            assert endings == [Refused] * 5 + [TooManyTries]


@pytest.mark.parametrize(
    "change",
    [
        {"id_number": "99000099900"},
        {"phone": "+905000099999"},
        {"doc_type": DocumentType.TP_PRE_REGISTRATION},
        {"factor": Factor(type=FactorType.DOCUMENT_NO, value="A99Z99999")},
        {"factor": Factor(type=FactorType.FATHER_NAME, value="ALI")},
    ],
)
async def test_no_sms_unless_everything_belongs_to_one_file(change: dict[str, object], sandbox_url: str) -> None:
    wrong = identity_of(find("TP ACTIVE")).model_copy(update=change)
    async with (
        CaseClient(sandbox_url, TOKEN) as client,
        httpx2.AsyncClient(base_url=sandbox_url, headers=HEADERS) as http,
    ):
        before = (await http.get("/sandbox/sms")).json()
        await client.start(wrong)
        assert (await http.get("/sandbox/sms")).json() == before


async def test_the_same_question_sends_one_sms(sandbox_url: str) -> None:
    asked = identity_of(find("TP ACTIVE")).model_dump_json()
    headers = {**access(sandbox_url), "Idempotency-Key": "2" * 32, "Content-Type": "application/json"}
    async with httpx2.AsyncClient(base_url=sandbox_url, headers=headers) as http:
        before = [message["code"] for message in (await http.get("/sandbox/sms", headers=HEADERS)).json()]
        first = await http.post("/v1/verify", content=asked)
        second = await http.post("/v1/verify", content=asked)
        after = [message["code"] for message in (await http.get("/sandbox/sms", headers=HEADERS)).json()]
    assert first.json() == second.json()
    assert len(after) == min(len(before) + 1, 20)
    assert after[-2:-1] == before[-1:]


async def test_a_code_works_once(sandbox_url: str) -> None:
    async with CaseClient(sandbox_url, TOKEN) as client, httpx2.AsyncClient(base_url=sandbox_url) as http:
        challenge = await client.start(identity_of(find("TP ACTIVE")))
        code = (await http.get("/sandbox/sms", headers=HEADERS)).json()[-1]["code"]
        await client.look_up(challenge.challenge_id, code, Check.STATUS)
        with pytest.raises(Refused):
            await client.look_up(challenge.challenge_id, code, Check.STATUS)


async def test_the_phone_page_shows_codes_and_says_what_it_is(sandbox_url: str) -> None:
    async with CaseClient(sandbox_url, TOKEN) as client, httpx2.AsyncClient(base_url=sandbox_url) as http:
        await client.start(identity_of(find("TP ACTIVE")))
        page = await http.get("/phone")
        code = (await http.get("/sandbox/sms", headers=HEADERS)).json()[-1]["code"]
    assert page.headers["content-type"].startswith("text/html")
    assert code in page.text
    assert "made-up people only" in page.text
    assert page.headers["x-sandbox"] == "Rehber sandbox, made-up people only"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/sandbox/sms"), ("PUT", "/sandbox/fault"), ("DELETE", "/sandbox/fault"), ("POST", "/sandbox/change")],
)
async def test_control_needs_the_token(method: str, path: str, sandbox_url: str) -> None:
    async with httpx2.AsyncClient(base_url=sandbox_url) as http:
        assert (await http.request(method, path)).status_code == 401


async def test_a_wrong_request_is_not_repeated_in_the_answer(sandbox_url: str) -> None:
    headers = {**access(sandbox_url), "Idempotency-Key": "3" * 32, "Content-Type": "application/json"}
    async with httpx2.AsyncClient(base_url=sandbox_url) as http:
        response = await http.post("/v1/verify", json={"id_number": "99000000000"}, headers=headers)
    assert response.status_code == 400
    assert "99000000000" not in response.text


async def test_it_runs_as_a_process_on_loopback() -> None:
    with httpx2.Client() as http:
        port = _free_port()
        arguments = ("-m", "bot.caseapi.sandbox", "--port", str(port), "--control-token", TOKEN)
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=dict(os.environ))
        try:
            for _ in range(100):
                await asyncio.sleep(0.1)
                try:
                    answer = http.get(f"http://127.0.0.1:{port}/v1/health")
                    break
                except httpx2.ConnectError:
                    continue
            assert answer.json() == {"status": "ok", "sandbox": True}
        finally:
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) in {0, -15}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("asked", [identity_of(EVERYBODY[0]), identity_of(EVERYBODY[-1]), NOBODY])
def test_everybody_is_compared_with_everybody(asked: VerifyRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that ended at the first match would be quicker for people who are known."""
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def counting(said: bytes, right: bytes) -> bool:
        compared.append(right)
        return compare(said, right)

    monkeypatch.setattr("bot.caseapi.sandbox.office.hmac.compare_digest", counting)
    office = Office(lambda: datetime.now(UTC))
    office.start(asked, "key")
    assert len(set(compared)) == len(compared) == len(EVERYBODY)
    assert len(office.sms) == (asked is not NOBODY)


async def test_a_fault_never_locks_out_who_controls_the_sandbox(sandbox_url: str) -> None:
    async with httpx2.AsyncClient(base_url=sandbox_url, headers=HEADERS) as http:
        await http.put("/sandbox/fault", json={"kind": "500", "path": "/"})
        assert (await http.get("/v1/health")).status_code == 500
        assert (await http.post("/oauth/token")).status_code == 500
        assert (await http.get("/phone")).status_code == 200
        assert (await http.delete("/sandbox/fault")).status_code == 204
        assert (await http.get("/v1/health")).status_code == 200


async def test_a_certificate_of_the_callers_needs_https() -> None:
    arguments = ("-m", "bot.caseapi.sandbox", "--client-ca", "ca.pem")
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"--client-ca needs --https" in said
